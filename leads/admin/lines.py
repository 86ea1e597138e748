"""A list of texts, edited as one text a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class LinesField(forms.CharField):
    """A JSON list of texts as a text area; lines are trimmed, empty ones dropped, doubled ones refused."""

    widget = forms.Textarea({"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if doubled := sorted({line for line in lines if lines.count(line) > 1}):
            raise ValidationError(f"More than once: {', '.join(doubled)}.")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)
