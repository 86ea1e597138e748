"""The app `reports`."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads.announcements import register
        from reports.mail import mail_report

        register("report_due", mail_report)
