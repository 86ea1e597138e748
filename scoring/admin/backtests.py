"""A draft tested on closed leads: how well it tells won from lost, beside the live model."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from config.refusals import Refusal
from leads.exports import csv_response
from leads.querysets import visible_leads
from leads.requests import signed_in
from scoring.admin.naming import named
from scoring.admin.simulations import last_trial
from scoring.models import BacktestedLead, ScoringModel, Trial, TrialKind
from scoring.trials import start_backtest
from scoring.trials.closed import MOST_DAYS
from scoring.trials.reading import band_names

TEMPLATE = "admin/scoring/scoringmodel/backtest.html"
CUTS = [("entering", "On the day it entered the pipeline"), ("before", "Some days before its outcome")]
EVERY = 5  # points between two thresholds that are shown


class CutForm(forms.Form):
    cut = forms.ChoiceField(label="Look at each lead", choices=CUTS, initial="entering")
    days = forms.IntegerField(
        label="Days before", min_value=1, max_value=MOST_DAYS, initial=30, required=False
    )
    precision = forms.IntegerField(label="Precision wished, in %", min_value=1, max_value=100, initial=80)

    @property
    def days_before(self) -> int | None:
        return self.cleaned_data["days"] or 30 if self.cleaned_data["cut"] == "before" else None


def backtest(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Start a backtest, or show the last one."""
    form = CutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            start_backtest(
                model,
                by=signed_in(request),
                days_before=form.days_before,
                precision=form.cleaned_data["precision"] / 100,
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_backtest", args=[model.pk]))
    trial = last_trial(model, TrialKind.BACKTEST)
    shown = {"step": "backtest", "title": f"Backtest {model.name}", "trial": trial, "form": form}
    if trial and trial.result and trial.result.get("draft"):
        shown |= _found(trial.result, trial.options["precision"])
        shown["is_stale"] = trial.options["revision"] != model.revision
    return render(request, TEMPLATE, context | shown, status=422 if form.errors else 200)


def _found(result: dict[str, Any], precision: float) -> dict[str, Any]:
    draft, live = result["draft"], result["live"]
    names = band_names()
    return {
        "draft": draft,
        "live": live,
        "base": result["n_won"] / (result["n_won"] + result["n_lost"]),
        "tenths": list(_beside(draft["tenths"], live["tenths"] if live else [], "place")),
        "bands": [
            (names[key], one, other)
            for key, one, other in _by_band(draft["bands"], live["bands"] if live else [])
        ],
        "thresholds": [
            (one, other)
            for one, other in _beside(draft["thresholds"], live["thresholds"] if live else [], "score")
            if one["score"] % EVERY == 0
        ],
        "precision": precision,
        "figures": {
            "base": result["n_won"] / (result["n_won"] + result["n_lost"]),
            "draft": [part["rate"] for part in draft["tenths"]],
            "live": [part["rate"] for part in live["tenths"]] if live else [],
        },
    }


Figures = dict[str, Any]


def _beside(draft: list[Figures], live: list[Figures], key: str) -> Iterator[tuple[Figures, Figures | None]]:
    """Rows of the draft with those of the live model of the same key."""
    others = {row[key]: row for row in live}
    for row in draft:
        yield row, others.get(row[key])


def _by_band(
    draft: list[Figures], live: list[Figures]
) -> Iterator[tuple[str | None, Figures | None, Figures | None]]:
    """Every band that either model gives, the best first, the excluded last."""
    ones, others = ({row["band"]: row for row in rows} for rows in (draft, live))
    for key in band_names():
        if key in ones or key in others:
            yield key, ones.get(key), others.get(key)


def leads_csv(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> StreamingHttpResponse:
    """Every closed lead of the last backtest, as it stood."""
    trial = last_trial(model, TrialKind.BACKTEST)
    rows = _rows(request, trial) if trial else BacktestedLead.objects.none()
    return csv_response(f"backtest-{model.pk}", _sheet(rows))


def _rows(request: HttpRequest, trial: Trial) -> QuerySet[BacktestedLead]:
    return BacktestedLead.objects.filter(visible_leads(signed_in(request), "lead__"), trial=trial)


def _sheet(rows: QuerySet[BacktestedLead]) -> Iterator[list[Any]]:
    yield ["Lead", "Name", "Day", "Won", "Draft", "Draft band", "Live", "Live band", "Facts of that day"]
    columns = ("lead", "day", "is_won", "total", "band__name", "live_total", "live_band__name", "is_recorded")
    yield from named(rows.order_by("place").values_list(*columns).iterator())
