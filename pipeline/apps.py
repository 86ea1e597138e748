"""The app `pipeline`; it listens to news of `leads` and `scoring`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PipelineConfig(AppConfig):
    name = "pipeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads.announcements import register, tell_owner
        from pipeline import defaults, mail, receivers, sentences, telling
        from scoring.trials.simulating import register_consumer

        post_migrate.connect(defaults.create_defaults, sender=self)
        receivers.connect()
        register("band_risen", tell_owner(sentences.band_risen))
        register("lead_assigned", tell_owner(sentences.lead_assigned))
        register("leads_assigned", telling.tell_receiver)
        register("lead_seconded", telling.tell_second)
        register("nurture_mail", mail.send_letter)
        register_consumer("Owners told that a lead has risen", receivers.count_rises)
