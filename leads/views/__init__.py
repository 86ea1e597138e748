"""The pages about people: companies, contacts, notifications."""

from leads.views.companies import company_add, company_detail, company_edit, company_list
from leads.views.contacts import contact_add, contact_detail, contact_edit, contact_list
from leads.views.duplicates import duplicate_list
from leads.views.follow_up import calendar, calendar_end, calendar_renew, follow_up
from leads.views.notifications import bell, notification_list, notification_read
from leads.views.saved import view_delete, view_save
from leads.views.unsubscribe import unsubscribe

__all__ = [
    "bell",
    "calendar",
    "calendar_end",
    "calendar_renew",
    "company_add",
    "company_detail",
    "company_edit",
    "company_list",
    "contact_add",
    "contact_detail",
    "contact_edit",
    "contact_list",
    "duplicate_list",
    "follow_up",
    "notification_list",
    "notification_read",
    "unsubscribe",
    "view_delete",
    "view_save",
]
