"""The four bands, created after every migration when there are none."""

from django.apps import AppConfig

from leads.roles import grant_administrators
from scoring.models import Band, Lane

BANDS = [
    ("hot", "Hot", Lane.PERSONAL, True),
    ("warm", "Warm", Lane.PERSONAL, False),
    ("cold", "Cold", Lane.AUTOMATED, False),
    ("dead", "Dead", Lane.NONE, False),
]


def create_defaults(sender: AppConfig, **_: object) -> None:
    """Receiver of `post_migrate`."""
    grant_administrators(sender.label)
    if not Band.objects.exists():
        Band.objects.bulk_create(
            Band(key=key, name=name, lane=lane, colour=key, order=order, qualifies=qualifies)
            for order, (key, name, lane, qualifies) in enumerate(BANDS, start=1)
        )
