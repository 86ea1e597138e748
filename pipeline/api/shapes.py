"""What the API says about a lead and what it takes; the names are a contract."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from leads.addresses import country_code, normal_domain, normal_email, normal_phone
from leads.models import Lead


def written_as(spelling: Callable[[str], str]) -> AfterValidator:
    """Have the text in its one spelling; what has none is a fault at its own path."""

    def spell(text: str) -> str:
        try:
            return spelling(text)
        except ValidationError as error:
            raise ValueError(error.message) from error

    return AfterValidator(spell)


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Body(BaseModel):
    """A body with a misspelt name is refused, not half understood."""

    model_config = ConfigDict(extra="forbid")


class ContactIn(Body):
    first_name: str = Field("", max_length=120)
    last_name: str = Field("", max_length=120)
    email: Annotated[str, written_as(normal_email)] = Field("", max_length=254)
    phone: Annotated[str, written_as(normal_phone)] = Field("", max_length=40)
    job_title: str = Field("", max_length=160)
    seniority: str = Field("", max_length=60)


class CompanyIn(Body):
    name: Name = Field(max_length=200)
    domain: Annotated[str, written_as(normal_domain)] = Field("", max_length=253)
    industry: str = Field("", max_length=120)
    employees: int | None = Field(None, ge=0, le=10_000_000)
    annual_revenue: Decimal | None = Field(None, ge=0, max_digits=18, decimal_places=2)
    country: Annotated[str, written_as(country_code)] = Field(
        "", max_length=80, description="ISO code or English name."
    )


class DealIn(Body):
    value: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    confidence: int | None = Field(None, ge=0, le=100)
    expected_close_on: date | None = None


class LeadIn(Body):
    """A new lead, or what changed about one whose external id is known; names that are new are created."""

    external_id: str | None = Field(None, min_length=1, max_length=200)
    contact: ContactIn | None = None
    company: CompanyIn | None = None
    product_line: Name | None = Field(None, max_length=120)
    source: Name | None = Field(None, max_length=120)
    campaign: Name | None = Field(None, max_length=160)
    custom: dict[str, Any] = Field(default_factory=dict)
    deal: DealIn | None = None


class ScoreOut(Schema):
    state: str
    total: int | None
    fit: float | None
    engagement: float | None
    band: str | None
    grade: str | None
    as_of: date | None


class DealOut(Schema):
    stage: str
    value: Decimal | None
    currency: str
    confidence: int
    automatic_confidence: int
    confidence_source: str = Field(description="automatic, initial or manual")
    expected_close_on: date | None


class LeadOut(Schema):
    id: int
    external_id: str | None
    name: str
    company: str | None
    status: str
    outcome: str
    closed_on: date | None
    owner: str | None
    product_line: str | None
    source: str | None
    campaign: str | None
    custom: dict[str, Any]
    created_at: datetime
    last_contact_at: datetime | None
    score: ScoreOut
    deal: DealOut

    @staticmethod
    def of(lead: Lead) -> "LeadOut":
        """From a lead that came through `seen_leads`."""
        return LeadOut(
            id=lead.pk,
            external_id=lead.external_name,  # type: ignore[attr-defined]
            name=lead.name,
            company=lead.company.name if lead.company else None,
            status=lead.status,
            outcome=lead.outcome,
            closed_on=lead.closed_on,
            owner=lead.owner.username if lead.owner else None,
            product_line=lead.product_line.name if lead.product_line else None,
            source=lead.source.name if lead.source else None,
            campaign=lead.campaign.name if lead.campaign else None,
            custom=lead.attributes,
            created_at=lead.created_at,
            last_contact_at=lead.last_contact_at,
            score=score_out(lead),
            deal=deal_out(lead),
        )


def score_out(lead: Lead) -> ScoreOut:
    score = lead.score
    return ScoreOut(
        state=score.state,
        total=score.total,
        fit=None if score.fit is None else score.fit / 10,
        engagement=None if score.engagement is None else score.engagement / 10,
        band=score.band.key if score.band else None,
        grade=score.grade or None,
        as_of=score.as_of,
    )


def deal_out(lead: Lead) -> DealOut:
    deal = lead.deal
    return DealOut(
        stage=deal.stage.key,
        value=deal.value,
        currency=deal.currency,
        confidence=deal.confidence,
        automatic_confidence=deal.automatic_confidence,
        confidence_source=deal.confidence_source,
        expected_close_on=deal.expected_close_on,
    )


class LeadPage(Schema):
    results: list[LeadOut]
    next: str | None = Field(description="The cursor of the next page, or null.")
