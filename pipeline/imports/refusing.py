"""Refusals of the verbs, taken back to the rows of the file."""

from collections.abc import Sequence

from leads.actions import Refused
from leads.imports.loading import RowsRefused
from pipeline.imports.rows import LeadRow


def refuse(refused: Sequence[Refused], rows: Sequence[LeadRow]) -> None:
    """Give up the batch when a verb refused some of these rows, so that nothing of them is written."""
    if refused:
        raise RowsRefused({rows[refusal.index].index: refusal.message.rstrip(".") for refusal in refused})
