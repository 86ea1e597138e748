"""How a user is followed up: the calendar feed's link, and letters that remind."""

from secrets import token_urlsafe

from leads.actions.audit import audited
from leads.models import User


@audited
def renew_calendar_feed(user: User, *, by: User | None) -> User:
    """Make a new secret link; the one before ends."""
    user.calendar_key = token_urlsafe()
    user.save(update_fields=["calendar_key"])
    return user


@audited
def end_calendar_feed(user: User, *, by: User | None) -> User:
    """End the secret link."""
    user.calendar_key = ""
    user.save(update_fields=["calendar_key"])
    return user


@audited
def set_reminders(user: User, *, by_mail: bool, by: User | None) -> User:
    """Have a letter remind of what is due, or none."""
    user.mails_reminders = by_mail
    user.save(update_fields=["mails_reminders"])
    return user
