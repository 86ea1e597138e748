"""The tables of `leads`, one module per noun."""

from leads.models.access import ApiKey
from leads.models.activities import Activity, ActivityKey, ActivityKind, ActivityReview
from leads.models.catalogue import Campaign, Product, ProductLine, Source
from leads.models.fields import Answer, CustomField, Question
from leads.models.leads import ExternalId, Lead, LeadContact, StatusChange
from leads.models.news import Notification, Outbox
from leads.models.organisation import Organisation
from leads.models.people import Absence, Company, Contact, Team, User, Weekday
from leads.models.saved import SavedView
from leads.models.tasks import Task

__all__ = [
    "Absence",
    "Activity",
    "ActivityKey",
    "ActivityKind",
    "ActivityReview",
    "Answer",
    "ApiKey",
    "Campaign",
    "Company",
    "Contact",
    "CustomField",
    "ExternalId",
    "Lead",
    "LeadContact",
    "Notification",
    "Organisation",
    "Outbox",
    "Product",
    "ProductLine",
    "Question",
    "SavedView",
    "Source",
    "StatusChange",
    "Task",
    "Team",
    "User",
    "Weekday",
]
