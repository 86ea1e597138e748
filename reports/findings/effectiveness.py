"""What the report on scoring says: whether better scores win more often and sooner, with the evidence."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from leads.organisation import today
from reports.effectiveness import Effectiveness, Evidence, Part
from reports.findings.comparison import in_points, likelihood
from reports.findings.words import counted, days_range, share_range
from reports.outcomes import FEW
from reports.versions import SHORTEST, BeforeAfter

COIN = 0.5  # the ROC AUC of scores that say nothing


def effectiveness_finding(report: Effectiveness) -> SafeString:
    """The answer to the report's question, as far as the closed deals give one."""
    evidence = report.evidence
    if not report.total.closed:
        return format_html("<b>Nothing has closed here</b>, so nobody can say {}.", "whether scoring works")
    if evidence.auc is None or evidence.scored < FEW:
        return format_html(
            "<b>Not enough data</b>: {} had a score on entering. It takes {}, won and lost ones among them.",
            counted(evidence.scored, "closed deal"),
            FEW,
        )
    return format_html("{} {} {}", _verdict(evidence), _pairs(evidence), bands_finding(report))


def bands_finding(report: Effectiveness) -> str:
    """Whether the best band is won more often and sooner than the worst."""
    if not report.compared_bands:
        return f"No two bands have {FEW} closed deals each."
    best, worst = report.compared_bands
    return f"{_rate(best)}, {_rate(worst)}. {_days(best, worst)}"


def version_finding(comparison: BeforeAfter, maturity: int | None) -> str:
    """What the two sides of a version say, or why they say nothing yet."""
    window = comparison.window
    if maturity is None:
        return "Nothing has closed yet, so that nobody knows how long a deal takes."
    if not window.is_long_enough:
        if window.old_enough_on is None:
            return f"Another version of this line went live within {SHORTEST} days."
        day = formats.short_date(window.old_enough_on, today())
        return f"Too young: nine of ten deals close within {maturity} days. It can be compared from {day}."
    rate = comparison.win_rate
    if not rate or rate.difference is None:
        return "On one side nothing has closed."
    return f"The win rate changed by {in_points(rate.difference)} points: {likelihood(rate)}."


def changes_besides(comparison: BeforeAfter) -> list[str]:
    """What else is known to have changed from one side to the other."""
    lines = [f"{other} went live" for other in comparison.window.others]
    if shift := comparison.shift:
        share = f"{formats.share(shift.before)} of the leads before, {formats.share(shift.after)} after"
        lines.append(f"{shift.source}: {share}")
    return lines


def _verdict(evidence: Evidence) -> SafeString:
    assert evidence.auc, "asked only where there is one"
    if evidence.auc.low > COIN:
        return format_html("<b>Yes: {}.</b>", "higher scores are won more often")
    if evidence.auc.high < COIN:
        return format_html("<b>No: {}.</b>", "lower scores are won more often")
    return format_html("<b>Not shown: {}.</b>", "scores on entering do not tell won deals from lost ones")


def _pairs(evidence: Evidence) -> str:
    auc = evidence.auc
    assert auc, "asked only where there is one"
    return (
        f"Of a won and a lost deal, the won one had the higher score in {100 * auc.value:.0f} of 100 pairs "
        f"(ROC AUC {auc.value:.3f}, 95 % interval {auc.low:.3f}–{auc.high:.3f})."
    )


def _rate(part: Part) -> str:
    outcomes = part.outcomes
    evidence = f"{share_range(outcomes.interval)}, {formats.count(outcomes.closed)} closed"
    return f"{part.name}: {formats.share(outcomes.win_rate)} won ({evidence})"


def _days(best: Part, worst: Part) -> str:
    quick, slow = best.outcomes.won_cycle.interval, worst.outcomes.won_cycle.interval
    if not quick or not slow:
        return "Too few of them were won to compare how long that took."
    evidence = f"{quick.value:.0f} days at the median ({days_range(quick)}) against {slow.value:.0f}"
    evidence += f" ({days_range(slow)})"
    if quick.high < slow.low:
        return f"{best.name} deals were also won sooner: {evidence}."
    if quick.low > slow.high:
        return f"But {best.name} deals were won later: {evidence}."
    return f"That they are won sooner is not shown: {evidence}."
