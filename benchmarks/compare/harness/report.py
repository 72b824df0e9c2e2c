"""Turns samples into tables (markdown) and into data (JSON)."""

import json
from dataclasses import asdict, dataclass
from statistics import median

from harness.machine import Machine
from harness.measurement import Failure, Sample
from harness.options import Options
from harness.scenario import SCENARIOS

LINE = "\n"
# A reason of many lines stays within its list item.
INDENTED = "\n  "
# Past this share of the proxy's core for other work, a figure is not to be trusted to its last digit.
NOISE = 0.05
COLUMNS = (
    "proxy",
    "CPU µs/request",
    "lowest – highest",
    "× nginx",
    "× best peer",
    "req/s",
    "p50 ms",
    "p99 ms",
    "core busy",
)
# The floor does less than a proxy does.
NO_PEERS = ("ours", "floor")


@dataclass(frozen=True)
class Row:
    """The medians of one proxy in one scenario; the spread is that of the CPU time between rounds."""

    scenario: str
    proxy: str
    cpu_micros: float
    lowest_cpu_micros: float
    highest_cpu_micros: float
    requests_per_second: float
    p50_millis: float
    p99_millis: float
    core_share: float
    noise_share: float


@dataclass(frozen=True)
class Run:
    """All there is to say of one run."""

    began: str
    machine: Machine
    options: Options
    versions: dict[str, str]
    samples: tuple[Sample, ...]
    failures: tuple[Failure, ...]


def rows(samples) -> list[Row]:
    keys = dict.fromkeys((sample.scenario, sample.proxy) for sample in samples)
    grouped = [[s for s in samples if (s.scenario, s.proxy) == key] for key in keys]
    return sorted(map(_row, grouped), key=lambda row: row.cpu_micros)


def markdown(run: Run) -> str:
    taken = rows(run.samples)
    parts = [_heading(run)]
    for scenario in SCENARIOS:
        in_scenario = [row for row in taken if row.scenario == scenario.name]
        if in_scenario:
            parts.append(f"### {scenario.name}: {scenario.title}\n\n{_table(in_scenario)}")
    if run.failures:
        reasons = (f"- {one.scenario}, {one.proxy}: {one.reason.replace(LINE, INDENTED)}" for one in run.failures)
        parts.append("No figure:\n\n" + "\n".join(reasons))
    noisy = sorted({f"{row.scenario}/{row.proxy}" for row in taken if row.noise_share > NOISE})
    if noisy:
        parts.append(f"Noisy (over {NOISE:.0%} of the proxy's core went to others or was stolen): {', '.join(noisy)}.")
    return "\n\n".join(parts) + "\n"


def as_json(run: Run) -> str:
    data = asdict(run)
    data["rows"] = [asdict(row) for row in rows(run.samples)]
    return json.dumps(data, indent=2, default=str) + "\n"


def _row(samples: list[Sample]) -> Row:
    cpu = [sample.cpu_micros_per_request for sample in samples]
    return Row(
        scenario=samples[0].scenario,
        proxy=samples[0].proxy,
        cpu_micros=median(cpu),
        lowest_cpu_micros=min(cpu),
        highest_cpu_micros=max(cpu),
        requests_per_second=median(sample.requests_per_second for sample in samples),
        p50_millis=median(sample.p50_millis for sample in samples),
        p99_millis=median(sample.p99_millis for sample in samples),
        core_share=median(sample.core_share for sample in samples),
        noise_share=max(sample.others_share + sample.stolen_share for sample in samples),
    )


def _heading(run: Run) -> str:
    machine, options = run.machine, run.options
    kind = "virtual" if machine.virtual else "physical"
    lines = [
        f"## {run.began}",
        "",
        f"{machine.processor}, {machine.cores} cores ({kind}), {machine.system}, Linux {machine.kernel};"
        f" {machine.java}.",
        f"Medians of {options.rounds} rounds of {options.seconds} s, each after {options.warmup} s of the same load,"
        f" a JVM after {options.jvm_warmup} s of CPU time; proxy on core {options.proxy_core}, load and origin on"
        f" core {options.load_core}.",
        "",
    ]
    return "\n".join(lines + [f"- {name}: {version}" for name, version in run.versions.items()])


def _table(in_scenario: list[Row]) -> str:
    nginx = next((row.cpu_micros for row in in_scenario if row.proxy == "nginx"), None)
    best_peer = min((row.cpu_micros for row in in_scenario if row.proxy not in NO_PEERS), default=None)
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        f"|---|{'--:|' * (len(COLUMNS) - 1)}",
    ]
    for row in in_scenario:
        cells = [
            row.proxy,
            f"{row.cpu_micros:.2f}",
            f"{row.lowest_cpu_micros:.2f} – {row.highest_cpu_micros:.2f}",
            _ratio(row.cpu_micros, nginx),
            _ratio(row.cpu_micros, best_peer),
            f"{row.requests_per_second:,.0f}",
            f"{row.p50_millis:.2f}",
            f"{row.p99_millis:.2f}",
            f"{row.core_share:.0%}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(value: float, base: float | None) -> str:
    return "" if base is None else f"{value / base:.2f}"
