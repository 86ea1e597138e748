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


def provide_servers() -> None:
    """Have a database and a Redis where the environment names none."""
    from config import embedded

    try:
        embedded.provide_servers(os.environ)
    except embedded.ServerTrouble as trouble:
        sys.exit(str(trouble))


def main() -> None:
    """Run one command of Django's or of ours; a bad setting ends as its sentence."""
    enter_virtual_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        provide_servers()
    from django.core.management import execute_from_command_line

    from config.env import BadSetting

    try:
        import config.settings  # noqa: F401  Django would answer a bad setting with a traceback
    except BadSetting as trouble:
        sys.exit(str(trouble))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
