"""A draft tried on one lead, rule by rule beside what is live."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from config.http import render_page
from leads.models import Lead
from leads.requests import signed_in, whole_number
from scoring.explain import explain_under
from scoring.explanations import Explanation
from scoring.live import by_model, live_models
from scoring.models import Band, ScoringModel
from scoring.rows import load_definition
from scoring.workshop.trying import band_at, beside

FOUND = 8  # leads offered
TEMPLATE = "admin/scoring/scoringmodel/try.html"


def try_lead(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Search a lead; show its score under this version and under the live one, as of today."""
    leads = Lead.objects.visible_to(signed_in(request)).as_listed()
    text = request.GET.get("q", "").strip()
    found = leads.matching(text) if text else leads
    lead = leads.filter(pk=whole_number(request.GET.get("lead", "")) or 0).first()
    shown = {
        "model": model,
        "step": "try",
        "title": f"Try {model.name}",
        "q": text,
        "found": found[:FOUND],
        "lead": lead,
        "is_gone": "lead" in request.GET and lead is None,
    }
    if lead:
        shown |= _tried(lead, model)
    return render_page(request, TEMPLATE, context | shown, fragment="found")


def _tried(lead: Lead, model: ScoringModel) -> dict[str, Any]:
    governing = next(iter(by_model({lead.pk: lead.product_line_id}, live_models())), None)
    live = governing and ScoringModel.objects.select_related("product_line").get(pk=governing.pk)
    now = explain_under(lead, live) if live else Explanation("unscored")
    then = explain_under(lead, model)
    bands = {band.key: band for band in Band.objects.all()}
    before = lead.score.band.key if lead.score.band else ""
    return {
        "live": live,
        "sides": [
            (name, side, bands.get(band_at(side.total, load_definition(version).bands, before)))
            for name, version, side in ((("Live", live, now),) if live else ()) + (("Draft", model, then),)
        ],
        "now": now,
        "then": then,
        "groups": beside(now, then),
        "difference": None if None in (now.total, then.total) else (then.total or 0) - (now.total or 0),
    }
