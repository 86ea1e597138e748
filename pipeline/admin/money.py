"""Exchange rates, by hand or from a file; targets, which have a page of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from config.refusals import Refusal
from leads.admin.fields import FixedOnceAdmin
from leads.formats import money
from leads.organisation import organisation
from leads.requests import signed_in
from pipeline.actions import Rate, remove_rates, set_rates
from pipeline.models import ExchangeRate, Target
from pipeline.rates import read_rates

LARGEST_FILE = 2 * 1024 * 1024  # bytes; some 80,000 rates
SHOWN_FAULTS = 50


class RateForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ExchangeRate
        fields = ("currency", "valid_from", "rate")

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"])
        if currency == organisation().currency:
            raise ValidationError(f"{currency} is the organisation's own currency: its rate is always 1.")
        return currency


class RatesFileForm(forms.Form):
    """A CSV file of rates, judged whole."""

    file = forms.FileField(label="CSV file", widget=forms.FileInput({"accept": ".csv,text/csv"}))

    def clean_file(self) -> str:
        """Its text."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 2 MB. Split it.")
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ValidationError("The file is not UTF-8 text. Save it as CSV (UTF-8).") from error

    def clean(self) -> dict[str, Any]:
        """Read the rates; the errors say the line of each fault, up to fifty."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" not in cleaned:
            return cleaned
        cleaned["rates"], faults = read_rates(cleaned["file"], own=organisation().currency)
        shown = [f"{fault.path.capitalize()}: {fault.message}" for fault in faults[:SHOWN_FAULTS]]
        if hidden := len(faults) - len(shown):
            shown.append(f"There are {hidden} further errors.")
        if shown:
            raise ValidationError([*shown, "Nothing was stored."])
        return cleaned


@admin.register(ExchangeRate)
class ExchangeRateAdmin(FixedOnceAdmin):
    form = RateForm
    fixed = ("currency", "valid_from")
    list_display = ("currency", "valid_from", "rate")
    list_filter = ("currency",)
    date_hierarchy = "valid_from"
    change_list_template = "admin/pipeline/exchangerate/change_list.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A rate that exists keeps its currency, so only its number is asked for."""
        return super().get_form(
            request, obj, change, **kwargs if obj is None else kwargs | {"form": forms.ModelForm}
        )

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:
        set_rates([Rate(obj.currency, obj.valid_from, obj.rate)], by=signed_in(request))
        obj.pk = ExchangeRate.objects.get(currency=obj.currency, valid_from=obj.valid_from).pk

    def delete_model(self, request: HttpRequest, obj: ExchangeRate) -> None:
        remove_rates([obj], by=signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ExchangeRate]) -> None:
        remove_rates(queryset, by=signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "import/", self.admin_site.admin_view(self.import_view), name="pipeline_exchangerate_import"
        )
        return [own, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; store all of its rates, or none and say why, line by line."""
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            return HttpResponse(status=403)
        form = RatesFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and self._store(request, form):
            return redirect("admin:pipeline_exchangerate_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Import rates",
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/pipeline/exchangerate/import.html", context, status=status)

    def _store(self, request: HttpRequest, form: RatesFileForm) -> bool:
        try:
            stored = set_rates(form.cleaned_data["rates"], by=signed_in(request))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return False
        counted = f"{stored.added} new, {stored.changed} changed, {stored.same} as they were"
        messages.success(request, f"The rates are stored: {counted}.")
        return True


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look up; targets are set on their page, where months that are over are locked."""

    list_display = ("month", "of", "wanted")
    list_filter = ("team", "month")
    list_select_related = ("team", "owner")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        return False

    @admin.display(description="Of")
    def of(self, target: Target) -> str:
        return str(target.owner or target.team or "Everybody")

    @admin.display(description="Target", ordering="amount")
    def wanted(self, target: Target) -> str:
        return money(target.amount, target.currency)
