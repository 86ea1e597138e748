"""`./plumbline bench`: fill an empty database, measure, print one table; 1 when a limit is passed."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Collection
from functools import partial

import django

MANY = 1_000_000  # leads, from which on the limits of large organisations hold
PARTS = ("rescoring", "pages", "trials", "moves", "routing", "models", "reports")


def main() -> None:
    """Measure at the sizes asked for; memory also at a tenth of them."""
    parser = argparse.ArgumentParser("./plumbline bench")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS)
    )
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # a line for each request would bury the table
    django.setup()
    measure(options.leads, options.activities, options.only)


def measure(leads: int, activities: int, parts: Collection[str]) -> None:
    """Imported here, for the apps are ready only now."""
    from django.core.management import call_command

    from benchmarks.generated import generate
    from benchmarks.measuring import own_memory
    from benchmarks.moves import measure_moves
    from benchmarks.pages import measure_pages
    from benchmarks.reports import measure_growth_of_reports, measure_reports
    from benchmarks.rescoring import (
        full_rescore,
        measure_growth,
        measure_models,
        measure_one_lead,
        shipped_workers,
    )
    from benchmarks.results import Table
    from benchmarks.routing import measure_routing
    from benchmarks.trials import measure_trials

    machine = f"{platform.platform()}, {os.cpu_count()} cores"
    print(f"{leads:,} leads, {activities:,} activities; {machine}\n", flush=True)
    table = Table()
    call_command("migrate", verbosity=0)
    call_command("create_demo_users", verbosity=0)
    works: dict[str, list[Callable[[], object]]] = {
        "rescoring": [partial(measure_growth, table, leads, activities), partial(measure_one_lead, table)],
        "pages": [partial(measure_pages, table)],
        "trials": [partial(measure_trials, table, leads)],
        "moves": [partial(measure_moves, table)],
        "routing": [partial(measure_routing, table)],
        "models": [partial(measure_models, table)],
        "reports": [
            partial(measure_growth_of_reports, table, leads, activities)
            if leads >= MANY
            else partial(measure_reports, table)
        ],
    }
    if "rescoring" not in parts:
        generate(leads, activities)
        with shipped_workers():
            full_rescore()
    for part in PARTS:
        for work in works[part] if part in parts else ():
            work()
    table.add("peak memory of this process", own_memory(), "MiB")
    if table.over:
        sys.exit(f"\nOver the limit: {', '.join(table.over)}.")


if __name__ == "__main__":
    main()
