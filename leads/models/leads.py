"""The lead: who may buy, where from, whose."""

import pghistory
from django.db import models
from django.urls import reverse

from leads.models.catalogue import Campaign, ProductLine, Source
from leads.models.people import Company, Contact, User
from leads.querysets import LeadQuerySet


class Status(models.TextChoices):
    NEW = "new", "New"
    WORKING = "working", "Working"
    NURTURING = "nurturing", "Nurturing"
    QUALIFIED = "qualified", "Qualified"
    DISQUALIFIED = "disqualified", "Disqualified"


REASON_LENGTH = 100
REJECTED = "Rejected by sales"  # the reason of a status change: marketing has the lead again


class Outcome(models.TextChoices):
    OPEN = "open", "Open"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    DISQUALIFIED = "disqualified", "Disqualified"


@pghistory.track()
class Lead(models.Model):
    """A person or company that may buy one product line; `score` and `deal` hang on it from birth."""

    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="leads")
    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="leads")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="leads")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="leads")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="leads")
    second = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seconded_leads",
        verbose_name="second person",
        help_text="Helps the owner, such as an engineer or a manager.",
    )
    contacts = models.ManyToManyField(Contact, through="LeadContact", related_name="leads")
    pain = models.CharField(max_length=400, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    status_since = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True, editable=False)
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = LeadQuerySet.as_manager()

    class Meta:
        permissions = [
            ("view_all_leads", "Can see every lead"),
            ("view_team_leads", "Can see the leads of managed teams and unassigned ones"),
            ("assign_leads", "Can give leads to other people"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="open", closed_on=None) | ~models.Q(outcome="open"),
                name="open_lead_has_no_closing_date",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "outcome", "status"], name="lead_owner_open"),
            models.Index(fields=["outcome", "closed_on"], name="lead_closed_on"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:detail", args=[self.pk])

    @property
    def name(self) -> str:
        """The first contact's name, else the company's, else the external id; annotated by `with_names()`."""
        if "display_name" not in self.__dict__:
            self.display_name: str = Lead.objects.with_names().get(pk=self.pk).display_name
        return self.display_name

    @property
    def is_closed(self) -> bool:
        return self.outcome != Outcome.OPEN


class ContactRole(models.TextChoices):
    DECIDER = "decider", "Decides"
    USER = "user", "Will use it"
    FINANCE = "finance", "Pays"
    TECHNICAL = "technical", "Checks it technically"
    CHAMPION = "champion", "Speaks for us"
    OTHER = "other", "Other"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LeadContact(models.Model):
    """One of a lead's people; exactly one of them is first, and names the lead."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="people")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="lead_roles")
    role = models.CharField(max_length=10, choices=ContactRole, blank=True)
    is_first = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_first", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "contact"], name="contact_is_once_on_lead"),
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(is_first=True), name="lead_has_one_first_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} ({self.get_role_display()})" if self.role else str(self.contact)


class Entity(models.TextChoices):
    LEAD = "lead", "Lead"
    CONTACT = "contact", "Contact"
    COMPANY = "company", "Company"
    PRODUCT = "product", "Product"
    USER = "user", "User"


class ExternalId(models.Model):
    """What another system calls one of our rows."""

    system = models.CharField(max_length=100)
    entity = models.CharField(max_length=7, choices=Entity)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "entity", "external_id"], name="external_id_is_unique")
        ]
        indexes = [models.Index(fields=["entity", "object_id"], name="external_id_object")]

    def __str__(self) -> str:
        return f"{self.system}: {self.external_id}"


class StatusChange(models.Model):
    """One step in a lead's life: a change of status, of outcome, or of both."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="status_changes")
    before = models.CharField(max_length=12, choices=Status)
    after = models.CharField(max_length=12, choices=Status)
    outcome_before = models.CharField(max_length=12, choices=Outcome, default=Outcome.OPEN)
    outcome_after = models.CharField(max_length=12, choices=Outcome, default=Outcome.OPEN)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    note = models.TextField(blank=True)
    returns_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "at"], name="status_change_of_lead")]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"
