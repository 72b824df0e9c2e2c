"""Programs of the benchmarks module: how they are built, and what starts them."""

import os
from pathlib import Path

from harness.build import maven
from harness.options import COMPARE

REPOSITORY = COMPARE.parent.parent
BENCHMARKS = COMPARE.parent
CLASS_PATH_FILE = BENCHMARKS / "target" / "comparison-class-path"


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else "java"


def build() -> None:
    """Compiles the module and those that it is made of; raises BuildFailure."""
    # A goal on the command line runs in every module, and a relative file is each module's own.
    relative = CLASS_PATH_FILE.relative_to(BENCHMARKS)
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath"
    maven(REPOSITORY, "-Dquick", "-pl", "benchmarks", "-am", "-DskipTests", "package", goal, f"-Dmdep.outputFile={relative}")


def class_path() -> str:
    return f"{BENCHMARKS / 'target' / 'classes'}:{CLASS_PATH_FILE.read_text().strip()}"
