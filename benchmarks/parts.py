"""What is measured, in which order: on a tenth of the leads what shows growth, then all on all of them."""

import sys
from collections.abc import Collection

from django.core.management import call_command

from benchmarks.generated import generate
from benchmarks.measuring import own_memory
from benchmarks.moves import measure_moves
from benchmarks.pages import measure_pages
from benchmarks.reports import compare_reports, measure_reports
from benchmarks.rescoring import (
    compare_rescoring,
    full_rescore,
    measure_models,
    measure_one_lead,
    measure_rescoring,
    shipped_workers,
)
from benchmarks.results import Table
from benchmarks.routing import measure_routing
from benchmarks.trials import measure_trials

TIMES = 10
MANY = 1_000_000  # leads, from which on the limits of large organisations hold


def measure(leads: int, activities: int, parts: Collection[str]) -> None:
    """Print what these parts cost; ends the process with 1 when a limit is passed."""
    table = Table()
    call_command("migrate", verbosity=0)
    call_command("create_demo_users", verbosity=0)
    is_large = leads >= MANY
    generate(leads // TIMES, activities // TIMES)
    few = measure_rescoring(table, leads // TIMES) if "rescoring" in parts else None
    few_reports = measure_reports(table) if is_large and "reports" in parts else {}
    generate(leads, activities)
    if few:
        many = measure_rescoring(table, leads, limit=10 if is_large else 6)
        compare_rescoring(table, few, many)
        measure_one_lead(table)
    else:
        with shipped_workers():
            full_rescore()
    for name, work in WORKS.items():
        if name in parts:
            work(table)
    if "reports" in parts:
        compare_reports(table, few_reports, measure_reports(table))
    table.add("peak memory of this process", own_memory(), "MiB")
    if table.over:
        sys.exit(f"\nOver the limit: {', '.join(table.over)}.")


WORKS = {
    "pages": measure_pages,
    "trials": measure_trials,
    "moves": measure_moves,
    "routing": measure_routing,
    "models": measure_models,
}
