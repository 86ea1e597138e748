"""Seconds, statements and memory."""

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

KIB_PER_MIB = 1024
TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
    """The median time of some runs."""
    taken = []
    for _ in range(times):
        begins = perf_counter()
        work()
        taken.append(perf_counter() - begins)
    return median(taken)


def statements(work: Callable[[], object]) -> int:
    """How many SQL statements it sends, beside those that begin and end transactions."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not query["sql"].startswith(TRANSACTION_CONTROL) for query in captured.captured_queries)


def peak_memory(processes: list[int]) -> float:
    """The largest resident memory that any of these processes or their children ever had, in MiB."""
    family = set(processes)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent(entry) in family:
            family.add(int(entry.name))
    return max(_peak(pid) for pid in family)


def forget_peak() -> float:
    """Have the peak of this process begin anew, and answer what it holds now, in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return own_memory()


def own_memory() -> float:
    return _peak(os.getpid())


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return -1


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / KIB_PER_MIB
