"""What is read with a lead for its page, in the one query that fetches it; prepared, for it is a long one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from config.prepared import Parameter, PreparedQuery
from leads.models import Activity, Answer, CustomField, Lead, LeadContact, Question, StatusChange, Task, User
from leads.models.activities import Doer
from leads.models.fields import FieldEntity
from leads.models.leads import Status
from leads.querysets import LeadQuerySet
from pipeline.leadpage.ownership import about_ownership
from pipeline.leadpage.questions import about_questions
from pipeline.models import AnswerPoint, ConfidenceChange, KeyActivity, PendingConfidence, Stage
from pipeline.names import name_of
from pipeline.requirements import lacking_rows
from scoring.models import BandThreshold, LineComment, PendingScore, ScoreDay

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
LEAD = Parameter("lead", "bigint", BigIntegerField())
WEEK_AGO = Parameter("week_ago", "date", DateField())
MONTH_AGO = Parameter("month_ago", "date", DateField())
REQUESTS = ("demo_request", "trial_request", "contact_request", "email_reply")
DONE_SHOWN = 3  # tasks done last

PERSON = JSONObject(
    contact="contact_id",
    first_name="contact__first_name",
    last_name="contact__last_name",
    email="contact__email",
    phone="contact__phone",
    title="contact__job_title",
    role="role",
    is_first="is_first",
    do_not_contact="contact__do_not_contact",
)
TASK = JSONObject(
    pk="pk",
    title="title",
    due_on="due_on",
    done_at="done_at",
    assignee=name_of("assignee"),
    outcome="kind__label",
)
_SAID = ~Q(reason="") | Q(before=None) | ~Q(before=F("after"))  # not news of the automatic value beside it
KEY = {"stage": "stage_id", "points": "points", "is_done": "is_done"}
CONFIDENCE = JSONObject(lines="lines", reason="reason", by=name_of("by"), at="at")


def lead_to_view(user: User, pk: int, today: date) -> Lead:
    """The lead, if this user may see it, with all that `view_of` puts into shapes; else 404. Two queries."""
    is_visible = Lead.objects.visible_to(user).filter(pk=pk).exists()
    days = {"week_ago": today - WEEK, "month_ago": today - MONTH}
    found = LEAD_TO_VIEW.read(lead=pk, **days) if is_visible else []
    if not found:
        raise Http404(f"No lead {pk}.")
    return cast("Lead", found[0])


def _leads() -> LeadQuerySet:
    return (
        Lead.objects.filter(pk=LEAD)
        .with_names()
        .select_related("company", "owner", "second", "product_line", "source", "campaign")
        .select_related(
            "score__band",
            "score__model",
            "deal__stage__pipeline",
            "deal__product",
            "deal__lost_reason",
            "deal__lost_to",
        )
        .annotate(
            **_about_score(),
            **_about_people(),
            **_about_work(),
            **_about_deal(),
            **about_ownership(),
            **about_questions(),
        )
    )


def has_waiting_news(lead: Lead) -> bool:
    """Something about the lead has not reached its score or its confidence yet."""
    return any(table.objects.filter(lead=lead).exists() for table in (PendingScore, PendingConfidence))


def _about_score() -> dict[str, Any]:
    week_ago = ScoreDay.objects.filter(lead=OuterRef("pk"), day__lte=WEEK_AGO).order_by("-day")
    bands = BandThreshold.objects.filter(model=OuterRef("score__model")).order_by("-enter")
    news = [table.objects.filter(lead=OuterRef("pk")) for table in (PendingScore, PendingConfidence)]
    return {
        "is_pending": Exists(news[0]) | Exists(news[1]),
        "total_before": Subquery(week_ago.values("total")[:1]),
        "comment_rows": _all(
            LineComment.objects.filter(lead=OuterRef("pk"), settled_at=None),
            JSONObject(group="group", rule="rule", text="text", by=name_of("by")),
        ),
        "band_rows": _all(bands, JSONObject(name="band__name", sign="band__colour", enter="enter")),
    }


def _about_people() -> dict[str, Any]:
    fields = CustomField.objects.filter(entity=FieldEntity.LEAD).order_by("label")
    return {
        "people_rows": _all(LeadContact.objects.filter(lead=OuterRef("pk")), PERSON),
        "field_rows": _all(fields, JSONObject(key="key", label="label")),
    }


def _about_work() -> dict[str, Any]:
    recycled = StatusChange.objects.filter(lead=OuterRef("pk"), after=Status.NURTURING).order_by("-at")
    return {
        "task_rows": _all(_tasks(), TASK),
        "request": _first(_unanswered(), JSONObject(kind="kind__key", on="occurred_on")),
        "returns_on": Subquery(recycled.values("returns_on")[:1]),
    }


def _about_deal() -> dict[str, Any]:
    stages = Stage.objects.current().filter(pipeline=OuterRef("deal__stage__pipeline")).order_by("order")
    changes = ConfidenceChange.objects.filter(deal=OuterRef("pk")).order_by("-at", "-pk")
    return {
        "stage_rows": _all(stages, JSONObject(pk="pk", name="name", order="order", confidence="confidence")),
        "confidence_row": _first(changes, CONFIDENCE),
        "set_row": _first(changes.filter(_SAID).exclude(source="automatic"), CONFIDENCE),
        "key_rows": _all(_key_activities(), JSONObject(kind="kind__key", name="kind__label", **KEY)),
        "answer_rows": _all(_open_questions(), JSONObject(question="pk", text="text", points="best")),
        "lacking_rows": lacking_rows(),
    }


def _key_activities() -> QuerySet[KeyActivity]:
    """Those of the deal's pipeline, each with whether it was done since the deal was opened."""
    of_pipeline = Q(stage=None) | Q(stage__pipeline=OuterRef("deal__stage__pipeline"))
    since_opening = Q(lead__deal__reopened_at=None) | Q(occurred_at__gte=F("lead__deal__reopened_at"))
    done = Activity.objects.trusted().filter(
        since_opening, lead=OuterRef(OuterRef("pk")), kind=OuterRef("kind")
    )
    return KeyActivity.objects.filter(of_pipeline).annotate(is_done=Exists(done.order_by()))


