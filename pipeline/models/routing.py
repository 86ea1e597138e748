"""Who shares which leads: pools with their members, whose turn it is, and what waits for somebody."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django_countries.fields import CountryField

from leads.models import Lead, ProductLine, Source, User
from scoring.models import Band


class RoutingPool(models.Model):
    """People who share leads; a lead belongs to the first active pool all of whose conditions it meets."""

    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=1, help_text="Lower numbers are asked first.")
    is_active = models.BooleanField("active", default=True)
    product_lines = models.ManyToManyField(
        ProductLine, blank=True, related_name="+", help_text="None chosen: any."
    )
    countries = CountryField(multiple=True, blank=True, help_text="Of the company; none chosen: any.")
    sources = models.ManyToManyField(Source, blank=True, related_name="+", help_text="None chosen: any.")
    bands = models.ManyToManyField(Band, blank=True, related_name="+", help_text="None chosen: any.")
    second_from = models.ForeignKey(
        Band,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="second person from",
        help_text="Large leads of this band and better ones get a second person; empty: none.",
    )
    second_value = models.DecimalField(
        "large from value",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Of the deal, in the organisation's currency.",
    )
    second_employees = models.PositiveIntegerField(
        "large from employees", null=True, blank=True, help_text="Of the company; one of the two is enough."
    )

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Part(models.TextChoices):
    OWNER = "owner", "Gets leads"
    SECOND = "second", "Second person"


class PoolMember(models.Model):
    """Somebody who shares the leads of a pool, or helps with its large ones."""

    pool = models.ForeignKey(RoutingPool, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="pool_memberships")
    share = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="2 gets twice as many leads of each band as 1.",
    )
    part = models.CharField(max_length=6, choices=Part, default=Part.OWNER)

    class Meta:
        ordering = ["part", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "user"],
                name="member_is_once_in_pool",
                violation_error_message="This person is in the pool already.",
            ),
            models.CheckConstraint(condition=models.Q(share__gte=1), name="member_share_is_positive"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class RoutingCredit(models.Model):
    """What a member has coming of a band, in units of `pipeline.turns.UNIT`: expected minus received."""

    pool = models.ForeignKey(RoutingPool, models.CASCADE, related_name="credits")
    band = models.ForeignKey(Band, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    credit = models.BigIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "band", "user"], name="credit_is_once_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.band}: {self.credit}"


class Circle(models.Model):
    """People who could get a lead when it was dealt out; a row for each such set, shared by its turns.

    Who was absent or full then is known nowhere else, and a fair share is a share among those who could.
    """

    digest = models.CharField(max_length=64, unique=True)
    shares = models.PositiveIntegerField()  # of all members together

    def __str__(self) -> str:
        return f"circle {self.pk}"


class CircleMember(models.Model):
    """One of them, with the share that counted then."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    share = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "user"], name="circle_has_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.share}"


class PendingRouting(models.Model):
    """News that may make a lead somebody's; every piece is a row, no unique key."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+", db_constraint=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"lead {self.lead_id}"


class RoutingWait(models.Model):
    """A lead that nobody could take; it is tried again until somebody can."""

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="routing_wait")
    why = models.CharField(max_length=300)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return self.why
