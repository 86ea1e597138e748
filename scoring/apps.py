"""The app `scoring`; it listens to news of `leads`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads.announcements import register, tell_administrators
        from scoring import defaults, nights, receivers

        post_migrate.connect(defaults.create_defaults, sender=self)
        receivers.connect()
        register(nights.NEWS, tell_administrators(nights.told))