def _open_questions() -> QuerySet[Question]:
    """Questions that nobody has answered, each with the most that an answer can bring."""
    answered = Answer.objects.filter(lead=OuterRef(OuterRef("pk")), question=OuterRef("pk"))
    best = AnswerPoint.objects.filter(question=OuterRef("pk"), points__gt=0).order_by("-points")
    of_line = Q(product_line=None) | Q(product_line=OuterRef("product_line"))
    found = Question.objects.filter(of_line, ~Exists(answered))
    return found.annotate(best=Subquery(best.values("points")[:1])).filter(best__isnull=False)


def _tasks() -> QuerySet[Task]:
    """Open ones by date, then those done last."""
    done = Task.objects.filter(lead=OuterRef("lead")).exclude(done_at=None).order_by("-done_at").values("pk")
    shown = Task.objects.filter(lead=OuterRef("pk")).filter(Q(done_at=None) | Q(pk__in=done[:DONE_SHOWN]))
    return shown.order_by(F("done_at").desc(nulls_first=True), "due_on", "pk")


def _unanswered() -> QuerySet[Activity]:
    """Requests of the last month that no call, meeting or message of ours has followed, the newest first."""
    answer = Activity.objects.filter(
        lead=OuterRef("lead"),
        kind__by=Doer.REP,
        kind__counts_as_contact=True,
        occurred_at__gt=OuterRef("occurred_at"),
    )
    asked = Activity.objects.signals().filter(lead=OuterRef("pk"), kind__key__in=REQUESTS)
    return asked.filter(~Exists(answer), occurred_on__gt=MONTH_AGO).order_by("-occurred_at")


def _first(rows: QuerySet[Any], facts: JSONObject) -> Subquery:
    return Subquery(rows.values(facts=facts)[:1])


def _all(rows: QuerySet[Any], facts: JSONObject) -> ArraySubquery:
    return ArraySubquery(rows.values(facts=facts))


LEAD_TO_VIEW = PreparedQuery(_leads)
