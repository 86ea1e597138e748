"""The fields of companies, contacts, products and users that a mapping may name, each with its converter."""

from collections.abc import Mapping
from decimal import Decimal

from leads import addresses
from leads.imports import values
from leads.imports.mapping import SectionSpec
from leads.imports.values import Converter, text
from leads.models.fields import FieldEntity
from leads.models.leads import ContactRole
from leads.roles import ADMINISTRATOR, SALES_MANAGER, SALES_REP

MOST_MONEY = Decimal(10) ** 12 - 1
MOST_REVENUE = Decimal(10) ** 14
MOST_EMPLOYEES = 10_000_000
REFERENCE = text(200)

COMPANY_FIELDS: Mapping[str, Converter] = {
    "name": text(200),
    "domain": values.normal(addresses.normal_domain),
    "industry": text(120),
    "employees": values.whole(0, MOST_EMPLOYEES),
    "annual_revenue": values.money(MOST_REVENUE),
    "founded": values.past_year,
    "country": values.normal(addresses.country_code),
    "city": text(120),
}
CONTACT_FIELDS: Mapping[str, Converter] = {
    "name": text(240),
    "first_name": text(120),
    "last_name": text(120),
    "email": values.normal(addresses.normal_email),
    "phone": values.phone,
    "job_title": text(160),
    "seniority": text(60),
    "department": text(120),
    "do_not_contact": values.yes_no,
    "role": values.choice(dict(ContactRole.choices)),
}
COMPANIES = SectionSpec(
    "companies",
    fields={**COMPANY_FIELDS, "parent": REFERENCE},
    custom={"custom": FieldEntity.COMPANY},
    required=(("name",),),
)
PRODUCTS = SectionSpec(
    "products",
    fields={
        "name": text(120),
        "product_line": text(120),
        "list_price": values.money(MOST_MONEY),
        "currency": values.currency,
    },
    required=(("name",), ("product_line",), ("list_price",)),
)
USERS = SectionSpec(
    "users",
    fields={
        "name": text(240),
        "first_name": text(150),
        "last_name": text(150),
        "username": text(150),
        "email": values.normal(addresses.normal_email),
        "team": text(120),
        "manager": REFERENCE,
        "role": values.choice({role: role for role in (SALES_REP, SALES_MANAGER, ADMINISTRATOR)}),
        "capacity": values.whole(0, 100_000),
        "active": values.yes_no,
    },
    required=(("name", "first_name", "last_name", "username"),),
)
