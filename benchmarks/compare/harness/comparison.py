"""Tells the life of a run: bring the programs, build, measure, report; nothing is left behind."""

import signal
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from harness import certificate, debian, jvm, load, machine, options, report, scenario, suite
from harness.build import BuildFailure
from harness.measurement import Stage, Trial
from harness.origin import Origin
from harness.process import StartFailure
from harness.proxy import Floor, HaProxy, Nginx, NotBuilt, Ours, VertxPeer

# The origin is nginx whoever the peers are.
PROGRAMS = ("nginx", "openssl", "taskset", *load.PROGRAMS)
LEAVE_AT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments) -> int:
    """Returns 0 when every proxy asked for that is built has all its figures, 1 otherwise."""
    given = options.parse(arguments)
    for number in LEAVE_AT:
        signal.signal(number, _leave)
    began = datetime.now(timezone.utc)
    given.results.mkdir(parents=True, exist_ok=True)
    stem = f"comparison-{began:%Y%m%d-%H%M%S}"
    try:
        proxies = _ready(given, given.results / f"{stem}.jfr")
        trials = _measure(given, proxies)
    except (debian.MissingProgram, BuildFailure, StartFailure) as e:
        print(e, file=sys.stderr)
        return 1
    run = report.Run(
        began=f"{began:%Y-%m-%d %H:%M} UTC",
        machine=machine.describe(),
        options=given,
        versions={proxy.name: proxy.version() for proxy in proxies},
        samples=tuple(sample for trial in trials for sample in trial.samples),
        failures=tuple(failure for trial in trials for failure in trial.failures),
    )
    _write(run, given.results / stem)
    return 1 if run.failures or not run.samples else 0


def _leave(number, _frame):
    # SystemExit unwinds the context managers that hold the processes; a second signal must not cut that short.
    for ignored in LEAVE_AT:
        signal.signal(ignored, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _ready(given, recording: Path) -> list:
    recording = recording.resolve() if given.profile else None
    http3 = any(chosen.http3 for chosen in scenario.named(given.scenarios))
    root = suite.bring(given.install) if http3 else None
    known = (Floor(), Nginx(root), HaProxy(root), VertxPeer(), Ours(given.ours_command, recording))
    asked = [proxy for proxy in known if proxy.name in given.proxies]
    programs = dict.fromkeys(PROGRAMS + tuple(program for proxy in asked for program in proxy.programs))
    debian.bring(programs, given.install)
    if http3 and ("ours" not in given.proxies or given.ours_command is not None):
        jvm.build()  # the load generator stands in the same module
    built = []
    for proxy in asked:
        try:
            proxy.build()
            built.append(proxy)
        except NotBuilt as e:
            print(f"{proxy.name}: skipped, not built: {e}", flush=True)
    return built


def _measure(given, proxies) -> list[Trial]:
    trials = []
    with tempfile.TemporaryDirectory(prefix="comparison-") as name:
        directory = Path(name)
        pem = certificate.create(directory)
        with Origin(directory / "origin", given.load_core) as origin:
            stage = Stage(given, directory, origin.address, pem)
            for chosen in scenario.named(given.scenarios):
                trial = Trial(stage, chosen)
                trials.append(trial)
                trial.run(proxies)
    return trials


def _write(run: report.Run, path: Path) -> None:
    text = report.markdown(run)
    path.with_suffix(".md").write_text(text)
    path.with_suffix(".json").write_text(report.as_json(run))
    print(f"\n{text}\nwritten: {path}.md, {path}.json", flush=True)
