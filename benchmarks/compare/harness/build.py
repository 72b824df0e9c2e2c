"""Runs what builds a program, and says what it said when it fails."""

import shlex
import subprocess
from pathlib import Path


class BuildFailure(Exception):
    """A program that could not be built."""


def maven(directory: Path, *arguments: str) -> None:
    build("mvn", "--batch-mode", "--quiet", "--file", str(directory / "pom.xml"), *arguments)


def build(*command: str) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as e:
        raise BuildFailure(f"{command[0]}: not found") from e
    if done.returncode != 0:
        raise BuildFailure(f"{shlex.join(command)}: status {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}")
