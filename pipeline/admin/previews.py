"""A look at what a change would do to the deals: it is saved, measured, taken back, and shown."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from pipeline.preview import effect, standing

BUTTON = "_preview"
UNSENT = {BUTTON, "csrfmiddlewaretoken"}


def is_preview(request: HttpRequest) -> bool:
    """Somebody asks what would happen."""
    return BUTTON in request.POST


class PreviewedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Beside “Save” stands “Preview”, which saves nothing."""

    change_form_template = "admin/pipeline/previewed.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not is_preview(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            request.standing_before = standing()  # type: ignore[attr-defined]
            answer = super().changeform_view(request, object_id, form_url, extra_context)
            transaction.set_rollback(True)
        return answer

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._shown(request, obj) if is_preview(request) else super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if is_preview(request):
            return self._shown(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _shown(self, request: HttpRequest, row: Any) -> HttpResponse:
        """The figures, and the form once more, hidden, to be saved as it was."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview: {row}",
            "opts": self.opts,
            "effect": effect(request.standing_before, standing()),  # type: ignore[attr-defined]
            "sent": [(name, values) for name, values in request.POST.lists() if name not in UNSENT],
        }
        return TemplateResponse(request, "admin/pipeline/preview.html", context)
