"""Rows for tests; leads are born by the verb, so that each has its score and its deal."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from leads.actions import NewLead, add_lead
from leads.models import (
    Absence,
    Activity,
    ActivityKey,
    ActivityKind,
    ActivityReview,
    Answer,
    ApiKey,
    Campaign,
    Company,
    Contact,
    CustomField,
    ExternalId,
    Lead,
    LeadContact,
    Notification,
    Outbox,
    Product,
    ProductLine,
    Question,
    Source,
    StatusChange,
    Task,
    Team,
    User,
)
from leads.models.activities import Doer, Origin, Trust
from leads.models.fields import AnswerType, FieldEntity, FieldType, QuestionArea
from leads.models.leads import Entity, Status
from leads.organisation import local_date
from leads.roles import SALES_REP


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence("Team {}".format)


class UserFactory(DjangoModelFactory):
    """A sales rep, or whatever role is given; the password is `secret-42`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@plumbline.example")
    password = factory.LazyFunction(cache(lambda: make_password("secret-42")))  # slow by design, so once

    @factory.post_generation
    def role(user, create, extracted):  # noqa: N805
        if create:
            user.groups.add(Group.objects.get(name=extracted or SALES_REP))


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    user = factory.SubFactory(UserFactory)
    starts_on = factory.LazyFunction(date.today)
    ends_on = factory.LazyAttribute(lambda absence: absence.starts_on + timedelta(days=7))


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence("Company {}".format)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    company = factory.SubFactory(CompanyFactory)
    first_name = factory.Sequence("Person{}".format)
    last_name = "Example"
    email = factory.LazyAttribute(lambda contact: f"{contact.first_name}@customer.example".lower())


class ProductLineFactory(DjangoModelFactory):
    class Meta:
        model = ProductLine

    name = factory.Sequence("Line {}".format)


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    product_line = factory.SubFactory(ProductLineFactory)
    name = factory.Sequence("Product {}".format)
    list_price = Decimal(1000)
    currency = "EUR"


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence("Source {}".format)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence("Campaign {}".format)


class LeadFactory(DjangoModelFactory):
    """An open, new lead with one contact and its company; `people=[(contact, role)]` gives it several.

    Without a contact: `contact=None`. What birth does not set, such as status or outcome, is written straight
    into the row, without history.
    """

    class Meta:
        model = Lead

    contact = factory.SubFactory(ContactFactory)
    company = factory.LazyAttribute(lambda lead: lead.contact.company if lead.contact else None)
    people = ()

    @classmethod
    def _create(cls, _model, *_args, contact, people, **fields):
        pairs = people or ([(contact, "")] if contact else [])
        born = {
            name: fields.pop(name)
            for name in ("pain", "attributes", "created_at", "external")
            if name in fields
        }
        for name in ("company", "product_line", "source", "campaign", "owner"):
            row = fields.pop(name, None)
            born[f"{name}_id"] = row.pk if row else None
        by = fields.pop("by", None)
        lead = add_lead(NewLead(people=[(person.pk, role) for person, role in pairs], **born), by=by)
        if fields:
            Lead.objects.filter(pk=lead.pk).update(**fields)
        return Lead.objects.get(pk=lead.pk)


class LeadContactFactory(DjangoModelFactory):
    class Meta:
        model = LeadContact

    lead = factory.SubFactory(LeadFactory)
    contact = factory.SubFactory(ContactFactory)


class ExternalIdFactory(DjangoModelFactory):
    class Meta:
        model = ExternalId

    system = "test"
    entity = Entity.LEAD
    external_id = factory.Sequence("E-{}".format)
    object_id = factory.LazyFunction(lambda: LeadFactory().pk)


class StatusChangeFactory(DjangoModelFactory):
    class Meta:
        model = StatusChange

    lead = factory.SubFactory(LeadFactory)
    before = Status.NEW
    after = Status.WORKING
    at = factory.LazyFunction(timezone.now)


class ActivityKindFactory(DjangoModelFactory):
    class Meta:
        model = ActivityKind
        django_get_or_create = ("key",)

    key = factory.Sequence("kind_{}".format)
    label = factory.LazyAttribute(lambda kind: kind.key.replace("_", " ").capitalize())
    by = Doer.PROSPECT


class ActivityFactory(DjangoModelFactory):
    """A stored activity without the verb's consequences; `kind__key="call"` takes a built-in kind."""

    class Meta:
        model = Activity

    lead = factory.SubFactory(LeadFactory)
    kind = factory.SubFactory(ActivityKindFactory, key="page_view")
    occurred_at = factory.LazyFunction(timezone.now)
    occurred_on = factory.LazyAttribute(lambda activity: local_date(activity.occurred_at))
    origin = Origin.HAND


class ActivityKeyFactory(DjangoModelFactory):
    class Meta:
        model = ActivityKey

    key = factory.Sequence("key-{}".format)
    lead = factory.SubFactory(LeadFactory)


class ActivityReviewFactory(DjangoModelFactory):
    class Meta:
        model = ActivityReview

    activity_id = factory.LazyFunction(lambda: ActivityFactory().pk)
    trust_before = Trust.OK
    trust_after = Trust.REJECTED
    lead_before = factory.SubFactory(LeadFactory)
    lead_after = factory.SelfAttribute("lead_before")
    at = factory.LazyFunction(timezone.now)


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    lead = factory.SubFactory(LeadFactory)
    title = "Call back"
    due_on = factory.LazyFunction(date.today)


class CustomFieldFactory(DjangoModelFactory):
    class Meta:
        model = CustomField

    entity = FieldEntity.LEAD
    key = factory.Sequence("field_{}".format)
    label = factory.LazyAttribute(lambda field: field.key.replace("_", " ").capitalize())
    type = FieldType.TEXT


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    key = factory.Sequence("question_{}".format)
    text = factory.Sequence("Question {}?".format)
    area = QuestionArea.NEED
    type = AnswerType.YES_NO


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    lead = factory.SubFactory(LeadFactory)
    question = factory.SubFactory(QuestionFactory)
    value = True
    at = factory.LazyFunction(timezone.now)


class OutboxFactory(DjangoModelFactory):
    class Meta:
        model = Outbox

    kind = "test"
    lead = factory.SubFactory(LeadFactory)


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    kind = "test"
    text = factory.Sequence("News {}".format)


class ApiKeyFactory(DjangoModelFactory):
    class Meta:
        model = ApiKey

    name = factory.Sequence("system-{}".format)
    user = factory.SubFactory(UserFactory)
    prefix = "plumb_test"
    hash = factory.Sequence("{:064d}".format)
