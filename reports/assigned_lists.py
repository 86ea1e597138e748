"""The leads behind a number of the distribution, page by page or all of them for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from leads.models import Lead, User
from leads.querysets import visible_leads
from pipeline.models import Assignment
from reports.assigned import Fate, ask_fates
from reports.lists import CHUNK, ON_A_PAGE
from reports.sheets.cells import Cells, in_hours

FATES = "SELECT id, fate, response FROM given"


@dataclass(frozen=True)
class AssignedRow:
    """A lead that somebody got, and what they did with it."""

    assignment: Assignment
    lead: Lead
    fate: Fate
    response: timedelta | None


@dataclass(frozen=True)
class AssignedList:
    """One page; `hidden` are leads that have since gone to people whose leads one does not see."""

    rows: list[AssignedRow]
    page: "Page[Assignment]"
    leads: int
    hidden: int

    @property
    def range(self) -> str:
        return f"{self.page.start_index():,}–{self.page.end_index():,} of {self.leads:,}"


def assigned_list(found: QuerySet[Assignment], user: User, page_number: str | None) -> AssignedList:
    """The newest first; a page that does not exist gives the nearest one."""
    seen = found.filter(visible_leads(user, "lead__"))
    paginator = Paginator(_named(seen).order_by("-at", "-pk"), ON_A_PAGE)
    page = paginator.get_page(page_number)
    return AssignedList(
        rows=_rows(list(page.object_list)),
        page=page,
        leads=paginator.count,
        hidden=found.count() - paginator.count,
    )


def assigned_sheet(found: QuerySet[Assignment], user: User) -> Iterator[Cells]:
    """All that one sees as a table with a head, read in chunks."""
    yield ["Lead", "Company", "Rep", "Assigned", "How", "Band", "Pool", "Outcome", "Hours to response", "Why"]
    chunk: list[Assignment] = []
    ordered = _named(found.filter(visible_leads(user, "lead__"))).order_by("pk")
    for assignment in ordered.iterator(chunk_size=CHUNK):
        chunk.append(assignment)
        if len(chunk) == CHUNK:
            yield from map(_cells, _rows(chunk))
            chunk = []
    yield from map(_cells, _rows(chunk))


def _named(found: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return found.select_related("after", "band", "pool")


def _rows(assignments: Sequence[Assignment]) -> list[AssignedRow]:
    among = Assignment.objects.filter(pk__in=[row.pk for row in assignments]).order_by()
    told = {pk: found for pk, *found in ask_fates(among, FATES)} if assignments else {}
    named = Lead.objects.with_names().select_related("company")
    leads = named.in_bulk([row.lead_id for row in assignments])
    return [
        AssignedRow(row, leads[row.lead_id], Fate(fate), response)
        for row in assignments
        for fate, response in [told[row.pk]]
    ]


def _cells(row: AssignedRow) -> Cells:
    given = row.assignment
    return [
        *(row.lead.display_name, str(row.lead.company or ""), str(given.after), given.at.isoformat()),
        *(given.get_how_display(), str(given.band or ""), str(given.pool or ""), row.fate.label),
        *(in_hours(row.response), given.why),
    ]
