"""Columns that count."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def with_leads(rows: QuerySet[Any], leads: QuerySet[Any], field: str) -> QuerySet[Any]:
    """Annotates `lead_count`: how many of `leads` name the row in `field`."""
    own = leads.filter(**{field: OuterRef("pk")}).order_by().values(field)
    counted: QuerySet[Any] = rows.annotate(
        lead_count=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)
    )
    return counted
