"""Answers as administrators write them: Yes, 250, 2026-12-31 or a text of the list, and not as JSON."""

from typing import Any

from django import forms

from pipeline.fields import answer_in_words


class AnswerField(forms.CharField):
    """A stored answer in words; the question decides what a text means, in the form's or model's `clean`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"size": 16})
        super().__init__(**{"label": "Answer", "widget": widget, "empty_value": None, **kwargs})

    def prepare_value(self, value: Any) -> str:
        return "" if value is None else answer_in_words(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
