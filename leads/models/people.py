"""People and companies: users in teams on our side, contacts in companies on theirs."""

from typing import ClassVar

import pghistory
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django_countries.fields import CountryField
from phonenumber_field.modelfields import PhoneNumberField

from leads.models.organisation import validate_time_zone
from leads.querysets import CompanyQuerySet, ContactQuerySet, UserManager


class Team(models.Model):
    name = models.CharField(max_length=120, unique=True)
    managers = models.ManyToManyField(
        "leads.User", related_name="managed_teams", blank=True, help_text="They see every lead of the team."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    """As `date.isoweekday()` counts."""

    MONDAY = 1, "Monday"
    TUESDAY = 2, "Tuesday"
    WEDNESDAY = 3, "Wednesday"
    THURSDAY = 4, "Thursday"
    FRIDAY = 5, "Friday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"


@pghistory.track(exclude=["password", "last_login", "calendar_key"])
class User(AbstractUser):
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="members")
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    language = models.CharField(max_length=10, blank=True)
    capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Open leads this person can work at once; empty for no limit."
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        help_text="New leads are given on these days; none chosen: every day.",
    )
    mails_reminders = models.BooleanField(
        "reminders by e-mail", default=True, help_text="A letter on the morning when tasks are due."
    )
    # Signed, it is the secret of the calendar feed's link: a new one ends the old; empty is no link.
    calendar_key = models.CharField(max_length=43, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["first_name", "last_name", "username"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_is_unique",
                violation_error_message="Somebody already signs in with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Absence(models.Model):
    """Days on which a user gets no leads; both days included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message="An absence cannot end before it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.starts_on} to {self.ends_on}"


@pghistory.track()
class Company(models.Model):
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True, help_text="Such as example.com, without www.")
    industry = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    annual_revenue = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, blank=True, help_text="In the organisation's currency."
    )
    founded = models.PositiveSmallIntegerField("founded in", null=True, blank=True)
    country = CountryField(blank=True)
    city = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries")
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["name"]
        indexes = [
            models.Index(Upper("name"), name="company_name_upper"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="company_name_trgm"),
            models.Index(fields=["domain"], opclasses=["varchar_pattern_ops"], name="company_domain_start"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:company", args=[self.pk])


class Consent(models.TextChoices):
    UNKNOWN = "unknown", "Not asked"
    GIVEN = "given", "Given"
    WITHDRAWN = "withdrawn", "Withdrawn"


@pghistory.track()
class Contact(models.Model):
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="contacts")
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    email = models.CharField("e-mail", max_length=254, blank=True)
    phone = PhoneNumberField(blank=True)
    job_title = models.CharField(max_length=160, blank=True)
    seniority = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=120, blank=True)
    do_not_contact = models.BooleanField(default=False)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    consent = models.CharField(max_length=9, choices=Consent, default=Consent.UNKNOWN)
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~models.Q(email=""),
                name="contact_email_is_unique",
                violation_error_message="There is already a contact with this e-mail address.",
            )
        ]
        indexes = [
            GinIndex(
                OpClass(Upper("first_name"), name="gin_trgm_ops"),
                OpClass(Upper("last_name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="contact_text_trgm",
            ),
            models.Index(Upper("last_name"), Upper("first_name"), "id", name="contact_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:contact", args=[self.pk])

    @property
    def name(self) -> str:
        """First and last name, else the e-mail address, else the number."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or f"Contact {self.pk}"
