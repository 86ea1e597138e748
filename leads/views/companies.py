"""Companies: the list, one of them, adding and editing; everybody's, with the leads that one may see."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from config.http import redirect_browser, render_page
from leads.actions import save_company
from leads.attributes import shown_values
from leads.duplicates import Duplicate, find_duplicates
from leads.forms import CompanyForm
from leads.models import Company, Contact
from leads.models.fields import FieldEntity
from leads.organisation import organisation
from leads.paging import page_of
from leads.requests import signed_in

SHOWN = 50  # leads or contacts on a company's page


@require_safe
def company_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found, shown = (
        Company.objects.matching(text).by_name(),
        Company.objects.with_open_leads(signed_in(request)),
    )
    context = {"page": page_of(found, request.GET.get("page", ""), shown=shown), "text": text}
    return render_page(request, "leads/companies.html", context, fragment="companies")


@require_safe
def company_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    company = get_object_or_404(Company.objects.select_related("parent"), pk=pk)
    leads = list(company.leads.visible_to(user).as_listed()[: SHOWN + 1])
    contacts = list(Contact.objects.visible_to(user).filter(company=company).by_name()[: SHOWN + 1])
    context = {
        "company": company,
        "leads": leads[:SHOWN],
        "has_more_leads": len(leads) > SHOWN,
        "contacts": contacts[:SHOWN],
        "has_more_contacts": len(contacts) > SHOWN,
        "subsidiaries": company.subsidiaries.by_name()[:SHOWN],
        "custom": shown_values(FieldEntity.COMPANY, company.attributes),
        "organisation": organisation(),
    }
    return render_page(request, "leads/company.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def company_add(request: HttpRequest) -> HttpResponse:
    return _company_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _company_form(request, get_object_or_404(Company.objects.select_related("parent"), pk=pk))


def _company_form(request: HttpRequest, company: Company | None) -> HttpResponse:
    form = CompanyForm(request.POST or None, company=company)
    context = {"form": form, "company": company}
    if not form.is_valid():
        return render_page(request, "leads/company_form.html", context, status=422 if form.is_bound else 200)
    if "save_anyway" not in request.POST and (duplicates := _duplicates(request, form)):
        return render_page(
            request, "leads/company_form.html", context | {"duplicates": duplicates}, status=422
        )
    saved = save_company(form.facts, by=signed_in(request))
    messages.success(request, f"{saved} is saved.")
    return redirect_browser(request, saved.get_absolute_url())


def _duplicates(request: HttpRequest, form: CompanyForm) -> list[Duplicate]:
    """What looks the same, as long as its name or domain are new."""
    if not {"name", "domain"} & set(form.changed_data):
        return []
    name, domain = form.cleaned_data["name"], form.cleaned_data["domain"]
    return find_duplicates(company_name=name, domain=domain, user=signed_in(request), besides=form.company)
