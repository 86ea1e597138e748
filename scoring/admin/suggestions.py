"""What history suggests for a draft: what won leads share, a fitted model, and the ideal customer by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from config.refusals import Refusal
from leads.requests import signed_in, whole_number
from scoring.actions import add_rule, describe_ideal
from scoring.catalogue import read_catalogue
from scoring.definition import FaultyDefinition, write_definition
from scoring.ideal import (
    CRITERIA,
    GRADES,
    Profile,
    ideal_groups,
    read_profile,
    read_range,
    replaced_by_hand,
)
from scoring.models import ModelStatus, ScoringModel, Trial, TrialKind
from scoring.rows import load_definition
from scoring.trials import start_fit
from scoring.trials.leaking import label_of, listed_leaks, unknown_leaks

TEMPLATE = "admin/scoring/scoringmodel/suggestions.html"
HELP = {
    "industries": "Such as manufacturing, logistics",
    "sizes": "Employees, such as 100-499, 500+",
    "revenues": "A year, such as 1M-10M, 50M+",
    "roles": "Job titles or seniority, such as CFO, Head of",
    "countries": "Names or codes, such as Sweden, DE",
}


class IdealForm(forms.Form):
    """Best, better and good of each criterion, separated by commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in CRITERIA:
            for grade, points in GRADES.items():
                self.fields[f"{criterion.key}_{grade}"] = forms.CharField(
                    label=f"{grade.capitalize()}, {points} points",
                    required=False,
                    max_length=500,
                    widget=forms.TextInput(
                        attrs={"placeholder": HELP[criterion.key] if grade == "best" else ""}
                    ),
                )

    def clean(self) -> dict[str, Any]:
        """Ranges must be ranges."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [f"{c.key}_{grade}" for c in CRITERIA if c.is_range for grade in GRADES]:
            try:
                for text in listed(cleaned.get(name, "")):
                    read_range(text)
            except ValueError as error:
                self.add_error(name, str(error))
        return cleaned

    def profile(self) -> dict[str, dict[str, list[str]]]:
        """What was said, by criterion and grade."""
        return {
            criterion.key: {grade: listed(self.cleaned_data[f"{criterion.key}_{grade}"]) for grade in GRADES}
            for criterion in CRITERIA
        }

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each criterion."""
        return [(c.group, [self[f"{c.key}_{grade}"] for grade in GRADES]) for c in CRITERIA]


def listed(text: str) -> list[str]:
    """Values between commas."""
    return [part for part in map(str.strip, text.split(",")) if part]


def suggestions(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """What was learnt last for this product line, and the form of the ideal customer."""
    return _page(request, model, context, ideal_form(model))


def ideal_form(model: ScoringModel) -> IdealForm:
    """The form as the draft's groups say."""
    profile = read_profile(write_definition(load_definition(model)))
    said = {
        f"{key}_{grade}": ", ".join(values)
        for key, grades in profile.items()
        for grade, values in grades.items()
    }
    return IdealForm(initial=said)


def _page(
    request: HttpRequest, model: ScoringModel, context: dict[str, Any], form: IdealForm, status: int = 200
) -> HttpResponse:
    trial = last_fit(model)
    result = (trial.result if trial else None) or {}
    catalogue = read_catalogue()
    unknown = unknown_leaks(catalogue)
    shown = {
        "step": "suggestions",
        "title": f"Suggestions for {model.name}",
        "trial": trial,
        "result": result,
        "shares": result.get("shares") or [],
        "listed": sorted(label_of(path, catalogue) for path in listed_leaks(catalogue).difference(unknown)),
        "unknown": unknown,
        "form": form,
        "is_draft": model.status == ModelStatus.DRAFT,
    }
    return render(request, TEMPLATE, context | shown, status=status)


def last_fit(model: ScoringModel) -> Trial | None:
    """The last look at the history of this product line."""
    fits = Trial.objects.filter(kind=TrialKind.FIT, product_line=model.product_line)
    return fits.select_related("model", "by").first()


def learn(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Look at history in the background; with `draft` a draft comes of the fitted model."""
    try:
        start_fit(
            model.product_line,
            by=signed_in(request),
            order=request.POST.get("order") or None,
            stores="draft" in request.POST,
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return to_suggestions(model)


def take_rule(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Make a rule of one thing that won leads share, in this draft."""
    trial, place = last_fit(model), whole_number(request.POST.get("place", ""))
    found = ((trial.result or {}) if trial else {}).get("shares") or []
    if place is None or place >= len(found):
        raise Http404("There is no such suggestion.")
    share = found[place]
    try:
        add_rule(model, share["group"], share["rule"], by=signed_in(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    except FaultyDefinition as faulty:
        messages.error(request, f"Not added: {'; '.join(map(str, faulty.faults))}")
    else:
        messages.success(request, f"Added “{share['rule']['name']}” with {share['points']:+d} points.")
    return to_suggestions(model)


def ideal(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Write the fit groups of the ideal customer into this draft."""
    if request.method != "POST":
        return to_suggestions(model)
    form = IdealForm(request.POST)
    if form.is_valid():
        profile = form.profile()
        replaced = replaced_by_hand(write_definition(load_definition(model)), profile)
        try:
            describe_ideal(model, profile, by=signed_in(request))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        except FaultyDefinition as faulty:
            form.add_error(None, f"Nothing was stored: {'; '.join(map(str, faulty.faults))}")
        else:
            messages.success(request, _told(profile, replaced))
            return to_suggestions(model)
    return _page(request, model, context, form, status=422)


def _told(profile: Profile, replaced: list[str]) -> str:
    """What was written into the draft, and what had to give way."""
    written = [group["name"] for group in ideal_groups(profile)]
    said = f"Written: {', '.join(written)}." if written else "Nothing is said, so no group was written."
    given = f" What was written by hand as {', '.join(replaced)} gave way." if replaced else ""
    return f"{said}{given} Only this draft has changed."


def to_suggestions(model: ScoringModel) -> HttpResponse:
    """The page itself."""
    return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_suggestions", args=[model.pk]))
