"""Programmes that keep leads warm without a rep: steps, letters, and who goes through them."""

from django.core.exceptions import ValidationError
from django.db import models

from leads.models import Lead, ProductLine, User
from pipeline.letters import check_letter
from scoring.models import Band


def validate_letter(text: str) -> None:
    """Refuse a blank that no letter can fill."""
    check_letter(text)


class MailTemplate(models.Model):
    """A letter with blanks such as {{ first_name }}; the link to unsubscribe stands below every one."""

    name = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=150, validators=[validate_letter])
    body = models.TextField(validators=[validate_letter])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NurtureProgramme(models.Model):
    """Steps for leads of an automated lane; a lead goes through the first active one that it meets."""

    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=1, help_text="Lower numbers are asked first.")
    is_active = models.BooleanField("active", default=True)
    product_lines = models.ManyToManyField(
        ProductLine, blank=True, related_name="+", help_text="None chosen: any."
    )
    bands = models.ManyToManyField(
        Band, blank=True, related_name="+", help_text="None chosen: every band with an automated lane."
    )

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class StepKind(models.TextChoices):
    WAIT = "wait", "Wait"
    MAIL = "mail", "Send an e-mail"
    TASK = "task", "Create a task"


class NurtureStep(models.Model):
    """One thing that a programme does; `days` are waited, or given to do the task."""

    programme = models.ForeignKey(NurtureProgramme, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=StepKind, default=StepKind.WAIT)
    days = models.PositiveSmallIntegerField(default=0, help_text="To wait, or until the task is due.")
    template = models.ForeignKey(
        MailTemplate, models.PROTECT, null=True, blank=True, related_name="steps", help_text="Of the e-mail."
    )
    task = models.CharField(max_length=200, blank=True, help_text="What is to be done.")
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Of the task."
    )

    class Meta:
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "order"],
                name="step_order_is_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="mail") | models.Q(template__isnull=False),
                name="mail_step_has_template",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="task") | ~models.Q(task=""), name="task_step_says_what"
            ),
        ]

    def __str__(self) -> str:
        if self.kind == StepKind.WAIT:
            return f"Wait {self.days} day{'' if self.days == 1 else 's'}"
        return f"Send “{self.template}”" if self.kind == StepKind.MAIL else f"Task: {self.task}"

    def clean(self) -> None:
        """Say what a step lacks beside the field that would hold it."""
        if self.kind == StepKind.MAIL and self.template_id is None:
            raise ValidationError({"template": "Choose what is sent."})
        if self.kind == StepKind.TASK and not self.task:
            raise ValidationError({"task": "Say what is to be done."})


class EnrolmentState(models.TextChoices):
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    STOPPED = "stopped", "Stopped"


class Enrolment(models.Model):
    """A lead's way through a programme; `passed` is the order of the last step that is done."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="enrolments")
    programme = models.ForeignKey(NurtureProgramme, models.PROTECT, related_name="enrolments")
    band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=EnrolmentState, default=EnrolmentState.RUNNING)
    passed = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    why = models.CharField(max_length=200)
    ended_why = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "programme"], name="lead_is_once_in_programme"),
            models.UniqueConstraint(
                fields=["lead"],
                condition=models.Q(state="running"),
                name="lead_runs_through_one_programme",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="running"), name="enrolment_due")]

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_state_display().lower()}"


class NurtureEvent(models.Model):
    """What a programme did with a lead, in words."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="events")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    text = models.CharField(max_length=250)
    detail = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "at"], name="nurture_event_of_lead")]

    def __str__(self) -> str:
        return self.text
