"""Tables as they stood at a past moment: parts that carry the tables' own names and so stand in for them.

Within such a part the name still means the table itself. What the audit history does not reach back to is
taken as it is today.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Model

from leads.models import Answer, Company, Contact, Lead, LeadContact
from scoring.compiler.expressions import LEAD_IDS, MOMENT_OF, UNTIL
from scoring.compiler.parts import Part, text

_ROWS = """
    SELECT PAST_COLUMNS FROM (
        SELECT DISTINCT ON (pgh_obj_id) * FROM EVENTS AS past
        WHERE WANTED_PAST AND pgh_created_at < {moment} ORDER BY pgh_obj_id, pgh_id DESC
    ) AS past WHERE pgh_label <> 'delete'
    UNION ALL
    SELECT NOW_COLUMNS FROM TABLE_ AS now WHERE WANTED_NOW AND NOT EXISTS (
        SELECT FROM EVENTS AS event WHERE event.pgh_obj_id = now.id AND event.pgh_created_at < {moment})
"""
_OF_LEADS = "{row}.lead_id = ANY({{lead_ids}})"
# A person or an answer that came to a lead later was not there then, if the lead's history begins before.
_UNRECORDED = """
    NOT EXISTS (SELECT FROM leads_leadevent AS lead
                WHERE lead.pgh_obj_id = now.lead_id AND lead.pgh_created_at < {moment})
"""
_COMPANIES = """
    {row}.{key} IN (
        SELECT company_id FROM leads_lead UNION
        SELECT parent_id FROM leads_company JOIN leads_lead AS lead ON lead.company_id = leads_company.id)
"""
CONTACTED = {"lead.last_contact_at", "lead.days_since_last_contact"}
_LAST_CONTACT = """
    COALESCE((SELECT max(activity.occurred_at) FROM leads_activity AS activity
              JOIN leads_activitykind AS kind ON kind.id = activity.kind_id AND kind.counts_as_contact
              WHERE activity.lead_id = {row}.id AND activity.occurred_on <= {{until}}),
             CASE WHEN {row}.last_contact_at < {{moment}} THEN {row}.last_contact_at END)
"""


def past_parts(named: Collection[str]) -> Iterator[Part]:
    """Leads, companies, people and answers as they were, for who reads only the `named` fields, by path.

    The last contact of that day is looked up among a lead's activities, so nobody pays for it unasked.
    """
    leads = "{row}.{key} = ANY({{lead_ids}})"
    people = "{row}.{key} IN (SELECT contact_id FROM leads_leadcontact)"
    unrecorded = f"{_OF_LEADS.format(row='now')} AND {_UNRECORDED}"
    yield _as_of(Lead, leads, **({"last_contact_at": _LAST_CONTACT} if CONTACTED & {*named} else {}))
    yield _as_of(Company, _COMPANIES)
    yield _as_of(LeadContact, _OF_LEADS, now=unrecorded)
    yield _as_of(Contact, people)
    yield _as_of(Answer, _OF_LEADS, now=f"{unrecorded} AND now.at < {{moment}}")


def _as_of(model: type[Model], wanted: str, *, now: str = "", **instead: str) -> Part:
    """`wanted` picks rows, `now` those without history if otherwise; `instead` replaces columns."""
    table = model._meta.db_table  # noqa: SLF001 (the tables' names and columns are there alone)
    events: Any = model.pgh_event_model  # type: ignore[attr-defined]
    columns = [field.column for field in model._meta.concrete_fields]  # noqa: SLF001

    def listed(row: str) -> str:
        return ", ".join(
            f"{instead[column].format(row=row)} AS {column}" if column in instead else f'{row}."{column}"'
            for column in columns
        )

    template = (
        _ROWS.replace("PAST_COLUMNS", listed("past"))
        .replace("NOW_COLUMNS", listed("now"))
        .replace("EVENTS", events._meta.db_table)  # noqa: SLF001
        .replace("TABLE_", table)
        .replace("WANTED_PAST", wanted.format(row="past", key="pgh_obj_id"))
        .replace("WANTED_NOW", now or wanted.format(row="now", key="id"))
    )
    return text(table, template, lead_ids=LEAD_IDS, moment=MOMENT_OF, until=UNTIL)
