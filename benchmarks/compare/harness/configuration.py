"""Fills the templates of conf/: a placeholder is a name between two @."""

import os
import pwd
import re
from pathlib import Path

from harness.options import COMPARE

PLACEHOLDER = re.compile(r"@([a-z0-9_]+)@")


def fill(template: str, values: dict[str, object]) -> str:
    """Raises KeyError for a placeholder without a value."""
    return PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), template)


def write(template_name: str, target: Path, **values) -> Path:
    template = (COMPARE / "conf" / template_name).read_text()
    target.write_text(fill(template, values))
    return target


def haproxy_http3_lines(port: int, bundle: Path) -> str:
    return f"bind quic4@127.0.0.1:{port} ssl crt {bundle} alpn h3"


def nginx_user_line() -> str:
    # Started by root, nginx drops to a user who cannot read the run's directory; others are warned of the line.
    return f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
