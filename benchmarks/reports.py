"""The reports against the plainest question about the same deals and stage changes."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import connection

from benchmarks.measuring import forget_peak, own_memory, seconds, statements
from benchmarks.results import Table
from benchmarks.sharing import generate_assignments, learn_profile
from leads.models import User
from leads.organisation import organisation, remembered, today
from pipeline.querysets import DealQuerySet
from reports.coverage import coverage
from reports.distribution import distribution
from reports.effectiveness import effectiveness
from reports.forms.accuracy import AccuracyForm
from reports.forms.calibration import CalibrationForm
from reports.forms.coverage import CoverageForm
from reports.forms.distribution import DistributionForm
from reports.forms.effectiveness import EffectivenessForm
from reports.forms.forecast import ForecastForm
from reports.forms.funnel import FunnelDealsForm, FunnelForm
from reports.forms.home import HomeForm
from reports.forms.losses import LossesForm
from reports.forms.profile import ProfileForm
from reports.forms.sources import SourcesForm
from reports.funnel import Passed
from reports.home import home
from reports.lists import deal_sheet
from reports.losses import losses
from reports.outlook import forecast_report
from reports.periods import presets
from reports.profile import profile
from reports.snapshots import take_snapshot
from reports.sources import sources

MOST_STATEMENTS, MOST_TIMES, MOST_TIMES_WITH_MEDIANS = 10, 8, 15
MONTH, MOST_OF_THE_MONTH = "month at a glance", 20  # 15 of its tiles; filters besides
MOST_TIMES_OF_A_TENTH = 12
MOST_GROWTH = 64  # MiB, of a file of all deals
YARDSTICK = """
SELECT count(*), sum(deal.value) FROM pipeline_deal deal
JOIN pipeline_stagechange change ON change.deal_id = deal.lead_id
"""
LEADS = """
UPDATE leads_lead SET status = CASE WHEN id %% 10 = 0 THEN 'qualified' ELSE 'working' END,
       outcome = (ARRAY['open', 'won', 'lost', 'open', 'won'])[1 + id %% 5],
       closed_on = CASE WHEN id %% 5 IN (1, 2, 4) THEN %(today)s::date - (random() * 400)::int END
"""
DEALS = """
UPDATE pipeline_deal deal SET value = round((500 + random() * 40000)::numeric, 2), currency = %(currency)s,
       confidence = 5 + (random() * 90)::int, entered_at = lead.created_at,
       stage_entered_at = lead.created_at, stage_id = stage.id,
       expected_close_on = %(today)s::date - 20 + (random() * 200)::int,
       closed_owner_id = CASE WHEN lead.outcome <> 'open' THEN lead.owner_id END,
       entry_score = scored.total, entry_band_id = (SELECT id FROM scoring_band WHERE "order" = scored.place)
FROM leads_lead lead
JOIN (SELECT id, id * 37 %% 101 AS total, 4 - id * 37 %% 101 / 26 AS place FROM leads_lead) scored USING (id)
JOIN (SELECT id, row_number() OVER (ORDER BY "order") AS place FROM pipeline_stage
      WHERE removed_at IS NULL) stage ON stage.place = 4
WHERE lead.id = deal.lead_id
"""
STAGE_CHANGES = """
INSERT INTO pipeline_stagechange (deal_id, from_stage_id, to_stage_id, entered_at, left_at, confidence,
                                  automatic_confidence, reconstructed, waived, waiver)
SELECT deal.lead_id, before.id, stage.id, deal.entered_at + stage.place * interval '3 days',
       CASE WHEN stage.place < 4 OR lead.outcome <> 'open'
            THEN deal.entered_at + (stage.place + 1) * interval '3 days' END,
       stage.confidence, stage.confidence, false, '[]', ''
FROM pipeline_deal deal
JOIN leads_lead lead ON lead.id = deal.lead_id
CROSS JOIN (SELECT id, confidence, row_number() OVER (ORDER BY "order") AS place FROM pipeline_stage
            WHERE removed_at IS NULL) stage
LEFT JOIN (SELECT id, row_number() OVER (ORDER BY "order") AS place FROM pipeline_stage
           WHERE removed_at IS NULL) before ON before.place = stage.place - 1
WHERE stage.place <= 4
"""
SCORE_DAYS = """
INSERT INTO scoring_scoreday (lead_id, day, state, total, band_id, grade)
SELECT lead.id, lead.created_at::date + number * 30, 'scored',
       (lead.id * 37 + number * 11) %% 101, band.id, ''
