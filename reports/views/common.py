"""What the views of all reports share: refusals, lists of deals behind a number, files."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from config.http import render_page
from leads.exports import csv_response, file_response
from leads.organisation import organisation
from pipeline.querysets import DealQuerySet
from reports.catalogue import CATALOGUE
from reports.lists import deal_list, deal_sheet

CHOOSES_A_LIST = (
    *("show", "period", "slice", "passed", "side", "stage", "reason", "page"),
    *("part", "version", "band_then", "percent"),
    *("band", "rep", "way", "number", "closed"),
)


class DealsForm(Protocol):
    """A valid form that knows the deals behind one number, and what that number is."""

    @property
    def title(self) -> str: ...
    def deals(self) -> DealQuerySet: ...


def refuse(request: HttpRequest, form: forms.Form, report: str) -> HttpResponse:
    """Say on the page of the report what is wrong with its address."""
    return render_page(request, f"reports/{report}.html", {"form": form}, fragment=report, status=422)


def list_deals(request: HttpRequest, form: DealsForm, report: str, *, noun: str = "deal") -> HttpResponse:
    """The deals behind one number of a report; `noun` is what the number counts."""
    files = reverse(f"reports:{report}_deals_csv")
    context = {
        "report": CATALOGUE[f"reports:{report}"].name,
        "form": form,
        "back": back_to(request, report),
        "file": f"{files}?{request.GET.urlencode()}",
        "title": form.title,
        "noun": noun,
        "list": deal_list(form.deals(), request.GET.get("page")),
        "currency": organisation().currency,
    }
    return render_page(request, "reports/deals.html", context)


def send_deals(form: DealsForm, report: str) -> HttpResponseBase:
    """All of these deals as a CSV, row by row."""
    return csv_response(f"{report}-deals", deal_sheet(form.deals()))


def send_table(kind: str, name: str, rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The report's own table as a file."""
    return file_response(kind, name, rows)


def back_to(request: HttpRequest, report: str) -> str:
    """The address of the report from which a list was opened."""
    return f"{reverse(f'reports:{report}')}?{_kept(request).urlencode()}"


def _kept(request: HttpRequest) -> QueryDict:
    """What the address asks of the report itself, without what chooses the list."""
    kept = request.GET.copy()
    for name in CHOOSES_A_LIST:
        kept.pop(name, None)
    return kept
