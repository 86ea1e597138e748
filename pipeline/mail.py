"""Letters of programmes on their way out, as the outbox delivers them."""

from django.core.mail import EmailMessage

from leads.models import Contact, Outbox
from pipeline.actions.nurture import mailable


def send_letter(announcement: Outbox) -> None:
    """Send one letter, unless its reader has unsubscribed while it waited."""
    letter = announcement.payload
    if not Contact.objects.filter(mailable(), pk=letter["contact"]).exists():
        return
    EmailMessage(
        letter["subject"],
        letter["body"],
        to=[letter["to"]],
        headers={
            "List-Unsubscribe": f"<{letter['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    ).send()
