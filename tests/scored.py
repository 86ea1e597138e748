"""Scores for tests of pages: written straight into the rows, as the engine would have left them."""

from datetime import timedelta

from leads.models import Lead
from leads.organisation import today
from scoring.models import Band, LeadScore, ScoreDay, ScoringModel
from scoring.pending import drain_scores

STEPS = {"hot": 70, "warm": 40, "cold": 10, "dead": 0}  # where the default model's bands begin


def score(lead: Lead, total: int, *, band: str = "", week_ago: int | None = None) -> Lead:
    """Give a lead a score, half of it fit; `band` is the one its total enters, unless named."""
    drain_scores([lead.pk])  # so that no worker scores it again after this
    key = band or next(key for key, enter in STEPS.items() if total >= enter)
    model = ScoringModel.objects.active().get(product_line=None)
    facts = {"state": "scored", "total": total, "fit": total * 5, "engagement": total * 5, "grade": "B2"}
    facts |= {"model": model, "band": Band.objects.get(key=key)}
    LeadScore.objects.filter(pk=lead.pk).update(**facts, as_of=today())
    if week_ago is not None:
        day = today() - timedelta(days=9)
        ScoreDay.objects.create(lead=lead, day=day, **{**facts, "total": week_ago})
    return Lead.objects.get(pk=lead.pk)
