"""What `./plumbline check` runs, and what CI runs with it."""

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PRODUCTION = {"PLAIN_HTTP": "false", "ALLOWED_HOSTS": "plumbline.example"}


def failed_checks() -> list[str]:
    """Run every check to its end and name those that found something."""
    return [name for name, command in _checks().items() if not _passes(name, command)]


def _checks() -> dict[str, list[str]]:
    manage = [sys.executable, "manage.py"]
    return {
        "ruff": [_tool("ruff"), "check"],
        "ruff format": [_tool("ruff"), "format", "--check"],
        "djade": [_tool("djade"), "--check", "--target-version", "5.2", *_templates()],
        "import-linter": [_tool("lint-imports")],
        "mypy": [_tool("mypy")],
        "makemigrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "check --deploy": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command,
        check=False,
        cwd=CHECKOUT,
        env=os.environ | PRODUCTION,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(
        f"{'ok' if not done.returncode else 'FAILED':<7} {name} ({time.monotonic() - started:.1f} s)",
        flush=True,
    )
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


def _templates() -> list[str]:
    return [str(path.relative_to(CHECKOUT)) for path in sorted((CHECKOUT / "templates").rglob("*.html"))]
