"""Rows of the pipeline for tests; deals are born with their leads."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from leads.models import ActivityKind
from pipeline.models import (
    AnswerPoint,
    Competitor,
    Deal,
    ExchangeRate,
    KeyActivity,
    LostReason,
    Pipeline,
    Requirement,
    Stage,
    Target,
)
from tests.factories import LeadFactory, QuestionFactory


class PipelineFactory(DjangoModelFactory):
    """A pipeline without stages that no product line starts in."""

    class Meta:
        model = Pipeline

    key = factory.Sequence("pipeline-{}".format)
    name = factory.Sequence("Pipeline {}".format)
    is_default = False


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    pipeline = factory.SubFactory(PipelineFactory)
    key = factory.Sequence("stage-{}".format)
    name = factory.LazyAttribute(lambda stage: stage.key.capitalize())
    order = factory.Sequence(int)
    confidence = 30


class DealFactory(DjangoModelFactory):
    """The deal of a new lead, in the pipeline when its status says so; `lead__…` are facts of the lead.

    What is given here is written straight into the row, without history.
    """

    class Meta:
        model = Deal

    lead = factory.SubFactory(LeadFactory)

    @classmethod
    def _create(cls, _model, *_args, lead, **fields):
        Deal.objects.filter(pk=lead.pk).update(**fields)
        return Deal.objects.select_related("lead", "stage").get(pk=lead.pk)


class KeyActivityFactory(DjangoModelFactory):
    class Meta:
        model = KeyActivity

    kind = factory.LazyFunction(lambda: ActivityKind.objects.get(key="call"))
    points = 3


class RequirementFactory(DjangoModelFactory):
    """Asks for the value of a deal before it enters a stage."""

    class Meta:
        model = Requirement

    stage = factory.LazyFunction(lambda: Stage.objects.get(key="demo"))
    field = "deal.value"


class AnswerPointFactory(DjangoModelFactory):
    class Meta:
        model = AnswerPoint

    question = factory.SubFactory(QuestionFactory)
    value = True
    points = 5


class LostReasonFactory(DjangoModelFactory):
    class Meta:
        model = LostReason

    key = factory.Sequence("reason-{}".format)
    name = factory.LazyAttribute(lambda reason: reason.key.capitalize())


class CompetitorFactory(DjangoModelFactory):
    class Meta:
        model = Competitor

    name = factory.Sequence("Rival {}".format)


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate

    currency = "USD"
    valid_from = date(2026, 1, 1)
    rate = Decimal("0.9")


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    month = date(2026, 1, 1)
    amount = Decimal(20_000)
    currency = "EUR"
