"""What the figures were taken on."""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    processor: str
    cores: int
    virtual: bool
    system: str
    kernel: str
    java: str


def describe() -> Machine:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    return Machine(
        processor=_first(r"^model name\s*: (.+)$", cpuinfo) or platform.machine(),
        cores=os.cpu_count() or 1,
        virtual=re.search(r"^flags\s*:.*\bhypervisor\b", cpuinfo, re.MULTILINE) is not None,
        system=_first(r'^PRETTY_NAME="?([^"\n]+)', Path("/etc/os-release").read_text()) or "unknown",
        kernel=platform.release(),
        java=_java_version(),
    )


def _java_version() -> str:
    if shutil.which("java") is None:
        return "none"
    # Printed to standard error: java -version keeps to that since its first release.
    done = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()[1] if done.returncode == 0 else "unknown"


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else None
