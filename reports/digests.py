"""What a letter says of each report: its figures in words, its finding, and its table as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from leads import formats
from leads.models import User
from leads.organisation import today
from reports.coverage import coverage
from reports.distribution import distribution
from reports.effectiveness import effectiveness
from reports.findings.accuracy import accuracy_finding
from reports.findings.calibration import calibration_finding
from reports.findings.coverage import coverage_finding
from reports.findings.distribution import distribution_finding
from reports.findings.effectiveness import effectiveness_finding
from reports.findings.forecast import forecast_finding
from reports.findings.funnel import funnel_finding
from reports.findings.home import home_finding
from reports.findings.losses import losses_finding
from reports.findings.profile import profile_finding
from reports.findings.sources import sources_finding
from reports.findings.words import part_leads, whole_money
from reports.forms.accuracy import AccuracyForm
from reports.forms.calibration import CalibrationForm
from reports.forms.coverage import CoverageForm
from reports.forms.distribution import DistributionForm
from reports.forms.effectiveness import EffectivenessForm
from reports.forms.forecast import ForecastForm
from reports.forms.funnel import FunnelForm
from reports.forms.home import HomeForm
from reports.forms.losses import LossesForm
from reports.forms.profile import ProfileForm
from reports.forms.sources import SourcesForm
from reports.home import home
from reports.losses import losses
from reports.outlook import Line, forecast_report
from reports.periods import Span
from reports.profile import profile
from reports.sheets.accuracy import accuracy_sheet
from reports.sheets.calibration import calibration_sheet
from reports.sheets.cells import Cells
from reports.sheets.coverage import coverage_sheet
from reports.sheets.distribution import distribution_sheet
from reports.sheets.effectiveness import effectiveness_sheet
from reports.sheets.forecast import forecast_sheet
from reports.sheets.funnel import funnel_sheet
from reports.sheets.home import home_sheet
from reports.sheets.losses import losses_sheet
from reports.sheets.profile import profile_sheet
from reports.sheets.sources import sources_sheet
from reports.sources import sources

Figures = list[tuple[str, str]]


@dataclass(frozen=True)
class Digest:
    """A report in a few lines; `days` are those that it covers, in words."""

    days: str
    figures: Figures
    finding: SafeString
    sheet: Iterable[Cells]


def home_digest(form: HomeForm, user: User) -> Digest:
    report = home(user, form.query())
    rot = f"{whole_money(report.rot.value, report.currency)} in {formats.count(report.rot.deals)}"
    figures = [
        *_month_figures(report.month, report.currency),
        ("Rotting deals", rot),
        ("People over capacity", formats.count(len(report.overloaded))),
    ]
    return Digest(report.month.name, figures, home_finding(report, user), home_sheet(report))


def forecast_digest(form: ForecastForm, user: User) -> Digest:
    report = forecast_report(user, form.query(), form.dimension)
    figures = _month_figures(report.total, report.forecast.currency)
    return Digest(report.total.name, figures, forecast_finding(report, user), forecast_sheet(report))


def coverage_digest(form: CoverageForm, user: User) -> Digest:
    report = coverage(user, form.query())
    money = {
        "Needed": report.need,
        "Won": report.figures.won,
        "Open, weighted": report.figures.weighted,
        "Gap": report.gap,
    }
    figures = [(name, whole_money(amount, report.currency)) for name, amount in money.items()]
    return Digest(report.span.label, figures, coverage_finding(report), coverage_sheet(report))


def accuracy_digest(form: AccuracyForm, user: User) -> Digest:
    report, query = form.accuracy(), form.query()
    figures = [("Mean error, of what was won", formats.share(report.mean_error))]
    sheet = accuracy_sheet(report, form.movement())
    return Digest(Span(query.start, query.end).label, figures, accuracy_finding(report), sheet)


def funnel_digest(form: FunnelForm, user: User) -> Digest:
    query, report = form.query(), form.report()
    found = report.funnel
    counts = {"Entered": found.entered, "Won": found.won, "Still open": found.open, "Lost": found.lost}
    figures = [(name, formats.count(number)) for name, number in counts.items()]
    figures.append(("Win rate", formats.share(found.win_rate, 2)))
    sheet = funnel_sheet(report, form.cleaned_data["table"])
    return Digest(_days(query.start, query.end), figures, funnel_finding(found), sheet)


def calibration_digest(form: CalibrationForm, user: User) -> Digest:
    report, query = form.report, form.query()
    brier = report.total.brier
    figures = [
        ("Closed deals", formats.count(report.deals)),
        ("Won", formats.count(report.won)),
        ("Brier score", formats.NONE if brier is None else f"{brier:.4f}"),
        ("Stages to change", formats.count(len(report.proposals))),
    ]
    days = _days(query.start, query.end)
    return Digest(days, figures, calibration_finding(report), calibration_sheet(report))


def effectiveness_digest(form: EffectivenessForm, user: User) -> Digest:
    query = form.query()
    report = effectiveness(user, query)
    auc = report.evidence.auc
    figures = [
        ("Closed", formats.count(report.total.closed)),
        ("Win rate", formats.share(report.total.win_rate, 2)),
        ("ROC AUC of the score on entering", f"{auc.value:.3f}" if auc else formats.NONE),
    ]
    sheet = effectiveness_sheet(report, query.split, query.by)
    return Digest(_days(query.start, query.end), figures, effectiveness_finding(report), sheet)


def losses_digest(form: LossesForm, user: User) -> Digest:
    query = form.query()
    report = losses(user, query)
    figures = [
        ("Lost", formats.count(report.total.deals)),
        ("Lost value", whole_money(report.total.value, report.currency)),
        ("Won", formats.count(report.won)),
        ("Disqualified", formats.count(report.disqualified)),
    ]
    return Digest(_days(query.start, query.end), figures, losses_finding(report), losses_sheet(report))


def sources_digest(form: SourcesForm, user: User) -> Digest:
    query = form.query()
    report = sources(user, query)
    total, currency = report.total, report.currency
    figures = [
        ("Leads", formats.count(total.leads)),
        ("Won", formats.count(total.won)),
        ("Revenue", whole_money(total.revenue, currency)),
        ("Cost", whole_money(total.cost, currency)),
        ("Cost per won deal", whole_money(total.cost_per_won, currency)),
    ]
    return Digest(_days(query.start, query.end), figures, sources_finding(report), sources_sheet(report))


def distribution_digest(form: DistributionForm, user: User) -> Digest:
    query = form.query()
    report = distribution(user, query)
    figures = [
        ("Received", formats.count(report.received)),
        ("Dealt out in turn", formats.count(report.dealt)),
        ("Largest difference from a fair share", part_leads(report.largest)),
    ]
    days = _days(query.start, query.end)
    return Digest(days, figures, distribution_finding(report), distribution_sheet(report))


def profile_digest(form: ProfileForm, user: User) -> Digest:
    query = form.query()
    report = profile(user, query)
    fit = report.fit
    figures = [
        ("Won leads learnt from", formats.count(report.won)),
        ("Lost leads learnt from", formats.count(report.lost)),
        ("Open leads that fit", formats.count(fit.fits if fit else None)),
    ]
    return Digest(_days(query.start, query.end), figures, profile_finding(report), profile_sheet(report))


def _month_figures(line: Line, currency: str) -> Figures:
    found = line.range
    spread = (
        f"{whole_money(found.p10, currency)} – {whole_money(found.p90, currency)}" if found else formats.NONE
    )
    return [
        ("Expected", whole_money(line.figures.expected, currency)),
        ("P10 – P90", spread),
        ("Won", whole_money(line.figures.won, currency)),
        ("Open, weighted", whole_money(line.figures.weighted, currency)),
        ("Target", whole_money(line.target, currency)),
    ]


def _days(start: date | None, end: date | None) -> str:
    if start and end:
        return Span(start, end).label
    if start or end:
        day = formats.short_date(start or end, today())
        return f"from {day}" if start else f"until {day}"
    return "since the beginning"
