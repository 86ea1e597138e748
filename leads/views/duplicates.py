"""The warning while somebody types a lead, contact or company that may be here already."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.duplicates import find_duplicates
from leads.models import Company, Contact
from leads.requests import signed_in, whole_number


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """What is already there of `email`, `company_name` or `name`, and `domain`, but for what is edited."""
    typed = request.GET
    duplicates = find_duplicates(
        email=typed.get("email", ""),
        company_name=typed.get("company_name", "") or typed.get("name", ""),
        domain=typed.get("domain", ""),
        user=signed_in(request),
        besides=_edited(Company, typed.get("company", "")) or _edited(Contact, typed.get("contact", "")),
    )
    return render(request, "leads/duplicates.html", {"duplicates": duplicates})


def _edited(model: type[Company | Contact], text: str) -> Company | Contact | None:
    number = whole_number(text)
    return None if number is None else model(pk=number)
