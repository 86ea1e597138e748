"""What the month says: whether the target is in reach, and what to look at first."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads.models import User
from reports.findings.forecast import who_is
from reports.findings.words import counted, whole_money
from reports.home import Home


def home_finding(report: Home, user: User) -> SafeString:
    """Where the month stands, then what stands in its way."""
    return format_html("{} {}", _standing(report, user), _obstacle(report))


def _standing(report: Home, user: User) -> SafeString:
    month, currency = report.month, report.currency
    if month.by_confidence is None:
        expected = whole_money(month.figures.expected, currency)
        return format_html("<b>{} expected</b> in {}; no target is set for it.", expected, month.name)
    who, target = who_is(user, report.query), whole_money(month.target, currency)
    if month.by_confidence < 0:
        short = whole_money(-month.by_confidence, currency)
        return format_html("{} <b>{} short</b> of {} in {}.", who, short, target, month.name)
    more = whole_money(month.by_confidence, currency)
    return format_html("{} <b>on course</b> in {}: {} more than {}.", who, month.name, more, target)


def _obstacle(report: Home) -> SafeString:
    rot, overdue = report.rot, report.figures.overdue
    if rot.deals:
        worth = f" worth {whole_money(rot.value, report.currency)}" if rot.value else ""
        stays = "has stayed in its stage" if rot.deals == 1 else "have stayed in their stage"
        return format_html("<b>{}</b>{} {} for too long.", counted(rot.deals, "open deal"), worth, stays)
    if overdue.open_deals:
        late = counted(overdue.open_deals, "overdue deal")
        worth = whole_money(overdue.open, report.currency)
        return format_html("<b>{}</b> worth {} {} in no month.", late, worth, _counts(overdue.open_deals))
    return format_html("{}", "No open deal has stayed in its stage for too long, and none is overdue.")


def _counts(deals: int) -> str:
    return "counts" if deals == 1 else "count"
