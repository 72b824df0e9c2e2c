"""CPU time as the kernel accounts for it: proc(5), the files /proc/PID/stat and /proc/stat."""

import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessStat:
    parent: int
    ticks: int  # utime + stime of all threads, living and ended


@dataclass(frozen=True)
class CoreTime:
    """Seconds of one core since boot; busy leaves out idle, iowait and stolen time."""

    busy: float
    stolen: float


@dataclass(frozen=True)
class Reading:
    """Seconds: of the clock, of a process and its descendants, and of the core that they are pinned to."""

    clock: float
    cpu: float
    core_busy: float
    core_stolen: float

    def since(self, earlier: "Reading") -> "Reading":
        return Reading(
            self.clock - earlier.clock,
            self.cpu - earlier.cpu,
            self.core_busy - earlier.core_busy,
            self.core_stolen - earlier.core_stolen,
        )


def read(pid: int, core: int) -> Reading:
    """Raises ProcessLookupError when the process is gone."""
    of_core = parse_core_time((PROC / "stat").read_text(), core)
    return Reading(monotonic(), cpu_seconds(pid), of_core.busy, of_core.stolen)


def parse_process_stat(text: str) -> ProcessStat:
    # The second field is the command in parentheses and may itself hold blanks and parentheses.
    fields = text[text.rindex(")") + 2 :].split()
    return ProcessStat(parent=int(fields[1]), ticks=int(fields[11]) + int(fields[12]))


def parse_core_time(text: str, core: int) -> CoreTime:
    for line in text.splitlines():
        name, *fields = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _iowait, irq, softirq, stolen = map(int, fields[:8])
            busy = user + nice + system + irq + softirq
            return CoreTime(busy / TICKS_PER_SECOND, stolen / TICKS_PER_SECOND)
    raise ValueError(f"core: {core} (expected: a core of /proc/stat)")


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process and its descendants: a master and its worker are one proxy."""
    stats = _all_stats()
    if pid not in stats:
        raise ProcessLookupError(f"pid: {pid} (expected: a living process)")
    return sum(stats[member].ticks for member in _tree(pid, stats)) / TICKS_PER_SECOND


def _all_stats() -> dict[int, ProcessStat]:
    stats = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = parse_process_stat((entry / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended between the listing and the reading; not one of ours, those live on
    return stats


def _tree(root: int, stats: dict[int, ProcessStat]) -> set[int]:
    members = {root}
    while True:
        found = {pid for pid, stat in stats.items() if stat.parent in members} - members
        if not found:
            return members
        members |= found
