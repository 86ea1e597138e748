"""Contacts: the list, one of them, adding and editing; they follow the visibility of their leads."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from config.http import redirect_browser, render_page
from leads.actions import EmailTaken, save_contact_with_company
from leads.attributes import shown_values
from leads.duplicates import find_duplicates
from leads.forms import ContactForm
from leads.models import Activity, Company, Contact
from leads.models.fields import FieldEntity
from leads.organisation import organisation
from leads.paging import page_of
from leads.requests import signed_in, whole_number

SHOWN = 50  # leads or activities on a contact's page


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = Contact.objects.visible_to(signed_in(request)).matching(text).by_name()
    shown = Contact.objects.select_related("company")
    context = {"page": page_of(found, request.GET.get("page", ""), shown=shown), "text": text}
    return render_page(request, "leads/contacts.html", context, fragment="contacts")


@require_safe
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    contact = get_object_or_404(Contact.objects.visible_to(user).select_related("company"), pk=pk)
    context = {
        "contact": contact,
        "leads": contact.leads.visible_to(user).as_listed()[:SHOWN],
        "activities": Activity.objects.visible_to(user).filter(contact=contact).recent(SHOWN),
        "custom": shown_values(FieldEntity.CONTACT, contact.attributes),
        "organisation": organisation(),
    }
    return render_page(request, "leads/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: HttpRequest) -> HttpResponse:
    number = whole_number(request.GET.get("company", ""))
    company = None if number is None else get_object_or_404(Company, pk=number)
    return _contact_form(request, ContactForm(request.POST or None, company=company))


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Contact.objects.visible_to(signed_in(request)).select_related("company")
    contact = get_object_or_404(visible, pk=pk)
    return _contact_form(request, ContactForm(request.POST or None, contact=contact))


def _contact_form(request: HttpRequest, form: ContactForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "contact": form.contact}
    if not form.is_valid():
        return render_page(request, "leads/contact_form.html", context, status=422 if form.is_bound else 200)
    user, email = signed_in(request), form.cleaned_data["email"]
    try:
        saved = save_contact_with_company(form.facts(form.company), form.new_company_name, by=user)
    except EmailTaken as refusal:
        form.add_error("email", refusal.sentence)
        context["duplicates"] = find_duplicates(email=email, user=user, besides=form.contact)
        return render_page(request, "leads/contact_form.html", context, status=422)
    messages.success(request, f"{saved} is saved.")
    return redirect_browser(request, saved.get_absolute_url())
