"""The proxies: how each is built, configured and started, and what it says of its version."""

import os
import re
import shlex
import shutil
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from harness import configuration, jvm
from harness.build import build, maven
from harness.certificate import Certificate
from harness.options import COMPARE
from harness.suite import Root

# One core: the serial collector has no threads to wake, and the heap is the same for all who have one.
DEFAULT_JAVA_OPTIONS = "-Xms256m -Xmx256m -XX:+UseSerialGC"
# Read by the JDK and by Netty alike: every handshake of the connect-tls scenario is a full one.
NO_TICKETS = "-Djdk.tls.server.enableSessionTicketExtension=false"


class NotBuilt(Exception):
    """A proxy that is not there to be measured, which is no failure."""


@dataclass(frozen=True)
class Place:
    """Where one proxy runs: its directory, its two ports, the origin (HOST:PORT), the certificate, whether by HTTP/3."""

    directory: Path
    port: int
    tls_port: int
    origin: str
    certificate: Certificate
    http3: bool = False


class Proxy(ABC):
    """What can be measured: `programs` come from packages, a proxy in a JVM is warmed for longer."""

    name: str
    programs: tuple[str, ...] = ()
    is_jvm = False
    speaks_tls = True
    speaks_http3 = False

    def build(self) -> None:
        """Makes the proxy ready to start; most come from a package, ready. Raises BuildFailure or NotBuilt."""

    @abstractmethod
    def version(self) -> str:
        """Name, version and whatever else makes up the proxy, in one line."""

    @abstractmethod
    def command(self, place: Place) -> list[str]:
        """Writes the configuration, if there is one, and returns what starts the proxy in the foreground."""


class Packaged(Proxy):
    """One that comes from a package; for HTTP/3 from one of another release, for Debian 12 has none that speaks it."""

    speaks_http3 = True

    def __init__(self, root: Root | None):
        self._root = root
        self.programs = (self.name,)

    def _start(self, place: Place) -> list[str]:
        return self._root.command(self.name) if place.http3 and self._root is not None else [self.name]

    def _versions(self, say) -> str:
        own = say(_output(self.name, "-v"))
        return own if self._root is None else f"{own}; by HTTP/3: {say(_output(*self._root.command(self.name), '-v'))}"


class Nginx(Packaged):
    name = "nginx"

    def version(self) -> str:
        return self._versions(lambda said: said.removeprefix("nginx version: "))

    def command(self, place: Place) -> list[str]:
        config = configuration.write(
            "nginx-proxy.conf",
            place.directory / "nginx.conf",
            user_line=configuration.nginx_user_line(),
            directory=place.directory,
            port=place.port,
            tls_port=place.tls_port,
            http3_lines=f"listen 127.0.0.1:{place.tls_port} quic; http3 on;" if place.http3 else "",
            origin=place.origin,
            certificate=place.certificate.chain,
            key=place.certificate.key,
        )
        return [*self._start(place), "-p", str(place.directory), "-c", str(config)]


class HaProxy(Packaged):
    name = "haproxy"

    def version(self) -> str:
        return self._versions(lambda said: said.splitlines()[0].split(" - ")[0])

    def command(self, place: Place) -> list[str]:
        config = configuration.write(
            "haproxy.cfg",
            place.directory / "haproxy.cfg",
            port=place.port,
            tls_port=place.tls_port,
            http3_lines=configuration.haproxy_http3_lines(place.tls_port, place.certificate.bundle) if place.http3 else "",
            origin=place.origin,
            bundle=place.certificate.bundle,
        )
        return [*self._start(place), "-db", "-f", str(config)]


class Floor(Proxy):
    """No proxy but a relay that parses nothing: the machine's own share in every figure."""

    name = "floor"
    speaks_tls = False
    source = COMPARE / "floor" / "relay.c"
    program = COMPARE / "floor" / "target" / "relay"

    def build(self) -> None:
        if shutil.which("cc") is None:
            raise NotBuilt("no C compiler (expected: cc, of Debian's gcc)")
        print("building: floor", flush=True)
        self.program.parent.mkdir(exist_ok=True)
        build("cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(self.program), str(self.source))

    def version(self) -> str:
        return f"a relay that parses nothing ({_output('cc', '--version').splitlines()[0]})"

    def command(self, place: Place) -> list[str]:
        return [str(self.program), str(place.port), place.origin.rpartition(":")[2]]


class VertxPeer(Proxy):
    name = "vertx"
    is_jvm = True
    directory = COMPARE / "vertx-peer"

    def build(self) -> None:
        print("building: vertx-peer", flush=True)
        maven(self.directory, "package")

    def version(self) -> str:
        version = re.search(r"<vertx\.version>(.+)</vertx\.version>", (self.directory / "pom.xml").read_text())
        netty = next((self.directory / "target" / "lib").glob("netty-common-*.jar")).stem.removeprefix("netty-common-")
        flags = _java_options("VERTX_JAVA_OPTS")
        return f"Vert.x http-proxy {version.group(1)} (Netty {netty}, epoll, BoringSSL; {flags})"

    def command(self, place: Place) -> list[str]:
        target = self.directory / "target"
        class_path = f"{target / 'vertx-peer.jar'}:{target / 'lib'}/*"
        main = "io.lb4j.benchmarks.compare.vertx.VertxPeer"
        return [jvm.java(), *shlex.split(_java_options("VERTX_JAVA_OPTS")), "-cp", class_path, main, *_arguments(place)]


class Ours(Proxy):
    """lb4j by the main class of the benchmarks module, or by any command that is given."""

    name = "ours"
    is_jvm = True
    speaks_http3 = True
    main_class = "io.lb4j.benchmarks.compare.BalancerUnderTest"
    source = jvm.BENCHMARKS / "src/main/java/io/lb4j/benchmarks/compare/BalancerUnderTest.java"

    def __init__(self, command: str | None, recording: Path | None):
        self._command = command
        self._recording = recording

    def build(self) -> None:
        if self._command is not None:
            return
        if not self.source.exists():
            raise NotBuilt(f"{self.main_class} is not in benchmarks/src (another: --ours-command)")
        print("building: lb4j", flush=True)
        jvm.build()

    def version(self) -> str:
        return f"lb4j {_commit()} ({self._java_options()})"

    def command(self, place: Place) -> list[str]:
        if self._command is None:
            start = [jvm.java(), *shlex.split(self._java_options()), "-cp", jvm.class_path(), self.main_class]
            return start + _arguments(place) + (["--http3", "true"] if place.http3 else [])
        values = dict(zip(("port", "tls_port", "origin", "certificate", "key"), _arguments(place)[1::2]))
        return shlex.split(self._command.format(java=jvm.java(), java_opts=self._java_options(), **values))

    def _java_options(self) -> str:
        options = _java_options("OURS_JAVA_OPTS")
        if self._recording is None:
            return options
        return f"{options} -XX:StartFlightRecording=settings=profile,dumponexit=true,filename={self._recording}"


def _arguments(place: Place) -> list[str]:
    return [
        *("--port", str(place.port)),
        *("--tls-port", str(place.tls_port)),
        *("--origin", place.origin),
        *("--certificate", str(place.certificate.chain)),
        *("--key", str(place.certificate.key)),
    ]


def _java_options(variable: str) -> str:
    return f"{os.environ.get(variable, DEFAULT_JAVA_OPTIONS)} {NO_TICKETS}"


def _commit() -> str:
    if shutil.which("git") is None:
        return "of an unknown commit"
    command = ["git", "-C", str(jvm.REPOSITORY), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "of an unknown commit"


def _output(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.strip()