FROM leads_lead lead CROSS JOIN generate_series(0, 9) number
JOIN scoring_band band ON band."order" = 4 - (lead.id * 37 + number * 11) %% 101 / 26
WHERE lead.created_at::date + number * 30 < %(today)s
"""


def generate_deals() -> None:
    """Give every deal a value, an end or an expected close, four stages, and a score every thirty days."""
    facts: dict[str, str | date] = {"today": today(), "currency": organisation().currency}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("TRUNCATE pipeline_stagechange, scoring_scoreday")
        for statement in (LEADS, DEALS, STAGE_CHANGES, SCORE_DAYS):
            cursor.execute(statement, facts)
        cursor.execute("VACUUM ANALYZE pipeline_deal, leads_lead, pipeline_stagechange, scoring_scoreday")


def compare_reports(table: Table, few: Mapping[str, float], many: Mapping[str, float]) -> None:
    """Seconds on a tenth of the deals, as far as they are known, against those on all of them."""
    for name, taken in few.items():
        table.add(f"{name} / the same on a tenth", many[name] / taken, "times", MOST_TIMES_OF_A_TENTH)


def measure_reports(table: Table) -> dict[str, float]:
    """Statements, and time in multiples of the yardstick; then a file of all deals. Answers the seconds."""
    generate_deals()
    for number in (1, 8):
        take_snapshot(today().replace(day=number))
    generate_assignments()
    table.add("learning a profile of won leads", seconds(learn_profile, times=1), "s")
    user = User.objects.get(username="admin")
    plain = seconds(_ask_plainly, times=5)
    table.add("count and sum over deals and stage changes", plain * 1_000, "ms")
    works: dict[str, tuple[Callable[[], object], float]] = {
        MONTH: (lambda: _month(user), MOST_TIMES_WITH_MEDIANS),
        "forecast": (lambda: _forecast(user), MOST_TIMES),
        "coverage": (lambda: _coverage(user), MOST_TIMES_WITH_MEDIANS),
        "effectiveness": (lambda: _effectiveness(user), MOST_TIMES_WITH_MEDIANS),
        "accuracy and movement": (lambda: _accuracy(user), MOST_TIMES),
        "calibration": (lambda: _calibration(user), MOST_TIMES_WITH_MEDIANS),
        "funnel, its stays, months and parts": (lambda: _funnel(user), MOST_TIMES_WITH_MEDIANS),
        "the same against the quarter before": (lambda: _two_funnels(user), MOST_TIMES_WITH_MEDIANS),
        "losses": (lambda: _losses(user), MOST_TIMES),
        "distribution": (lambda: _distribution(user), MOST_TIMES_WITH_MEDIANS),
        "ideal customer": (lambda: _profile(user), MOST_TIMES),
        "sources": (lambda: _sources(user), MOST_TIMES_WITH_MEDIANS),
    }
    found = {}
    for name, (work, limit) in works.items():
        with remembered():
            work()
            most = MOST_OF_THE_MONTH if name == MONTH else MOST_STATEMENTS
            table.add(f"{name}: statements of the report", statements(work), "", most)
            found[name] = seconds(work, times=5)
            table.add(f"{name} / count and sum", found[name] / plain, "times", limit)
    before = forget_peak()
    table.add("rows of a CSV of deals", sum(1 for _ in deal_sheet(_all(user))), "")
    table.add("memory that the CSV takes", own_memory() - before, "MiB", MOST_GROWTH)
    return found


def _ask_plainly() -> None:
    with connection.cursor() as cursor:
        cursor.execute(YARDSTICK)
        cursor.fetchone()


def _month(user: User) -> None:
    form = HomeForm({}, user=user)
    assert form.is_valid()
    home(user, form.query())


def _forecast(user: User) -> None:
    form = ForecastForm({}, user=user)
    assert form.is_valid()
    forecast_report(user, form.query(), form.dimension)


def _coverage(user: User) -> None:
    form = CoverageForm({}, user=user)
    assert form.is_valid()
    coverage(user, form.query())


def _effectiveness(user: User) -> None:
    form = EffectivenessForm({}, user=user)
    assert form.is_valid()
    effectiveness(user, form.query())


def _accuracy(user: User) -> None:
    form = AccuracyForm({}, user=user)
    assert form.is_valid()
    form.accuracy()
    form.movement()


def _calibration(user: User) -> None:
    form = CalibrationForm({}, user=user)
    assert form.is_valid()
    assert form.report.slices


def _funnel(user: User, **asked: str) -> None:
    form = FunnelForm(asked, user=user)
    assert form.is_valid(), form.errors
    form.report()


def _two_funnels(user: User) -> None:
    span = presets(today(), 1)["This quarter"]
    _funnel(user, start=str(span.start), end=str(span.end), against="previous")


def _distribution(user: User) -> None:
    form = DistributionForm({}, user=user)
    assert form.is_valid()
    assert distribution(user, form.query()).bands


def _profile(user: User) -> None:
    form = ProfileForm({}, user=user)
    assert form.is_valid()
    assert profile(user, form.query()).fit


def _losses(user: User) -> None:
    form = LossesForm({}, user=user)
    assert form.is_valid()
    losses(user, form.query())


def _sources(user: User) -> None:
    form = SourcesForm({}, user=user)
    assert form.is_valid()
    sources(user, form.query())


def _all(user: User) -> DealQuerySet:
    form = FunnelDealsForm({"passed": Passed.ENTERED}, user=user)
    assert form.is_valid(), form.errors
    return form.deals()
