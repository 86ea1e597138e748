"""How long closed deals took, from entering the pipeline to closing."""

from datetime import timedelta

from django.db.models import Case, DurationField, ExpressionWrapper, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Greatest, TruncDate

from leads.models.leads import Outcome
from leads.organisation import zone


def took() -> Greatest:
    """Of a deal, in whole days; one that was won before it entered took no time."""
    since = F("lead__closed_on") - TruncDate("entered_at", tzinfo=zone())
    return Greatest(ExpressionWrapper(since, DurationField()), timedelta())


def days_taken() -> Case:
    """The same as a whole number, of deals that were won or lost; null if a day is unknown."""
    entered = TruncDate("entered_at", tzinfo=zone())
    days = Func(F("lead__closed_on"), entered, arg_joiner=" - ", template="(%(expressions)s)")
    least = Func(days, Value(0), function="GREATEST", output_field=IntegerField())
    is_known = Q(entered_at__isnull=False, lead__closed_on__isnull=False)
    return Case(When(is_known, lead__outcome__in=[Outcome.WON, Outcome.LOST], then=least))
