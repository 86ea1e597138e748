"""Everything that changes leads and people: named verbs, each in one transaction, each with its actor."""

from leads.actions.activities import (
    ActivityRefused,
    AlreadyLogged,
    Logged,
    NewActivity,
    log_activities,
    log_activity,
)
from leads.actions.adding import (
    ExternalIdTaken,
    NewLead,
    PastStep,
    add_lead,
    add_leads,
    change_leads,
    store_owners,
)
from leads.actions.answers import NewAnswer, answer_question, answer_questions
from leads.actions.availability import (
    AbsenceWrong,
    NotTheirs,
    add_absence,
    may_arrange,
    may_set_capacity,
    remove_absence,
    set_capacity,
    set_working_days,
)
from leads.actions.closing import Closing, close_lead, close_leads, reopen_lead, reopen_leads
from leads.actions.companies import CompanyFacts, save_companies, save_company
from leads.actions.contacts import (
    ContactFacts,
    EmailTaken,
    save_contact,
    save_contact_with_company,
    save_contacts,
)
from leads.actions.follow_up import end_calendar_feed, renew_calendar_feed, set_reminders
from leads.actions.keys import KeyNameTaken, create_api_key, revoke_api_key
from leads.actions.names import get_or_create_names
from leads.actions.news import Announcement, announce, announce_many, read_notifications
from leads.actions.people import set_people, set_people_of_leads
from leads.actions.qualifying import (
    NoteMissing,
    NotToRequalify,
    qualify_lead,
    recycle_lead,
    reject_lead,
    requalify_lead,
)
from leads.actions.recycling import return_recycled_leads
from leads.actions.refused import LeadClosed, LeadGone, Refused, raise_refused, sift
from leads.actions.reminders import remind_of_tasks
from leads.actions.reviews import review_activity
from leads.actions.rows import UNSET, Unset, note_leads, store
from leads.actions.saved import ViewWrong, delete_view, save_view
from leads.actions.statuses import NewStatus, set_status, set_statuses, work_leads
from leads.actions.tasks import (
    NewTask,
    SnoozedBackwards,
    TaskDone,
    add_task,
    add_tasks,
    change_task,
    complete_task,
    snooze_task,
)
from leads.actions.unsubscribing import unsubscribe_contact

__all__ = [
    "UNSET",
    "AbsenceWrong",
    "ActivityRefused",
    "AlreadyLogged",
    "Announcement",
    "Closing",
    "CompanyFacts",
    "ContactFacts",
    "EmailTaken",
    "ExternalIdTaken",
    "KeyNameTaken",
    "LeadClosed",
    "LeadGone",
    "Logged",
    "NewActivity",
    "NewAnswer",
    "NewLead",
    "NewStatus",
    "NewTask",
    "NotTheirs",
    "NotToRequalify",
    "NoteMissing",
    "PastStep",
    "Refused",
    "SnoozedBackwards",
    "TaskDone",
    "Unset",
    "ViewWrong",
    "add_absence",
    "add_lead",
    "add_leads",
    "add_task",
    "add_tasks",
    "announce",
    "announce_many",
    "answer_question",
    "answer_questions",
    "change_leads",
    "change_task",
    "close_lead",
    "close_leads",
    "complete_task",
    "create_api_key",
    "delete_view",
    "end_calendar_feed",
    "get_or_create_names",
    "log_activities",
    "log_activity",
    "may_arrange",
    "may_set_capacity",
    "note_leads",
    "qualify_lead",
    "raise_refused",
    "read_notifications",
    "recycle_lead",
    "reject_lead",
    "remind_of_tasks",
    "remove_absence",
    "renew_calendar_feed",
    "reopen_lead",
    "reopen_leads",
    "requalify_lead",
    "return_recycled_leads",
    "review_activity",
    "revoke_api_key",
    "save_companies",
    "save_company",
    "save_contact",
    "save_contact_with_company",
    "save_contacts",
    "save_view",
    "set_capacity",
    "set_people",
    "set_people_of_leads",
    "set_reminders",
    "set_status",
    "set_statuses",
    "set_working_days",
    "sift",
    "snooze_task",
    "store",
    "store_owners",
    "unsubscribe_contact",
    "work_leads",
]
