"""The pages about people: companies, contacts, notifications."""

from leads.views.companies import company_add, company_detail, company_edit, company_list
from leads.views.contacts import contact_add, contact_detail, contact_edit, contact_list
from leads.views.duplicates import duplicate_list
from leads.views.notifications import bell, notification_list, notification_read
from leads.views.unsubscribe import unsubscribe

__all__ = [
    "bell",
    "company_add",
    "company_detail",
    "company_edit",
    "company_list",
    "contact_add",
    "contact_detail",
    "contact_edit",
    "contact_list",
    "duplicate_list",
    "notification_list",
    "notification_read",
    "unsubscribe",
]
