"""What a distribution says: whether everybody got what was theirs, and how likely that is by lot."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.chance import Chance
from reports.distribution import BandPart, Distribution, RepRow
from reports.findings.words import counted, part_leads, signed_leads

RARE = 0.05  # share of distributions by lot, below which differences are worth a look


def distribution_finding(report: Distribution) -> SafeString:
    """Whether anybody got a lead more or less than their share, and who most."""
    if not report.dealt:
        return format_html("<b>No lead was dealt out in turn</b> in these days.{}", _others(report))
    leads = counted(report.dealt, "lead")
    if all(part.fairness.is_within_one for part in report.bands):
        return format_html(
            "<b>Fair to within one lead</b>: of {} dealt out in turn, nobody got more than {} above or below "
            "their share of a band.",
            leads,
            part_leads(report.largest),
        )
    part = max(report.bands, key=lambda part: part.fairness.largest)
    return format_html(
        "<b>The largest difference is {} {} leads</b>{}. {} were dealt out in turn. {}",
        part_leads(part.fairness.largest),
        part.band.name.lower(),
        _whose(part),
        leads.capitalize(),
        lot_sentence(part.fairness.chance),
    )


def lot_sentence(chance: Chance | None) -> str:
    """What the chi-square test says, without its name."""
    if chance is None:
        return "Nobody shared these leads with anybody, so there is nothing to compare."
    by_lot = f"By lot, differences this large would come in {of_hundred(chance.share)} such distributions"
    told = "too few leads for the formula, so it was tried out" if chance.is_drawn else "a chi-square test"
    return f"{by_lot} ({told}){'' if chance.share >= RARE else ': hardly chance, so look at the reasons'}."


def of_hundred(share: float) -> str:
    """12 of 100, fewer than 1 of 100."""
    return f"{round(100 * share)} of 100" if share >= 0.01 else "fewer than 1 of 100"


def _whose(part: BandPart) -> str:
    rows = [row for row in part.rows if abs(row.balance.difference) == part.fairness.largest]
    return f", of {rows[0].rep} ({_more_or_less(rows[0])})" if rows else ", of somebody you do not see"


def _more_or_less(row: RepRow) -> str:
    return f"{signed_leads(row.balance.difference)} against {part_leads(row.balance.expected)}"


def _others(report: Distribution) -> str:
    return f" {counted(report.received, 'lead')} came in another way." if report.received else ""
