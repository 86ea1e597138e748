"""A deal's category in the forecast, set by hand with a note, or given back to its confidence."""

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.refused import LeadClosed
from leads.models import User
from pipeline.models import Category, CategoryChange, Deal

LONGEST_NOTE = 2_000


class CategoryWrong(Refusal):
    """An unknown category, or no word on why."""


@audited
def categorise_deal(deal: Deal, category: str, *, note: str, by: User | None) -> Deal:
    """Put an open deal into a category; with the empty one it follows its confidence again."""
    deal = Deal.objects.select_related("lead").select_for_update(of=("self",)).get(pk=deal.pk)
    if deal.lead.is_closed:
        raise LeadClosed("The deal is closed, so the forecast has it as won or lost.")
    if category and category not in Category.values:
        raise CategoryWrong(f"There is no category “{category[:20]}”.")
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise CategoryWrong(f"Say why, in at most {LONGEST_NOTE} characters. It stays with the deal.")
    if deal.category_by_hand != category:
        change = CategoryChange(deal=deal, before=deal.category_by_hand, after=category, note=note.strip())
        change.by, change.at = by, timezone.now()
        change.save()
        deal.category_by_hand = category
        deal.save(update_fields=["category_by_hand"])
    return deal
