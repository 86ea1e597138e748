"""Which leads count as closed, and the last day on which their outcome was not known yet."""

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from leads.models import Lead, StatusChange
from leads.models.leads import REJECTED, Outcome, Status
from leads.organisation import organisation
from scoring.models import ScoringModel

ENTERING = "entering"  # the cut: the day on which a lead entered the pipeline
MOST_DAYS = 3_650

# An outcome dates from the closing day, else from the day on which it was recorded; what was learnt on that
# day or later tells it. A rejected lead is open, and its rejection is its outcome.
DAYS = """
    SELECT lead.id, lead.outcome = 'won' AS is_won,
           COALESCE(lead.closed_on, (ended.at AT TIME ZONE %(zone)s)::date,
                    (lead.created_at AT TIME ZONE %(zone)s)::date) AS outcome_on,
           (entered.at AT TIME ZONE %(zone)s)::date AS entered_on
    FROM leads_lead AS lead
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM leads_statuschange
        WHERE lead_id = lead.id AND outcome_after = lead.outcome AND after = lead.status) AS ended ON TRUE
    LEFT JOIN LATERAL (
        SELECT min(at) AS at FROM leads_statuschange
        WHERE lead_id = lead.id AND before = 'new' AND after IN ('working', 'qualified')) AS entered ON TRUE
    WHERE lead.id IN ({concerned})
"""
CUTS = {
    True: "LEAST(entered_on, outcome_on - 1)",  # LEAST leaves out the day of entering when there is none
    False: "outcome_on - %(days)s",
}


def closed_leads() -> QuerySet[Lead]:
    """Won, lost and disqualified leads, and those that a rep rejected, which count as lost."""
    step = StatusChange.objects.filter(lead=OuterRef(OuterRef("pk"))).order_by("-at", "-pk")
    latest = StatusChange.objects.filter(pk=step.values("pk")[:1])
    rejected = latest.filter(after=Status.NURTURING, reason=REJECTED)
    return Lead.objects.filter(
        ~Q(outcome=Outcome.OPEN) | Q(outcome=Outcome.OPEN, status=Status.NURTURING) & Exists(rejected)
    ).order_by()


def closed_under(model: ScoringModel) -> QuerySet[Lead]:
    """The closed leads that a version scores once it is live."""
    if model.product_line_id:
        return closed_leads().filter(product_line=model.product_line_id)
    own = ScoringModel.objects.active().filter(product_line=OuterRef("product_line"))
    return closed_leads().filter(~Exists(own))


def count_outcomes(leads: QuerySet[Lead]) -> tuple[int, int]:
    """How many won, and how many did not."""
    counts = leads.aggregate(won=Count("pk", filter=Q(outcome=Outcome.WON)), closed=Count("pk"))
    return counts["won"], counts["closed"] - counts["won"]


def write_places(trial_id: int, leads: QuerySet[Lead], *, days_before: int | None) -> int:
    """Note the closed leads with the day each is looked at, in the order of these days; answers how many.

    Without `days_before` that is the day on which the lead entered the pipeline, as far as it is known.
    """
    concerned, params = leads.values("pk").query.sql_with_params()
    named = {f"p{index}": param for index, param in enumerate(params)}
    ids = concerned % tuple(f"%(p{index})s" for index in range(len(params)))
    cut = CUTS[days_before is None]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_backtestedlead (trial_id, lead_id, place, is_won, day, is_recorded) "
            f"SELECT %(trial)s, id, row_number() OVER (ORDER BY {cut}, id) - 1, is_won, {cut}, FALSE "
            f"FROM ({DAYS.format(concerned=ids)}) AS closed",
            {"trial": trial_id, "zone": organisation().time_zone, "days": days_before, **named},
        )
        return int(cursor.rowcount)
