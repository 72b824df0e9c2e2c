"""The proxies: how each is built, configured and started, and what it says of its version."""

import os
import re
import shlex
import shutil
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from harness import configuration
from harness.certificate import Certificate
from harness.options import COMPARE

REPOSITORY = COMPARE.parent.parent
BENCHMARKS = COMPARE.parent
# One core: the serial collector has no threads to wake, and the heap is the same for all who have one.
DEFAULT_JAVA_OPTIONS = "-Xms256m -Xmx256m -XX:+UseSerialGC"
# Read by the JDK and by Netty alike: every handshake of the connect-tls scenario is a full one.
NO_TICKETS = "-Djdk.tls.server.enableSessionTicketExtension=false"


class BuildFailure(Exception):
    """A proxy that could not be built."""


class NotBuilt(Exception):
    """A proxy that is not there to be measured, which is no failure."""


@dataclass(frozen=True)
class Place:
    """Where one proxy runs: its directory, its two ports, the origin (HOST:PORT) and the certificate."""

    directory: Path
    port: int
    tls_port: int
    origin: str
    certificate: Certificate


class Proxy(ABC):
    """What can be measured: `programs` come from packages, a proxy in a JVM is warmed for longer."""

    name: str
    programs: tuple[str, ...] = ()
    is_jvm = False
    speaks_tls = True

    def build(self) -> None:
        """Makes the proxy ready to start; most come from a package, ready. Raises BuildFailure or NotBuilt."""

    @abstractmethod
    def version(self) -> str:
        """Name, version and whatever else makes up the proxy, in one line."""

    @abstractmethod
    def command(self, place: Place) -> list[str]:
        """Writes the configuration, if there is one, and returns what starts the proxy in the foreground."""


class Nginx(Proxy):
    name = "nginx"
    programs = ("nginx",)

    def version(self) -> str:
        return _output("nginx", "-v").removeprefix("nginx version: ")

    def command(self, place: Place) -> list[str]:
        config = configuration.write(
            "nginx-proxy.conf",
            place.directory / "nginx.conf",
            user_line=configuration.nginx_user_line(),
            directory=place.directory,
            port=place.port,
            tls_port=place.tls_port,
            origin=place.origin,
            certificate=place.certificate.chain,
            key=place.certificate.key,
        )
        return ["nginx", "-p", str(place.directory), "-c", str(config)]


class HaProxy(Proxy):
    name = "haproxy"
    programs = ("haproxy",)

    def version(self) -> str:
        return _output("haproxy", "-v").splitlines()[0].split(" - ")[0]

    def command(self, place: Place) -> list[str]:
        config = configuration.write(
            "haproxy.cfg",
            place.directory / "haproxy.cfg",
            port=place.port,
            tls_port=place.tls_port,
            origin=place.origin,
            bundle=place.certificate.bundle,
        )
        return ["haproxy", "-db", "-f", str(config)]


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
        _build("cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(self.program), str(self.source))

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
        _maven(self.directory, "package")

    def version(self) -> str:
        version = re.search(r"<vertx\.version>(.+)</vertx\.version>", (self.directory / "pom.xml").read_text())
        netty = next((self.directory / "target" / "lib").glob("netty-common-*.jar")).stem.removeprefix("netty-common-")
        flags = _java_options("VERTX_JAVA_OPTS")
        return f"Vert.x http-proxy {version.group(1)} (Netty {netty}, epoll, BoringSSL; {flags})"

    def command(self, place: Place) -> list[str]:
        target = self.directory / "target"
        class_path = f"{target / 'vertx-peer.jar'}:{target / 'lib'}/*"
        main = "io.lb4j.benchmarks.compare.vertx.VertxPeer"
        return [_java(), *shlex.split(_java_options("VERTX_JAVA_OPTS")), "-cp", class_path, main, *_arguments(place)]


class Ours(Proxy):
    """lb4j by the main class of the benchmarks module, or by any command that is given."""

    name = "ours"
    is_jvm = True
    main_class = "io.lb4j.benchmarks.compare.BalancerUnderTest"
    source = BENCHMARKS / "src/main/java/io/lb4j/benchmarks/compare/BalancerUnderTest.java"
    class_path_file = BENCHMARKS / "target" / "comparison-class-path"

    def __init__(self, command: str | None, recording: Path | None):
        self._command = command
        self._recording = recording

    def build(self) -> None:
        if self._command is not None:
            return
        if not self.source.exists():
            raise NotBuilt(f"{self.main_class} is not in benchmarks/src (another: --ours-command)")
        print("building: lb4j", flush=True)
        # A goal on the command line runs in every module, and a relative file is each module's own.
        relative = self.class_path_file.relative_to(BENCHMARKS)
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath"
        _maven(REPOSITORY, "-Dquick", "-pl", "benchmarks", "-am", "-DskipTests", "package", goal, f"-Dmdep.outputFile={relative}")

    def version(self) -> str:
        return f"lb4j {_commit()} ({self._java_options()})"

    def command(self, place: Place) -> list[str]:
        if self._command is None:
            class_path = f"{BENCHMARKS / 'target' / 'classes'}:{self.class_path_file.read_text().strip()}"
            start = [_java(), *shlex.split(self._java_options()), "-cp", class_path, self.main_class]
            return start + _arguments(place)
        values = dict(zip(("port", "tls_port", "origin", "certificate", "key"), _arguments(place)[1::2]))
        return shlex.split(self._command.format(java=_java(), java_opts=self._java_options(), **values))

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
    command = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "of an unknown commit"


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else "java"


def _maven(directory: Path, *arguments: str) -> None:
    _build("mvn", "--batch-mode", "--quiet", "--file", str(directory / "pom.xml"), *arguments)


def _build(*command: str) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as e:
        raise BuildFailure(f"{command[0]}: not found") from e
    if done.returncode != 0:
        raise BuildFailure(f"{shlex.join(command)}: status {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}")


def _output(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.strip()
