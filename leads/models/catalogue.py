"""What is sold and where leads come from: product lines, products, sources, campaigns."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from leads.models.organisation import validate_currency


class ProductLine(models.Model):
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    product_line = models.ForeignKey(ProductLine, models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    list_price = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, validators=[validate_currency])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["product_line", "name"], name="product_name_is_unique_in_line")
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="source_name_is_unique")]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    name = models.CharField(max_length=160)
    cost = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        max_length=3,
        blank=True,
        validators=[validate_currency],
        help_text="Empty for the organisation's currency.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="campaign_name_is_unique")]

    def __str__(self) -> str:
        return self.name
