"""Takes the figures of one scenario: all proxies up, in turn, round after round."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from harness import accounting, probe
from harness.certificate import Certificate
from harness.load import Generator, LoadFailure
from harness.options import Options
from harness.process import PinnedProcess, StartFailure, free_ports
from harness.proxy import Place, Proxy
from harness.scenario import Scenario

WARMING_SECONDS = 5


@dataclass(frozen=True)
class Sample:
    """One measurement; the last three are shares of the proxy's core: the proxy's own, other processes', the host's."""

    scenario: str
    proxy: str
    round: int
    requests: int
    cpu_micros_per_request: float
    requests_per_second: float
    p50_millis: float
    p99_millis: float
    core_share: float
    others_share: float
    stolen_share: float


@dataclass(frozen=True)
class Failure:
    """A proxy that has no figure in a scenario, and why."""

    scenario: str
    proxy: str
    reason: str


@dataclass(frozen=True)
class Stage:
    """What all scenarios of a run share."""

    options: Options
    directory: Path
    origin: str
    certificate: Certificate


@dataclass(frozen=True)
class Contender:
    """A proxy that is up and passed the probe."""

    proxy: Proxy
    place: Place
    process: PinnedProcess


class Trial:
    """One scenario; the proxies start anew for it, so that no JVM carries the profile of another load."""

    def __init__(self, stage: Stage, scenario: Scenario):
        self._stage = stage
        self._scenario = scenario
        self._directory = stage.directory / scenario.name
        self._directory.mkdir()
        self._generator = Generator(stage.options.load_core, self._directory, stage.certificate)
        self.samples: list[Sample] = []
        self.failures: list[Failure] = []

    def run(self, proxies) -> None:
        print(f"\n{self._scenario.name}: {self._scenario.title}", flush=True)
        with ExitStack() as running:
            able = [proxy for proxy in proxies if self._is_spoken_by(proxy)]
            contenders = [found for proxy in able if (found := self._start(proxy, running)) is not None]
            for number in range(1, self._stage.options.rounds + 1):
                # Each round begins with another proxy, so that none always follows the same one.
                contenders = contenders[1:] + contenders[:1]
                for contender in list(contenders):
                    if not self._measure(contender, number):
                        contenders.remove(contender)

    def _is_spoken_by(self, proxy) -> bool:
        return (proxy.speaks_tls or not self._scenario.tls) and (proxy.speaks_http3 or not self._scenario.http3)

    def _start(self, proxy, running: ExitStack) -> Contender | None:
        directory = self._directory / proxy.name
        directory.mkdir()
        place = Place(directory, *free_ports(2), self._stage.origin, self._stage.certificate, self._scenario.http3)
        process = PinnedProcess(proxy.name, proxy.command(place), self._stage.options.proxy_core, directory)
        running.callback(process.stop)
        try:
            process.await_port(self._scenario.port(place))
            probe.check(self._scenario, place)
            contender = Contender(proxy, place, process)
            if proxy.is_jvm:
                self._warm_jvm(contender)
        except (StartFailure, probe.ProbeFailure, LoadFailure, OSError) as e:
            self._fail(proxy, e)
            return None
        return contender

    def _warm_jvm(self, contender: Contender) -> None:
        # The compilers share the one core with the proxy, and with whoever else is on it: CPU time, not time, tells
        # how far they are. The bound on time is for a proxy that the load cannot keep busy.
        wanted = self._stage.options.jvm_warmup
        deadline = monotonic() + 3 * wanted
        while accounting.cpu_seconds(contender.process.pid) < wanted and monotonic() < deadline:
            self._generator.run(self._scenario, contender.place, WARMING_SECONDS)

    def _measure(self, contender: Contender, number: int) -> bool:
        try:
            self._generator.run(self._scenario, contender.place, self._stage.options.warmup)
            sample = self._sample(contender, number)
        except (LoadFailure, ProcessLookupError) as e:
            self._fail(contender.proxy, e)
            return False
        self.samples.append(sample)
        print(
            f"  round {number}  {sample.proxy:8} {sample.cpu_micros_per_request:8.2f} us/request"
            f" {sample.requests_per_second:9.0f} req/s  p99 {sample.p99_millis:7.2f} ms"
            f"  core {sample.core_share:4.0%}, others {sample.others_share:.0%}",
            flush=True,
        )
        return True

    def _sample(self, contender: Contender, number: int) -> Sample:
        options, pid = self._stage.options, contender.process.pid
        before = accounting.read(pid, options.proxy_core)
        result = self._generator.run(self._scenario, contender.place, options.seconds)
        spent = accounting.read(pid, options.proxy_core).since(before)
        return Sample(
            scenario=self._scenario.name,
            proxy=contender.proxy.name,
            round=number,
            requests=result.requests,
            cpu_micros_per_request=spent.cpu * 1e6 / result.requests,
            requests_per_second=result.requests / result.seconds,
            p50_millis=result.p50_millis,
            p99_millis=result.p99_millis,
            core_share=spent.cpu / spent.clock,
            others_share=max(spent.core_busy - spent.cpu, 0.0) / spent.clock,
            stolen_share=spent.core_stolen / spent.clock,
        )

    def _fail(self, proxy, reason: Exception) -> None:
        self.failures.append(Failure(self._scenario.name, proxy.name, str(reason)))
        print(f"  {proxy.name}: no figure: {reason}", flush=True)
