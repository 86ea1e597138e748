"""What a forecast says, with the figures that matter in bold."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from leads.models import User
from leads.organisation import organisation
from pipeline.models import Target
from reports.findings.words import counted, whole_money
from reports.forecast import Figures, Shown, Unconverted
from reports.outlook import ForecastReport, Gap
from reports.scope import Scope


def forecast_finding(report: ForecastReport, user: User) -> SafeString:
    """Whether the target is reached by confidence, and what it takes if not."""
    total, currency = report.total, report.forecast.currency
    if total.by_confidence is None:
        return _no_target(report)
    who, target = who_is(user, report.query), whole_money(total.target, currency)
    if report.gap:
        short = whole_money(report.gap.short, currency)
        return format_html("{} <b>{} short</b> of {}. {}", who, short, target, _remedy(report, report.gap))
    return format_html(
        "{} <b>on course</b>: won and open by confidence come to <b>{} more</b> than the target of {}.",
        who,
        whole_money(total.by_confidence, currency),
        target,
    )


def forecast_summary(report: ForecastReport) -> str:
    """What the chart shows, for those who do not see it."""
    total, currency = report.total.figures, report.forecast.currency
    expected, won, weighted, opened = (
        whole_money(figure, currency) for figure in (total.expected, total.won, total.weighted, total.open)
    )
    return (
        f"Expected {expected} in {report.total.name}: {won} won, {weighted} by confidence of {opened} open. "
        f"The table below has the figures of every {report.query.by}."
    )


def beside(report: ForecastReport) -> list[tuple[str, str]]:
    """What stands in no figure: in words, and what its list is called; targets have no list."""
    figures, currency = report.forecast, report.forecast.currency
    won, lost = figures.won_undated, figures.lost_undated
    worth = f", {whole_money(won.won, currency)}" if won.won else ""
    lines = [
        (figures.overdue.open_deals, _still_open(figures.overdue, "overdue deal", "", currency)),
        (figures.undated.open_deals, _still_open(figures.undated, "deal", " without a date", currency)),
        (won.won_deals, f"{counted(won.won_deals, 'won deal')}{worth}, date unknown"),
        (lost, f"{counted(lost, 'lost deal')}, date unknown"),
    ]
    shown = (Shown.OVERDUE, Shown.UNDATED, Shown.WON_UNDATED, Shown.LOST_UNDATED)
    return [
        *((words, show) for (number, words), show in zip(lines, shown, strict=True) if number),
        *((_without_rate(some), Shown.UNCONVERTED) for some in figures.unconverted),
        *((_target_without_rate(target), "") for target in report.unconverted_targets),
    ]


def _without_rate(some: Unconverted) -> str:
    worth = whole_money(some.value, some.currency)
    return f"{counted(some.deals, 'deal')} worth {worth} without an exchange rate"


def _target_without_rate(target: Target) -> str:
    wanted = whole_money(target.amount, target.currency)
    return f"the target of {wanted} for {target.month:%b %Y}, without an exchange rate"


def _still_open(figures: Figures, noun: str, how: str, currency: str) -> str:
    money, weighted = whole_money(figures.open, currency), whole_money(figures.weighted, currency)
    return f"{counted(figures.open_deals, noun)}{how}, {money} ({weighted} weighted)"


def _no_target(report: ForecastReport) -> SafeString:
    query = report.query
    if any((query.product_line, query.source, query.campaign, query.currency)):
        part = "not for a part of their deals"
        return format_html("Targets are set for months, teams and people, <b>{}</b>.", part)
    return format_html(
        "<b>No target is set</b> for {}. With one, this line says what is missing to reach it.",
        report.total.name,
    )


def who_is(user: User, query: Scope) -> str:
    """Whose figures they are, with the verb: North is, Your team is, You are."""
    if query.owner:
        return "You are" if query.owner == user else f"{query.owner} is"
    if query.team:
        return f"{query.team} is"
    if user.has_perm("leads.view_all_leads"):
        return f"{organisation().name} is"
    return "Your team is" if user.has_perm("leads.view_team_leads") else "You are"


def _remedy(report: ForecastReport, gap: Gap) -> SafeString:
    total, currency = report.total.figures, report.forecast.currency
    if gap.pipeline is None:
        takes = format_html("{}", "Nothing open is expected in this period, so it takes deals that are new")
    else:
        takes = format_html(
            "At a mean confidence of {} that takes <b>{} of new pipeline</b>: about {} of today’s average {}",
            formats.share(total.mean_confidence, 1),
            whole_money(gap.pipeline, currency),
            counted(gap.deals or 0, "deal"),
            whole_money(total.mean_value, currency),
        )
    if not gap.leads:
        return format_html("{}.", takes)
    return format_html(
        "{}, or about <b>{}</b> ({} of the leads closed in the last 12 months were won, at {} each).",
        takes,
        counted(gap.leads, "new lead"),
        formats.share(gap.record.won_share),
        whole_money(gap.record.mean_won, currency),
    )
