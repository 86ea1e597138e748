"""What counts in a lead's score: signals under review, comments on lines, exclusion by hand."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from config.refusals import Refusal
from leads.actions import review_activity
from leads.models import Lead, User
from leads.models.activities import Doer, Trust
from leads.requests import signed_in
from pipeline.forms.trust import CommentForm, ExclusionForm, ReviewForm
from pipeline.views.dialogs import Dialog, ask, lead_of, sent
from pipeline.views.work import asked_or_sent
from scoring.actions import comment_on_line, exclude_domain, exclude_lead, lift_exclusion
from scoring.actions.excluding import FREE_MAIL
from scoring.exclusions import domains_of, exclusions_of
from scoring.models import ScoringModel


class NothingToLift(Refusal):
    """Nothing that keeps the lead out is this person's to lift."""


REVIEWED = {
    Trust.OK: "The signal counts again",
    Trust.QUARANTINED: "The signal is held back",
    Trust.REJECTED: "The signal does not count",
}


@asked_or_sent
def lead_review(request: HttpRequest, pk: int, activity_pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    signals = lead.activities.select_related("kind").filter(kind__by=Doer.PROSPECT)
    activity = get_object_or_404(signals, pk=activity_pk)
    form = ReviewForm(activity, signed_in(request), sent(request))
    action = reverse("leads:review", args=[pk, activity_pk])
    dialog = Dialog(f"Review: {activity}", "Save", action, lead.get_absolute_url())

    def change() -> str:
        review_activity(activity, by=signed_in(request), **form.cleaned_data)
        return REVIEWED[form.cleaned_data["trust"]]

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_comment(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = CommentForm(sent(request), initial=request.GET.dict())
    title = f"Comment on {form['rule'].value() or 'a line'}"
    dialog = Dialog(title, "Send comment", reverse("leads:comment", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        model = get_object_or_404(ScoringModel, pk=lead.score.model_id)
        comment_on_line(lead, model=model, by=signed_in(request), **form.cleaned_data)
        return "Comment sent"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_exclude(request: HttpRequest, pk: int) -> HttpResponse:
    lead, user = lead_of(request, pk), signed_in(request)
    form = ExclusionForm(_domains(lead, user), sent(request))
    action = reverse("leads:exclude", args=[pk])
    text = "It has no score and no band until this is lifted. Its status and deal stay as they are."
    dialog = Dialog(f"Exclude {lead}", "Exclude", action, lead.get_absolute_url(), text, is_grave=True)

    def change() -> str:
        if (whom := form.cleaned_data["whom"]) == "lead":
            exclude_lead(lead, by=user, why=form.reason)
            return f"{lead} is out of scoring"
        exclude_domain(whom, by=user, why=form.reason)
        return f"Everybody of {whom} is out of scoring"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_include(request: HttpRequest, pk: int) -> HttpResponse:
    lead, user = lead_of(request, pk), signed_in(request)
    keeping = list(exclusions_of(lead, domains_of(lead)))
    may_lift = [exclusion for exclusion in keeping if exclusion.lead_id or _decides_for_others(user)]
    dialog = Dialog(
        f"Score {lead} again",
        "Lift",
        reverse("leads:include", args=[pk]),
        lead.get_absolute_url(),
        _what_is_lifted([str(exclusion) for exclusion in may_lift], len(keeping)),
    )

    def change() -> str:
        if not may_lift:
            raise NothingToLift("There is nothing that you could lift.")
        for exclusion in may_lift:
            lift_exclusion(exclusion, by=user)
        return f"{lead} is scored again"

    return ask(request, dialog, forms.Form(sent(request)), change)


def _domains(lead: Lead, user: User) -> list[str]:
    """Those that this user may exclude: a domain concerns the leads of others too."""
    if not _decides_for_others(user):
        return []
    return [domain for domain in domains_of(lead) if domain not in FREE_MAIL]


def _decides_for_others(user: User) -> bool:
    return user.has_perm("leads.assign_leads")


def _what_is_lifted(lifted: list[str], keeping: int) -> str:
    if lifted:
        return f"This is lifted: {'; '.join(lifted)}."
    if keeping:
        return "Its domain is excluded. A manager or administrator can lift that."
    return "A rule of the scoring model excludes it, so there is nothing to lift here."
