"""Processes that are pinned to a core and never left behind."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 5


class StartFailure(Exception):
    """A process that ended, or did not listen in time; carries the end of its output."""


class PinnedProcess:
    """A server on one core, in a process group of its own; a context manager that ends it."""

    def __init__(self, name: str, command, core: int, directory: Path):
        self.name = name
        self.log = directory / f"{name}.log"
        with self.log.open("wb") as output:
            self._popen = subprocess.Popen(
                pinned(core, command),
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def await_port(self, port: int) -> None:
        """Returns once the port accepts connections; raises StartFailure otherwise."""
        deadline = time.monotonic() + START_SECONDS
        while not _accepts(port):
            if self._popen.poll() is not None:
                raise StartFailure(f"{self.name}: ended with status {self._popen.returncode}\n{self._log_end()}")
            if time.monotonic() > deadline:
                raise StartFailure(f"{self.name}: port {port} closed after {START_SECONDS} s\n{self._log_end()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Asks the process to end, then ends whatever is left of its group (nginx's worker, say)."""
        self._popen.terminate()
        try:
            self._popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"{self.name}: still there {STOP_SECONDS} s after SIGTERM, killed", flush=True)
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # the usual case: the whole group has gone by itself
        self._popen.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _log_end(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def pinned(core: int, command) -> list[str]:
    return ["taskset", "--cpu-list", str(core), *map(str, command)]


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; all are held until the last is known, so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [held.getsockname()[1] for held in sockets]
    finally:
        for held in sockets:
            held.close()


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
