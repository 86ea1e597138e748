#!/usr/bin/env python3
"""Django's commands, by themselves: the virtual environment and the servers are found or started."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def enter_virtual_environment() -> None:
    """Start again with the project's own Python when this one lacks Django."""
    python = ROOT / ".venv" / "bin" / "python"
    if find_spec("django"):
        return
    if not python.exists():
        sys.exit("The dependencies are not installed yet. Run: ./plumbline setup")
    os.execv(python, [str(python), *sys.argv])


def main() -> None:
    """Run one command of Django's or of ours."""
    enter_virtual_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        from config import embedded  # noqa: PLC0415  only where no servers are named

        embedded.provide_servers(os.environ)
    from django.core.management import execute_from_command_line  # noqa: PLC0415  needs the environment

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
