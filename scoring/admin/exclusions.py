"""Leads and domains that are out of scoring: put there and let in again by their verbs."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from config.refusals import Refusal
from leads.requests import signed_in
from scoring.actions import exclude_domain, exclude_lead, lift_exclusion, plain_domain
from scoring.models import ManualExclusion


class ExclusionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ManualExclusion
        fields = ("lead", "domain", "why")
        help_texts = {"domain": "Everybody of this domain and of those below it, such as rival.example."}

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"]
        try:
            return plain_domain(domain) if domain else ""
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lead, domain = cleaned.get("lead"), cleaned.get("domain")
        if not self.errors and bool(lead) == bool(domain):
            self.add_error(None, "Give a lead or a domain, one of the two.")
        same = Q(lead=lead) if lead else Q(domain=domain)
        if not self.errors and ManualExclusion.objects.filter(same, lifted_at=None).exists():
            self.add_error(None, f"{lead or domain} is excluded already.")
        return cleaned


@admin.register(ManualExclusion)
class ManualExclusionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ExclusionForm
    raw_id_fields = ("lead",)
    list_display = ("subject", "why", "by", "at", "lifted_at", "lifted_by")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    search_fields = ("domain", "why")
    actions = ("lift",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManualExclusion]:
        return super().get_queryset(request).select_related("lead", "by", "lifted_by")

    @admin.display(description="Lead or domain")
    def subject(self, exclusion: ManualExclusion) -> str:
        return exclusion.domain or f"Lead {exclusion.lead_id}"

    def save_model(self, request: HttpRequest, obj: ManualExclusion, form: Any, change: bool) -> None:
        by = signed_in(request)
        stored = (
            exclude_lead(obj.lead, by=by, why=obj.why)
            if obj.lead
            else exclude_domain(obj.domain, by=by, why=obj.why)
        )
        obj.__dict__.update(stored.__dict__)

    def has_change_permission(self, request: HttpRequest, obj: ManualExclusion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ManualExclusion | None = None) -> bool:
        """Lifting keeps what was, and by whom."""
        return False

    @admin.action(description="Lift the selected exclusions", permissions=["add"])
    def lift(self, request: HttpRequest, exclusions: QuerySet[ManualExclusion]) -> None:
        for exclusion in exclusions:
            lift_exclusion(exclusion, by=signed_in(request))
        messages.success(request, "Lifted. These leads are scored again within seconds.")
