"""Programmes with their steps, and the letters that they send, as they will arrive."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest

from leads.admin.inlines import LineInline, TickedAdmin
from leads.formats import count
from leads.models import Lead
from leads.organisation import organisation
from pipeline.admin.deals import ReadOnly
from pipeline.letters import BLANKS, write_letter
from pipeline.models import Enrolment, EnrolmentState, MailTemplate, NurtureProgramme, NurtureStep

INVENTED = {
    "first_name": "Marta",
    "last_name": "Lindqvist",
    "company": "Norrland Timber",
    "product_line": "Monitoring",
    "unsubscribe": "https://crm.example.com/unsubscribe/…/",
}


class NurtureStepInline(LineInline):
    model = NurtureStep
    extra = 0
    fields = ("order", "kind", "days", "template", "task", "assignee")
    ordering = ("order",)


@admin.register(NurtureProgramme)
class NurtureProgrammeAdmin(TickedAdmin):
    inlines = (NurtureStepInline,)
    fields = ("name", "order", "is_active", "product_lines", "bands")
    ticked = ("product_lines", "bands")
    list_display = ("name", "order", "is_active", "running", "finished", "stopped")
    list_editable = ("order",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[NurtureProgramme]:
        numbers = {
            f"{state}_count": Count("enrolments", filter=Q(enrolments__state=state))
            for state in EnrolmentState
        }
        programmes: QuerySet[NurtureProgramme] = super().get_queryset(request).annotate(**numbers)
        return programmes

    @admin.display(description="Leads on their way", ordering="running_count")
    def running(self, programme: NurtureProgramme) -> str:
        return count(programme.running_count)  # type: ignore[attr-defined]

    @admin.display(description="Finished", ordering="finished_count")
    def finished(self, programme: NurtureProgramme) -> str:
        return count(programme.finished_count)  # type: ignore[attr-defined]

    @admin.display(description="Stopped", ordering="stopped_count")
    def stopped(self, programme: NurtureProgramme) -> str:
        return count(programme.stopped_count)  # type: ignore[attr-defined]


@admin.register(MailTemplate)
class MailTemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "subject", "used")
    search_fields = ("name", "subject", "body")
    change_form_template = "admin/pipeline/mailtemplate/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailTemplate]:
        letters: QuerySet[MailTemplate] = super().get_queryset(request).annotate(step_count=Count("steps"))
        return letters

    @admin.display(description="Steps that send it", ordering="step_count")
    def used(self, template: MailTemplate) -> str:
        return count(template.step_count)  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Beside the form: the letter as somebody invented would get it, and the blanks there are."""
        context["blanks"] = BLANKS.items()
        if template := context.get("original"):
            values = INVENTED | {"organisation": organisation().name}
            context["letter"] = write_letter(
                "marta@norrland.example", template.subject, template.body, values
            )
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("lead", "programme", "state", "passed", "due_at", "started_at", "ended_why")
    list_display_links = None
    list_filter = ("state", "programme")
    list_select_related = ("programme",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).prefetch_related(Prefetch("lead", Lead.objects.with_names()))
