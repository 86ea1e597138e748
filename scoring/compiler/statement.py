"""One statement for one model: compiled once, then run for any leads, date and purpose."""

from collections.abc import Iterator

from scoring.compiler.leads import lead_parts
from scoring.compiler.parts import Part
from scoring.compiler.plan import Plan
from scoring.compiler.signals import signal_parts
from scoring.compiler.totals import total_parts


def score_parts(plan: Plan) -> Iterator[Part]:
    """The parts that end in `totals`: one row for each of the leads asked for."""
    leads = list(lead_parts(plan))
    signals = list(signal_parts(plan)) if plan.of_signals or plan.qualifications else []
    yield from leads
    yield from signals
    known = next(part for part in leads if part.name == "known")
    summed = signals[-1].columns if signals else ()
    yield from total_parts(plan, set(known.columns), set(summed))
