"""The command line."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from harness import scenario

COMPARE = Path(__file__).resolve().parent.parent
COMMAND_WORDS = ("{java}", "{java_opts}", "{port}", "{tls_port}", "{origin}", "{certificate}", "{key}")
PROXY_NAMES = ("floor", "nginx", "haproxy", "vertx", "ours")


@dataclass(frozen=True)
class Options:
    """Durations are whole seconds, as wrk wants them (jvm_warmup: of CPU); cores are numbers that taskset knows."""

    scenarios: tuple[str, ...]
    proxies: tuple[str, ...]
    seconds: int
    rounds: int
    warmup: int
    jvm_warmup: int
    proxy_core: int
    load_core: int
    results: Path
    install: bool
    profile: bool
    ours_command: str | None


def parse(arguments) -> Options:
    parser = _parser()
    given = parser.parse_args(arguments)
    load_core, proxy_core = _cores(parser, given)
    return Options(
        scenarios=given.only,
        proxies=given.proxies,
        seconds=given.seconds,
        rounds=given.rounds,
        warmup=given.warmup,
        jvm_warmup=given.jvm_warmup,
        proxy_core=proxy_core,
        load_core=load_core,
        results=given.results,
        install=not given.no_install,
        profile=given.profile,
        ours_command=given.ours_command,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks/compare/run",
        description="CPU per request of lb4j, nginx, HAProxy and Vert.x http-proxy, side by side.",
        epilog="OURS_JAVA_OPTS and VERTX_JAVA_OPTS replace the JVM flags of the one and the other.",
    )
    names = tuple(known.name for known in scenario.SCENARIOS)
    add = parser.add_argument
    add("--only", type=_names(names), default=scenario.DEFAULT_NAMES, metavar="A,B", help=f"of {', '.join(names)}")
    add("--proxies", type=_names(PROXY_NAMES), default=PROXY_NAMES, metavar="A,B", help=f"of {', '.join(PROXY_NAMES)}")
    add("--seconds", type=_positive, default=8, help="of each measurement (8)")
    add("--rounds", type=_positive, default=3, help="the median of so many is reported (3)")
    add("--warmup", type=_positive, default=3, help="seconds of load before each measurement (3)")
    add("--jvm-warmup", type=_positive, default=50, help="CPU seconds that a JVM has used before its first figure (50)")
    add("--proxy-core", type=int, help="core of the proxy (the last one allowed)")
    add("--load-core", type=int, help="core of load generator and origin (the first one allowed)")
    add("--results", type=Path, default=COMPARE / "results", metavar="DIR", help="where the tables go")
    add("--no-install", action="store_true", help="fail when a program is missing rather than install it")
    add("--profile", action="store_true", help="write a JFR recording of ours beside the results")
    add("--ours-command", metavar="CMD", help=f"starts ours; knows {' '.join(COMMAND_WORDS)}")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} (expected: >= 1)")
    return value


def _names(known):
    def parse_names(text: str) -> tuple[str, ...]:
        asked = text.split(",")
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} (expected: of {', '.join(known)})")
        return tuple(name for name in known if name in asked)

    return parse_names


def _cores(parser, given) -> tuple[int, int]:
    allowed = sorted(os.sched_getaffinity(0))
    load_core = allowed[0] if given.load_core is None else given.load_core
    proxy_core = allowed[-1] if given.proxy_core is None else given.proxy_core
    for core in (load_core, proxy_core):
        if core not in allowed:
            parser.error(f"core: {core} (expected: one of {allowed})")
    if load_core == proxy_core:
        parser.error(f"cores: {load_core} for both (expected: one for the proxy and another for the load)")
    return load_core, proxy_core
