"""`python -m config.database [--empty]`: bring the database up to date and, when it is new, fill it."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date() -> None:
    """Apply what is missing; asking first spares a second start the signals after a migration."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", verbosity=0)


def fill(*, empty: bool) -> None:
    """Add the demo's year, once, or only the accounts to sign in with."""
    if empty:
        call_command("create_demo_users")
    else:
        call_command("seed_demo", once=True)


def main() -> None:
    """Both in one process, because each start of Django takes a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        bring_up_to_date()
        fill(empty="--empty" in sys.argv)
    except (CommandError, ImproperlyConfigured, OperationalError) as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
