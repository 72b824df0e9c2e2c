"""Programs of another release of Debian, unpacked beside the system's, which stays as it is."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.debian import MissingProgram
from harness.options import COMPARE

# The first release of Debian whose nginx and HAProxy both have HTTP/3 by a TLS library that is made for it.
NAME = "forky"
PACKAGES = ("nginx", "haproxy")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True)
class Root:
    """Where they are, with all that they are linked with."""

    directory: Path

    def command(self, program: str) -> list[str]:
        """Returns what starts a program with the libraries of its own release, the C library among them."""
        loader = _only(self.directory, "usr/lib/*/ld-linux-*.so.*")
        return [str(loader), "--library-path", str(loader.parent), str(_only(self.directory, f"usr/sbin/{program}"))]


def bring(may_install: bool) -> Root:
    """Unpacks what is not there from a former run; raises MissingProgram where that cannot be."""
    directory = COMPARE / "target" / NAME
    if directory.exists():
        return Root(directory)
    if not may_install or shutil.which("apt-get") is None:
        raise MissingProgram(f"{' and '.join(PACKAGES)} of Debian {NAME}: not in {directory}, where apt-get may put them")
    print(f"unpacking: {' '.join(PACKAGES)} of Debian {NAME}, into {directory}", flush=True)
    directory.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as name:
        made = _unpacked(Path(name))
        os.replace(made, directory)
    return Root(directory)


def _unpacked(work: Path) -> Path:
    # A state of its own, in which nothing is installed: so all that the packages need is fetched with them.
    for name in ("lists/partial", "cache/archives/partial", "root"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {NAME} main\n")
    options = {
        "Dir::Etc::sourcelist": work / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": work,
        "Dir::State::Lists": work / "lists",
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "APT::Sandbox::User": "",
        "Debug::NoLocking": "1",
    }
    apt = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    _run(*apt, "update")
    _run(*apt, "--yes", "--no-install-recommends", "--download-only", "install", *PACKAGES)
    for package in (work / "cache" / "archives").glob("*.deb"):
        _run("dpkg", "-x", str(package), str(work / "root"))
    return work / "root"


def _mirror() -> str:
    release = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(), re.MULTILINE)
    known = _run("apt-get", "indextargets", "--format", "$(CREATED_BY) $(RELEASE) $(REPO_URI)")
    own = re.search(rf"^Packages {release.group(1) if release else ''} (\S+)$", known, re.MULTILINE)
    if own is None:
        raise MissingProgram("no source of Debian packages is known to apt-get (expected: that of the system)")
    return own.group(1)


def _only(directory: Path, pattern: str) -> Path:
    found = next(directory.glob(pattern), None)
    if found is None:
        raise MissingProgram(f"{pattern}: not in {directory}")
    return found


def _run(*command: str) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        raise MissingProgram(f"{command[0]}: status {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout
