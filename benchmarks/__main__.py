"""`./plumbline bench`: fill an empty database, measure, print one table; 1 when a limit is passed."""

import argparse
import os
import platform
import sys

import django


def main() -> None:
    """Measure at the sizes asked for; memory also at a tenth of them."""
    parser = argparse.ArgumentParser("./plumbline bench")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=1_000_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # a line for each request would bury the table
    django.setup()
    measure(options.leads, options.activities)


def measure(leads: int, activities: int) -> None:
    """Imported here, for the apps are ready only now."""
    from django.core.management import call_command

    from benchmarks.generated import generate
    from benchmarks.measuring import own_memory
    from benchmarks.moves import measure_moves
    from benchmarks.pages import measure_pages
    from benchmarks.reports import measure_reports
    from benchmarks.rescoring import measure_models, measure_one_lead, measure_rescoring
    from benchmarks.results import Table
    from benchmarks.routing import measure_routing
    from benchmarks.trials import measure_trials

    machine = f"{platform.platform()}, {os.cpu_count()} cores"
    print(f"{leads:,} leads, {activities:,} activities; {machine}\n", flush=True)
    table = Table()
    call_command("migrate", verbosity=0)
    call_command("create_demo_users", verbosity=0)
    generate(leads // 10, activities // 10)
    memory = measure_rescoring(table, leads // 10)
    generate(leads, activities)
    growth = measure_rescoring(table, leads, limit=6) / memory
    table.add("its growth with ten times the leads", growth, "times", 1.3)
    measure_one_lead(table)
    measure_pages(table)
    measure_trials(table, leads)
    measure_moves(table)
    measure_routing(table)
    measure_models(table)
    measure_reports(table)
    table.add("peak memory of this process", own_memory(), "MiB")
    if table.over:
        sys.exit(f"\nOver the limit: {', '.join(table.over)}.")


if __name__ == "__main__":
    main()
