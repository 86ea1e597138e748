"""The form in which a model is edited: its JSON, with every fault beside its line."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms

from scoring.catalogue import read_catalogue
from scoring.definition import FaultyDefinition, read_definition, write_definition
from scoring.definition.positions import line_of, path_lines
from scoring.models import ScoringModel
from scoring.rows import load_definition


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault, the number of its line and that line's text."""

    line: int
    text: str
    path: str
    message: str


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    definition = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 36, "cols": 110, "spellcheck": "false", "class": "pl-code"}),
        help_text="Groups, rules, exclusions, auto-qualification, grades and bands; the JSON of an export.",
    )

    class Meta:
        model = ScoringModel
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: list[LineFault] = []
        if self.instance.pk:
            self.initial["definition"] = definition_text(self.instance)

    def clean_definition(self) -> object:
        """The parsed JSON; the faults stay on the form, for the page to show them beside their lines."""
        text = self.cleaned_data["definition"]
        try:
            document = json.loads(text)
            read_definition(document, read_catalogue())
        except json.JSONDecodeError as error:
            self.faults = [fault_at(text, error.lineno, "", f"This is no JSON: {error.msg}.")]
        except FaultyDefinition as faulty:
            lines = path_lines(text)
            self.faults = [
                fault_at(text, line_of(fault.path, lines), fault.path, fault.message)
                for fault in faulty.faults
            ]
        if self.faults:
            raise forms.ValidationError(f"Nothing was stored: {len(self.faults)} to put right.")
        return document


def definition_text(model: ScoringModel) -> str:
    """The JSON form, as it is exported."""
    return json.dumps(write_definition(load_definition(model)), indent=2, ensure_ascii=False)


def fault_at(text: str, line: int, path: str, message: str) -> LineFault:
    """The fault with the text of its line."""
    lines = text.splitlines() or [""]
    return LineFault(line, lines[min(line, len(lines)) - 1].strip(), path, message)
