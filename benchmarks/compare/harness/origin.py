"""The server behind the proxies: nginx on the core of the load generator."""

from pathlib import Path

from harness import configuration
from harness.process import PinnedProcess, free_ports
from harness.scenario import KIB, MIB


class Origin:
    """Serves /1k from memory and /1m by sendfile; a context manager."""

    def __init__(self, directory: Path, core: int):
        directory.mkdir()
        (self._port,) = free_ports(1)
        (directory / "1m").write_bytes(b"m" * MIB)
        config = configuration.write(
            "nginx-origin.conf",
            directory / "nginx.conf",
            user_line=configuration.nginx_user_line(),
            directory=directory,
            port=self._port,
            one_kib="k" * KIB,
        )
        self._process = PinnedProcess("origin", ["nginx", "-p", directory, "-c", config], core, directory)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def __enter__(self):
        try:
            self._process.await_port(self._port)
        except BaseException:
            self._process.stop()
            raise
        return self

    def __exit__(self, *_):
        self._process.stop()
