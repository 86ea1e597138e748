"""Rows without which nothing works; created after every migration when they are missing."""

from django.apps import AppConfig

from leads.models import ActivityKind
from leads.models.activities import Doer
from leads.organisation import organisation
from leads.roles import create_roles, grant_administrators

BUILT_IN_KINDS: dict[str, tuple[str, Doer, bool]] = {
    # key: label, by whom, whether it counts as contact
    "page_view": ("Page viewed", Doer.PROSPECT, False),
    "visit": ("Website visited", Doer.PROSPECT, False),
    "download": ("Downloaded", Doer.PROSPECT, False),
    "newsletter_subscribe": ("Newsletter subscribed", Doer.PROSPECT, False),
    "unsubscribe": ("Unsubscribed", Doer.PROSPECT, False),
    "email_open": ("E-mail opened", Doer.PROSPECT, False),
    "email_click": ("E-mail clicked", Doer.PROSPECT, False),
    "email_reply": ("E-mail answered", Doer.PROSPECT, True),
    "form_submit": ("Form sent", Doer.PROSPECT, False),
    "webinar_attend": ("Webinar attended", Doer.PROSPECT, False),
    "event_attend": ("Event attended", Doer.PROSPECT, False),
    "social_follow": ("Followed on social media", Doer.PROSPECT, False),
    "comment": ("Commented", Doer.PROSPECT, False),
    "chat": ("Chatted", Doer.PROSPECT, True),
    "demo_request": ("Demo requested", Doer.PROSPECT, False),
    "trial_request": ("Trial requested", Doer.PROSPECT, False),
    "contact_request": ("Contact requested", Doer.PROSPECT, False),
    "support_ticket": ("Support asked", Doer.PROSPECT, False),
    "call": ("Call", Doer.REP, True),
    "meeting": ("Meeting", Doer.REP, True),
    "demo_held": ("Demo held", Doer.REP, True),
    "proposal_sent": ("Proposal sent", Doer.REP, True),
    "email_sent": ("E-mail sent", Doer.REP, True),
    "sms": ("Text message", Doer.REP, True),
    "note": ("Note", Doer.REP, False),
    "email_delivered": ("E-mail delivered", Doer.SYSTEM, False),
    "email_bounce": ("E-mail bounced", Doer.SYSTEM, False),
    "email_complaint": ("E-mail reported as spam", Doer.SYSTEM, False),
    "stage_entered": ("Stage entered", Doer.SYSTEM, False),
}


def create_defaults(sender: AppConfig, **_: object) -> None:
    """Receiver of `post_migrate`: the organisation, the roles and the built-in kinds of activity."""
    organisation()
    create_roles()
    grant_administrators(sender.label)
    ActivityKind.objects.bulk_create(
        (
            ActivityKind(key=key, label=label, by=by, counts_as_contact=counts)
            for key, (label, by, counts) in BUILT_IN_KINDS.items()
        ),
        ignore_conflicts=True,
    )
