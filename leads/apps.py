"""The app `leads`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeadsConfig(AppConfig):
    name = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads import defaults, receivers
        from leads.announcements import register
        from leads.reminders import remind

        post_migrate.connect(defaults.create_defaults, sender=self)
        receivers.connect()
        register("tasks_due", remind)
