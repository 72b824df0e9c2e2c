"""The load generators, wrk for HTTP/1.1, h2load for HTTP/2 and one of ours for HTTP/3, and what they print."""

import math
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness import jvm
from harness.certificate import Certificate
from harness.process import pinned
from harness.scenario import Scenario

PROGRAMS = ("wrk", "h2load")
HTTP3_MAIN = "io.lb4j.benchmarks.protocols.Http3Load"
LOAD_JAVA_OPTIONS = ("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-Dio.netty.leakDetection.level=disabled")
# A generator that takes so much longer than it was told to is stuck, and the run with it.
GRACE_SECONDS = 30
ANSWER_SECONDS = 10
MILLIS_OF_UNIT = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class LoadFailure(Exception):
    """A generator that failed, or answers that were not all 2xx."""


@dataclass(frozen=True)
class LoadResult:
    requests: int
    seconds: float
    p50_millis: float
    p99_millis: float


@dataclass(frozen=True)
class Generator:
    """Sends the load of a scenario to a place from one core; `directory` takes h2load's log."""

    core: int
    directory: Path
    certificate: Certificate

    def run(self, scenario: Scenario, place, seconds: int) -> LoadResult:
        """Raises LoadFailure when a request failed: such a figure is not worth a line in a table."""
        if scenario.http3:
            return self._http3(scenario, place, seconds)
        if scenario.is_http2():
            return self._h2load(scenario, place, seconds)
        return self._wrk(scenario, place, seconds)

    def _wrk(self, scenario: Scenario, place, seconds: int) -> LoadResult:
        command = ["wrk", "-t1", f"-c{scenario.connections}", f"-d{seconds}s", "--latency"]
        # wrk counts an answer as an error after 2 s, and the first ones of a JVM may take as long as that.
        command += ["--timeout", f"{ANSWER_SECONDS}s"]
        if scenario.connection_per_request:
            command += ["-H", "Connection: close"]
        return parse_wrk(self._output([*command, scenario.url(place)], seconds))

    def _h2load(self, scenario: Scenario, place, seconds: int) -> LoadResult:
        log = self.directory / "h2load.log"
        log.unlink(missing_ok=True)
        command = ["h2load", "-t1", f"-c{scenario.connections}", f"-m{scenario.streams}", f"-D{seconds}"]
        command += ["--tls13-ciphers=TLS_AES_128_GCM_SHA256", "--groups=X25519", f"--log-file={log}"]
        command += [f"--connect-to=127.0.0.1:{scenario.port(place)}", scenario.url(place)]
        return parse_h2load(self._output(command, seconds), log.read_text())

    def _http3(self, scenario: Scenario, place, seconds: int) -> LoadResult:
        load = [scenario.port(place), scenario.path, scenario.body_bytes, scenario.connections, scenario.streams, seconds]
        command = [jvm.java(), *LOAD_JAVA_OPTIONS, "-cp", jvm.class_path(), HTTP3_MAIN, *map(str, load)]
        return parse_http3(self._output(command, seconds))

    def _output(self, command, seconds: int) -> str:
        environment = {**os.environ, "OPENSSL_CONF": str(self.certificate.client_policy)}
        try:
            done = subprocess.run(
                pinned(self.core, command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds + GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as e:
            raise LoadFailure(f"{command[0]}: still running {GRACE_SECONDS} s after its time") from e
        if done.returncode != 0:
            raise LoadFailure(f"{command[0]}: status {done.returncode}\n{done.stdout[-1000:]}")
        return done.stdout


def parse_wrk(output: str) -> LoadResult:
    _refuse(output, r"Socket errors: .*")
    _refuse(output, r"Non-2xx or 3xx responses: .*")
    total = _find(output, r"(\d+) requests in ([\d.]+)(us|ms|s|m),")
    return _checked(
        LoadResult(
            requests=int(total.group(1)),
            seconds=float(total.group(2)) * MILLIS_OF_UNIT[total.group(3)] / 1000,
            p50_millis=_wrk_percentile(output, 50),
            p99_millis=_wrk_percentile(output, 99),
        )
    )


def parse_h2load(output: str, log: str) -> LoadResult:
    """The log has a line per request: start, status and duration in microseconds, between tabs."""
    if "Application protocol: h2" not in output:
        raise LoadFailure(f"h2load: not HTTP/2 (expected: Application protocol: h2)\n{output[-1000:]}")
    finished = _find(output, r"finished in ([\d.]+)(us|ms|s|m), ")
    counts = _find(output, r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout")
    done, succeeded, *lost = map(int, counts.groups())
    if succeeded != done or any(lost):
        raise LoadFailure(f"h2load: {counts.group(0)} (expected: all of them succeeded)")
    micros = sorted(int(line.split("\t")[2]) for line in log.splitlines())
    if not micros:
        raise LoadFailure("h2load: no request in its log (expected: one line each)")
    return _checked(
        LoadResult(
            requests=done,
            seconds=float(finished.group(1)) * MILLIS_OF_UNIT[finished.group(2)] / 1000,
            p50_millis=percentile(micros, 0.50) / 1000,
            p99_millis=percentile(micros, 0.99) / 1000,
        )
    )


def parse_http3(output: str) -> LoadResult:
    found = _find(output, r"^(\d+) answers in ([\d.]+) s, p50 ([\d.]+) ms, p99 ([\d.]+) ms, failures: (\d+)$")
    if found.group(5) != "0":
        raise LoadFailure(f"failures: {found.group(5)} (expected: 0)")
    requests, (seconds, p50, p99) = int(found.group(1)), map(float, found.groups()[1:4])
    return _checked(LoadResult(requests, seconds, p50, p99))


def percentile(ascending, fraction: float):
    """By nearest rank: the smallest value that no fewer than the fraction of all values reach."""
    return ascending[max(math.ceil(fraction * len(ascending)), 1) - 1]


def _wrk_percentile(output: str, percent: int) -> float:
    # wrk pads a unit of one letter with a blank behind it.
    found = _find(output, rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$")
    return float(found.group(1)) * MILLIS_OF_UNIT[found.group(2)]


def _checked(result: LoadResult) -> LoadResult:
    if result.requests == 0:
        raise LoadFailure("requests: 0 (expected: > 0)")
    return result


def _refuse(output: str, pattern: str) -> None:
    found = re.search(pattern, output)
    if found:
        raise LoadFailure(f"wrk: {found.group(0)} (expected: none)")


def _find(output: str, pattern: str) -> re.Match:
    found = re.search(pattern, output, re.MULTILINE)
    if found is None:
        raise LoadFailure(f"no {pattern!r} in the generator's output\n{output[-1000:]}")
    return found
