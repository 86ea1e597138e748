"""A model as code: its JSON exported, and imported with every fault beside its line."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.refusals import Refusal
from leads.requests import signed_in, whole_number
from scoring.actions import change_draft
from scoring.admin.editor import document_of
from scoring.admin.publishing import to_version
from scoring.catalogue import read_catalogue
from scoring.definition import FaultyDefinition, read_definition
from scoring.definition.positions import line_of, path_lines
from scoring.models import ModelStatus, ScoringModel

LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_SHOWN = 50  # faults


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault, the number of its line and that line's text."""

    line: int
    text: str
    path: str
    message: str


class DefinitionForm(forms.Form):
    """JSON, pasted or as a file."""

    definition = forms.CharField(
        required=False,
        label="JSON",
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "pl-code"}),
    )
    file = forms.FileField(required=False, label="Or a file of it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: list[LineFault] = []

    def clean(self) -> dict[str, Any]:
        """The parsed JSON; the faults stay on the form, for the page to show them beside their lines."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text = _uploaded(cleaned["file"]) if cleaned.get("file") else cleaned.get("definition", "")
        document, self.faults = checked(text)
        if self.faults:
            raise forms.ValidationError(f"Nothing was stored: {len(self.faults)} to put right.")
        return {"definition": document}


def as_code(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """A version's JSON; a draft's may be replaced."""
    is_editable = model.status == ModelStatus.DRAFT and context["may_change"]
    form = DefinitionForm(
        request.POST or None, request.FILES or None, initial={"definition": definition_text(model)}
    )
    status, refusal = 200, ""
    if request.method == "POST" and is_editable:
        status = 422
        if form.is_valid():
            revision = whole_number(request.POST.get("revision", "")) or 0
            try:
                change_draft(model, form.cleaned_data["definition"], by=signed_in(request), revision=revision)
            except Refusal as refused:
                status, refusal = 409, refused.sentence
            else:
                messages.success(request, "The draft is saved. Nothing that is live has changed.")
                return to_version(model.pk)
    shown = {
        "model": model,
        "step": "json",
        "title": f"{model.name} as code",
        "form": form,
        "refusal": refusal,
        "is_editable": is_editable,
        "definition_text": definition_text(model),
    }
    return render(request, "admin/scoring/scoringmodel/json.html", context | shown, status=status)


def export(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """The JSON as a file."""
    name = re.sub(r"[^a-z0-9]+", "-", f"{model.name} {model.version}".lower()).strip("-")
    response = HttpResponse(definition_text(model), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def definition_text(model: ScoringModel) -> str:
    """The JSON form, as it is exported."""
    return json.dumps(document_of(model), indent=2, ensure_ascii=False)


def checked(text: str) -> tuple[Any, list[LineFault]]:
    """The document in a text, and all that is wrong with it."""
    try:
        document = json.loads(text)
        read_definition(document, read_catalogue())
    except json.JSONDecodeError as error:
        return None, [fault_at(text, error.lineno, "", f"This is no JSON: {error.msg}.")]
    except RecursionError:
        return None, [fault_at(text, 1, "", "This is nested too deeply.")]
    except FaultyDefinition as faulty:
        lines = path_lines(text)
        return document, [
            fault_at(text, line_of(fault.path, lines), fault.path, fault.message) for fault in faulty.faults
        ]
    return document, []


def fault_at(text: str, line: int, path: str, message: str) -> LineFault:
    """The fault with the text of its line."""
    lines = text.splitlines() or [""]
    return LineFault(line, lines[min(line, len(lines)) - 1].strip()[:200], path, message)


def _uploaded(file: Any) -> str:
    if (file.size or 0) > LARGEST_FILE:
        raise forms.ValidationError("The file has more than 10 MB, which no model has.")
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise forms.ValidationError("The file is no text in UTF-8.") from error
