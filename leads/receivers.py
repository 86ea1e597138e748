"""What the app does when its own news arrives."""

from leads.signals import announced
from leads.tasks import deliver_outbox


def connect() -> None:
    """Called by `AppConfig.ready`."""
    announced.connect(wake_delivery, dispatch_uid="leads.wake_delivery")


def wake_delivery(**_: object) -> None:
    """Have the outbox delivered as soon as the transaction is in; beat would do so within half a minute."""
    deliver_outbox.delay_on_commit()  # type: ignore[attr-defined]
