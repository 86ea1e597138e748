"""Values from the data, as options beside the field in which a rule's value is typed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from scoring.catalogue import read_catalogue
from scoring.workshop.values import known_values


def known_values_page(request: HttpRequest) -> HttpResponse:
    """The commonest values of a field that contain what is typed."""
    if not request.user.has_perm("scoring.change_scoringmodel"):
        raise Http404
    field = read_catalogue().field(request.GET.get("field", ""))
    typed = next((request.GET.get(name, "") for name in request.GET if name.startswith(("at:", "add:"))), "")
    values = known_values(field, typed) if field else []
    return render(request, "admin/scoring/scoringmodel/values.html", {"values": values})
