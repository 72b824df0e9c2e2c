"""Brings the programs that the comparison needs, without starting the services that come with them."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

PACKAGE_OF_PROGRAM = {
    "nginx": "nginx",
    "haproxy": "haproxy",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
    "taskset": "util-linux",
}
# invoke-rc.d asks this program whether a package may start its daemon; 101 forbids it.
POLICY = Path("/usr/sbin/policy-rc.d")
FORBID_ALL = "#!/bin/sh\nexit 101\n"


class MissingProgram(Exception):
    """A program that is neither present nor could be installed."""


def bring(programs, may_install: bool) -> None:
    """Installs what is missing, by apt-get; raises MissingProgram where that cannot be."""
    missing = [program for program in programs if shutil.which(program) is None]
    if not missing:
        return
    packages = sorted({PACKAGE_OF_PROGRAM[program] for program in missing})
    command = f"apt-get install {' '.join(packages)}"
    if not may_install or shutil.which("apt-get") is None or os.geteuid() != 0:
        raise MissingProgram(f"{', '.join(missing)}: not found; as root: {command}")
    print(f"installing: {command} (no service is started)", flush=True)
    with services_held_back(POLICY):
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *packages)
    absent = [program for program in missing if shutil.which(program) is None]
    if absent:
        raise MissingProgram(f"{', '.join(absent)}: not found after {command}")


@contextmanager
def services_held_back(policy: Path):
    """Puts a policy in place that forbids every start of a service, and afterwards what was there before."""
    kept = policy.with_name(policy.name + ".before-comparison")
    # One that is kept already is from a run that was killed: what stands in its place is ours.
    if policy.exists() and not kept.exists():
        os.replace(policy, kept)
    try:
        policy.write_text(FORBID_ALL)
        policy.chmod(0o755)
        yield
    finally:
        policy.unlink(missing_ok=True)
        if kept.exists():
            os.replace(kept, policy)


def _apt_get(*arguments) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MissingProgram(f"apt-get {arguments[0]}: status {done.returncode}\n{done.stdout[-2000:]}")
