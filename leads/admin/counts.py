"""Columns that count."""

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def with_leads(rows: QuerySet[Model], leads: QuerySet[Model], field: str) -> QuerySet[Model]:
    """Annotates `lead_count`: how many of `leads` name the row in `field`."""
    own = leads.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return rows.annotate(lead_count=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0))
