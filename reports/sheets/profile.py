"""The ideal customer as a table for files, and the leads behind its numbers."""

from collections.abc import Iterator

from django.db.models import QuerySet

from leads.models import Lead
from reports.lists import CHUNK
from reports.profile import Profile
from reports.sheets.cells import Cells, fraction


def profile_sheet(report: Profile) -> Iterator[Cells]:
    """The traits, then how many open leads meet how many criteria, then the fields that were left out."""
    yield [
        *("Part", "Field", "Value", "Leads", "Won", "Of won", "Of lost", "Win rate", "Low", "High"),
        *("False discovery rate", "Criterion"),
    ]
    criteria = {trait.place for part in (report.fit.criteria if report.fit else ()) for trait in part.traits}
    for trait in report.traits:
        shares = (trait.of_won, trait.of_lost, trait.rate, trait.low, trait.high)
        yield [
            *("For" if trait.speaks_for else "Against", trait.label, trait.value, trait.leads, trait.won),
            *(*map(fraction, shares), round(trait.chance, 6), "yes" if trait.place in criteria else ""),
        ]
    for number, leads in (report.fit.matches if report.fit else {}).items():
        yield ["Open leads that meet", number, "", leads]
    for name in report.leaks:
        yield ["Left out, for it knows the outcome", name]


def lead_sheet(leads: QuerySet[Lead]) -> Iterator[Cells]:
    """Leads as a table with a head, read in chunks."""
    yield ["Lead", "Company", "Product line", "Owner", "Status", "Outcome", "Score", "Band"]
    listed = leads.as_listed().select_related("company", "owner", "product_line", "score__band")  # type: ignore[attr-defined]
    for lead in listed.iterator(chunk_size=CHUNK):
        yield [
            *(
                lead.display_name,
                str(lead.company or ""),
                str(lead.product_line or ""),
                str(lead.owner or ""),
            ),
            *(lead.get_status_display(), lead.get_outcome_display(), lead.score.total),
            str(lead.score.band or ""),
        ]
