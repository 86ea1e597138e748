"""How long closed deals took, from entering the pipeline to closing."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Greatest, TruncDate

from leads.organisation import zone


def took() -> Greatest:
    """Of a deal, in whole days; one that was won before it entered took no time."""
    since = F("lead__closed_on") - TruncDate("entered_at", tzinfo=zone())
    return Greatest(ExpressionWrapper(since, DurationField()), timedelta())
