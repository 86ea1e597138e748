"""A draft simulated on every lead: distribution, moves between bands, and what would fire."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet
from django.db.models.expressions import Expression, OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse

from config.http import render_page
from leads.exports import csv_response
from leads.models import Lead
from leads.paging import page_of
from leads.querysets import visible_leads
from leads.requests import signed_in
from scoring.admin.naming import named
from scoring.models import Band, ScoringModel, SimulatedMove, Trial, TrialKind
from scoring.trials import start_simulation
from scoring.trials.reading import Matrix, band_matrix, band_names

TEMPLATE = "admin/scoring/scoringmodel/simulate.html"
ORDERS: dict[str, F | Expression] = {
    "change": ExpressionWrapper(F("total_after") - F("total_before"), IntegerField()),
    "before": F("total_before"),
    "after": F("total_after"),
    "lead": F("lead"),
}
STEP = 5  # points in a column of the distribution


def simulate(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Start a simulation, or show the last one."""
    if request.method == "POST":
        start_simulation(model, by=signed_in(request))
        return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_simulate", args=[model.pk]))
    trial = last_trial(model, TrialKind.SIMULATION)
    shown = {"step": "simulate", "title": f"Simulate {model.name}", "trial": trial}
    if trial and trial.result:
        shown |= _found(request, trial, trial.result, model.revision)
    return render_page(request, TEMPLATE, context | shown, fragment="moves")


def last_trial(model: ScoringModel, kind: str) -> Trial | None:
    """The latest trial of this kind of a version."""
    return model.trials.filter(kind=kind).select_related("live", "by").first()


def _found(request: HttpRequest, trial: Trial, result: dict[str, Any], revision: int) -> dict[str, Any]:
    matrix, names = band_matrix(result["matrix"]), band_names()
    order, direction = _order(request)
    moves = _moves(request, trial)
    page = page_of(moves, request.GET.get("page", ""), shown=moves.select_related("before", "after"))
    leads = Lead.objects.with_names().in_bulk([move.lead_id for move in page.rows])
    for move in page.rows:
        move.lead = leads[move.lead_id]
    return {
        "matrix": matrix,
        "finding": finding(matrix),
        "figures": _figures(result, matrix),
        "steps": [
            (f"{place * STEP}–{place * STEP + STEP - 1 + (place == 19)}", before, after)
            for place, (before, after) in enumerate(zip(result["before"], result["after"], strict=True))
        ],
        "crossings": [
            (names.get(was), names.get(becomes), leads) for was, becomes, leads in result["crossings"]
        ],
        "lanes": _lanes(result["crossings"]),
        "qualifies": result["qualifies"],
        "consumers": result["consumers"],
        "page": page,
        "order": order,
        "direction": direction,
        "is_stale": trial.options["revision"] != revision,
    }


def finding(matrix: Matrix) -> str:
    """The distribution in a sentence."""
    return f"{matrix.up:,} leads move up a band, {matrix.down:,} move down, {matrix.same:,} stay."


def _figures(result: dict[str, Any], matrix: Matrix) -> dict[str, Any]:
    return {"live": result["before"], "draft": result["after"], "step": STEP, "leads": matrix.leads}


def _lanes(crossings: list[list[Any]]) -> list[tuple[str, int]]:
    """How many leads would newly fall to each lane."""
    bands = {band.key: band for band in Band.objects.all()}
    lanes: dict[str, int] = {}
    for _, becomes, leads in crossings:
        lane = bands[becomes].get_lane_display() if becomes in bands else "Out of scoring"
        lanes[lane] = lanes.get(lane, 0) + leads
    return list(lanes.items())


def _order(request: HttpRequest) -> tuple[str, str]:
    order = request.GET.get("order", "")
    direction = "ascending" if request.GET.get("direction") == "ascending" else "descending"
    return order if order in ORDERS else "change", direction


def _moves(request: HttpRequest, trial: Trial) -> QuerySet[SimulatedMove]:
    """The leads that change band and that the user may see, as asked for."""
    moves = trial.moves.filter(visible_leads(signed_in(request), "lead__"))
    for side in ("before", "after"):
        if key := request.GET.get(f"band_{side}"):
            moves = moves.filter(**{f"{side}__key": key})
    order, direction = _order(request)
    by = OrderBy(ORDERS[order], descending=direction == "descending", nulls_last=True)
    return moves.order_by(by, "pk")


def moves_csv(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> StreamingHttpResponse:
    """Every lead that would change its band."""
    trial = last_trial(model, TrialKind.SIMULATION)
    moves = _moves(request, trial) if trial else SimulatedMove.objects.none()
    return csv_response(f"simulation-{model.pk}", _sheet(moves))


def _sheet(moves: QuerySet[SimulatedMove]) -> Iterator[list[Any]]:
    yield ["Lead", "Name", "Band before", "Band after", "Points before", "Points after", "Fires"]
    columns = ("lead", "before__name", "after__name", "total_before", "total_after", "fires")
    yield from named(moves.values_list(*columns).iterator())
