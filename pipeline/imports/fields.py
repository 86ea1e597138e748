"""The fields of leads and their deals that a mapping may name."""

from collections.abc import Mapping

from leads.imports import values
from leads.imports.fields import COMPANY_FIELDS, CONTACT_FIELDS, MOST_MONEY, REFERENCE
from leads.imports.mapping import SectionSpec
from leads.imports.values import Converter, text
from leads.models.fields import FieldEntity
from leads.models.leads import Outcome, Status

OPEN_STATUSES = {key: label for key, label in Status.choices if key != Status.DISQUALIFIED}

LEAD_FIELDS: Mapping[str, Converter] = {
    "product_line": text(120),
    "source": text(120),
    "campaign": text(160),
    "owner": REFERENCE,
    "pain": text(400),
    "created_at": values.past_moment,
    "entered_at": values.past_moment,
    "stage": text(80),
    "status": values.choice(OPEN_STATUSES),
    "outcome": values.choice(dict(Outcome.choices)),
    "closed_on": values.day,
    "reason": text(100),
    "competitor": text(120),
    "note": text(2_000),
    "product": REFERENCE,
    "value": values.money(MOST_MONEY),
    "currency": values.currency,
    "expected_close_on": values.day,
    "confidence": values.whole(0, 100),
    "company": REFERENCE,
    **{f"company.{name}": convert for name, convert in COMPANY_FIELDS.items()},
    **{f"contact.{name}": convert for name, convert in CONTACT_FIELDS.items()},
}
CUSTOM: Mapping[str, FieldEntity] = {
    "custom": FieldEntity.LEAD,
    "company.custom": FieldEntity.COMPANY,
    "contact.custom": FieldEntity.CONTACT,
}
LEADS = SectionSpec("leads", LEAD_FIELDS, CUSTOM)
DEALS = SectionSpec("deals", LEAD_FIELDS, CUSTOM, required=(("stage", "outcome"),))
