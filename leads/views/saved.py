"""Saved views: kept from the page that they are of, and deleted there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from config.refusals import Refusal
from leads.actions import delete_view, save_view
from leads.models import SavedView
from leads.requests import signed_in


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    try:
        view = save_view(request.POST.get("name", ""), page=page, query=query, by=signed_in(request))
        messages.success(request, f"“{view}” is saved.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return _back(page, query)


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, user=signed_in(request))
    delete_view(view, by=signed_in(request))
    messages.success(request, f"“{view}” is deleted.")
    return _back(view.page, request.POST.get("query", ""))


def _back(page: str, query: str) -> HttpResponse:
    """To the page as it was asked for; to the beginning when there is no such page."""
    try:
        return redirect(f"{reverse(page)}?{query}" if query else reverse(page))
    except NoReverseMatch:
        return redirect("home")
