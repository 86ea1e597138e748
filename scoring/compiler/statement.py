"""One statement for one model: compiled once, then run for any leads, date and purpose."""

from collections.abc import Iterator

from scoring.compiler.leads import Facts, barred_part, known_part
from scoring.compiler.parts import Part
from scoring.compiler.plan import Plan
from scoring.compiler.signals import signal_parts
from scoring.compiler.totals import total_parts


def score_parts(plan: Plan) -> Iterator[Part]:
    """The parts that end in `totals`: one row for each of the leads asked for."""
    facts = Facts(plan)
    known = known_part(plan, facts)
    signals = list(signal_parts(plan, counts_all=facts.counts_signals))
    yield from signals
    yield facts.part()
    yield known
    yield barred_part()
    yield from total_parts(plan, set(known.columns), set(signals[-1].columns) if signals else set())
