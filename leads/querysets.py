"""Questions about people, leads and what happened; visibility is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim, Upper

from config.prepared import Parameter

if TYPE_CHECKING:
    from leads.models import (  # noqa: F401  named in the strings of base classes
        Activity,
        Company,
        Contact,
        Lead,
        Notification,
        Task,
        User,
    )


Row = TypeVar("Row", bound=models.Model)
BOOLEAN: models.Field[bool, bool] = models.BooleanField()


def array_text(ids: Iterable[int]) -> str:
    """The ids as PostgreSQL writes an array: one text is quoted much faster than thousands of numbers."""
    return f"{{{','.join(map(str, ids))}}}"


class LockableQuerySet(models.QuerySet[Row]):
    def among(self, ids: Iterable[int] | Parameter) -> Self:
        """These rows, of which there may be thousands."""
        given = ids if isinstance(ids, Parameter) else Value(array_text(ids))
        is_given = Func(
            F("pk"), given, template="%(expressions)s::bigint[])", arg_joiner=" = ANY(", output_field=BOOLEAN
        )
        return self.filter(is_given)

    def locked(self, ids: Iterable[int]) -> Self:
        """These rows, locked in id order against other writers (not against foreign keys)."""
        return self.among(ids).order_by("pk").select_for_update(no_key=True, of=("self",))


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        """Those who can sign in."""
        return self.filter(is_active=True)

    def colleagues_of(self, user: User) -> Self:
        """Whom a user works with, deactivated or not: everybody, the teams one manages, or one's own."""
        if user.has_perm("leads.view_all_leads"):
            return self
        if user.has_perm("leads.assign_leads"):
            return self.filter(Q(team__managers=user) | Q(pk=user.pk)).distinct()
        return self.filter(Q(pk=user.pk) | Q(team__isnull=False, team=user.team_id))

    def assignable_by(self, user: User) -> Self:
        """People whom this user may make owner."""
        return self.active().colleagues_of(user)

    def with_leads_in_hand(self) -> Self:
        """Annotates `open_leads`: how many open ones, not in nurturing, each of them has."""
        leads = apps.get_model("leads", "Lead").objects.in_triage().filter(owner=OuterRef("pk"))
        in_hand = leads.order_by().values("owner").annotate(n=Count("pk"))
        return self.annotate(open_leads=Coalesce(Subquery(in_hand.values("n")), 0))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager for creating users, with our questions."""

    use_in_migrations = False


def visible_leads(user: User, prefix: str = "") -> Q:
    """The condition that a row's lead may be seen by this user; `prefix` is the path to the lead."""
    if user.has_perm("leads.view_all_leads"):
        return Q()
    unassigned = Q(**{f"{prefix}owner": None})
    own = Q(**{f"{prefix}owner": user}) | Q(**{f"{prefix}second": user})
    if user.has_perm("leads.view_team_leads"):
        members = apps.get_model("leads", "User").objects.filter(team__managers=user).values("pk")
        return own | Q(**{f"{prefix}owner__in": members}) | unassigned
    return own | unassigned if _reps_may_pick() else own


def _reps_may_pick() -> bool:
    # The models need this module, and the organisation needs the models.
    from leads.organisation import organisation  # noqa: PLC0415

    return organisation().reps_may_pick


class CompanyQuerySet(LockableQuerySet["Company"]):
    def matching(self, text: str) -> Self:
        """Companies whose name contains the text, or whose domain begins with it."""
        return self.filter(Q(name__icontains=text) | Q(domain__startswith=text.lower())) if text else self

    def by_name(self) -> Self:
        """In the order of their names, without regard to case."""
        return self.order_by(Upper("name"), "pk")

    def with_open_leads(self, user: User) -> Self:
        """Annotates `open_leads`: how many open leads of the company this user may see."""
        leads = apps.get_model("leads", "Lead").objects.open().visible_to(user)
        own = leads.filter(company=OuterRef("pk")).order_by().values("company")
        return self.annotate(open_leads=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0))

    def like(self, name: str, domain: str = "") -> Self:
        """Companies that are probably the same: equal name but for case, or equal domain."""
        same_name = Q(name__iexact=name.strip()) if name.strip() else Q(pk=None)
        same_domain = Q(domain=domain.strip().lower()) if domain.strip() else Q(pk=None)
        return self.filter(same_name | same_domain)


class ContactQuerySet(LockableQuerySet["Contact"]):
    def matching(self, text: str) -> Self:
        """Contacts each word of whose text stands in a name or the e-mail address."""
        found = self
        for word in text.split():
            in_name = Q(first_name__icontains=word) | Q(last_name__icontains=word)
            found = found.filter(in_name | Q(email__icontains=word))
        return found

    def by_name(self) -> Self:
        """In the order of their last names, without regard to case."""
        return self.order_by(Upper("last_name"), Upper("first_name"), "pk")

    def visible_to(self, user: User) -> Self:
        """Contacts follow their leads; one without any lead belongs to nobody and is seen by all."""
        if user.has_perm("leads.view_all_leads"):
            return self
        link = apps.get_model("leads", "LeadContact").objects.filter(contact=OuterRef("pk"))
        return self.filter(Exists(link.filter(visible_leads(user, "lead__"))) | ~Exists(link))


class LeadQuerySet(LockableQuerySet["Lead"]):
    def visible_to(self, user: User) -> Self:
        """Reps: theirs, also as second person, and what they may pick; managers: their teams'."""
        return self.filter(visible_leads(user))

    def open(self) -> Self:
        """Neither won nor lost nor disqualified."""
        return self.filter(outcome="open")

    def as_listed(self) -> Self:
        """With name, owner, score and deal, open ones first, the best first."""
        related = self.select_related("owner", "product_line", "score__band", "deal__stage")
        is_closed = Case(When(outcome="open", then=Value(0)), default=Value(1))
        return related.with_names().order_by(is_closed, F("score__total").desc(nulls_last=True), "pk")

    def in_triage(self) -> Self:
        """Open leads that wait for somebody's attention."""
        return self.open().filter(status__in=["new", "working", "qualified"])

    def in_pipeline(self) -> Self:
        """Open leads that stand on the board and in the open forecast."""
        return self.open().filter(status__in=["working", "qualified"])

    def with_names(self) -> Self:
        """Annotates `display_name`: first contact, else company, else external id, else the number."""
        person = apps.get_model("leads", "LeadContact").objects.filter(lead=OuterRef("pk"), is_first=True)
        full_name = Trim(Concat("contact__first_name", Value(" "), "contact__last_name"))
        external = apps.get_model("leads", "ExternalId").objects.filter(
            entity="lead", object_id=OuterRef("pk")
        )
        return self.annotate(
            display_name=Coalesce(
                Subquery(
                    person.values(
                        named=Coalesce(NullIf(full_name, Value("")), NullIf("contact__email", Value("")))
                    )[:1]
                ),
                F("company__name"),
                Subquery(external.order_by("id").values("external_id")[:1]),
                Concat(Value("Lead "), Cast("pk", models.CharField())),
                output_field=models.CharField(),
            )
        )

    def matching(self, text: str) -> Self:
        """Leads with a person matching the text, a company whose name contains it, or an id beginning so."""
        contacts = apps.get_model("leads", "Contact").objects.matching(text)
        people = apps.get_model("leads", "LeadContact").objects.filter(contact__in=contacts).order_by()
        leads = apps.get_model("leads", "Lead").objects.filter(company__name__icontains=text).order_by()
        external = apps.get_model("leads", "ExternalId").objects.filter(
            entity="lead", external_id__istartswith=text
        )
        # Each by its own index: one condition with OR would look at every lead.
        return self.filter(
            pk__in=people.values("lead").union(leads.values("pk"), external.values("object_id"), all=True)
        )

    def referred_to(self, reference: str, *, system: str) -> Self:
        """The lead with this number, or `ext:` and what the system calls it; none when there is none."""
        if "\x00" in reference:
            return self.none()
        if reference.startswith("ext:"):
            external = apps.get_model("leads", "ExternalId").objects.filter(entity="lead", system=system)
            return self.filter(pk__in=external.filter(external_id=reference[4:]).values("object_id"))
        is_number = reference.isascii() and reference.isdecimal() and len(reference) <= 18
        return self.filter(pk=int(reference)) if is_number else self.none()


class ActivityQuerySet(LockableQuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        """Activities follow their leads."""
        return self.filter(visible_leads(user, "lead__"))

    def trusted(self) -> Self:
        """Those that count: neither quarantined nor rejected."""
        return self.filter(trust="ok")

    def recent(self, limit: int) -> Self:
        """The newest, with what a timeline shows of them."""
        return self.select_related("kind", "actor", "contact", "lead").order_by("-occurred_at", "-pk")[:limit]

    def signals(self) -> Self:
        """Trusted activities by the prospect: what scoring counts."""
        return self.trusted().filter(kind__by="prospect")


class TaskQuerySet(LockableQuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Tasks follow their leads."""
        return self.filter(visible_leads(user, "lead__"))

    def open(self) -> Self:
        return self.filter(done_at=None)

    def waiting_for(self, user: User) -> Self:
        """What this user has to do: given to them, or to nobody on a lead of theirs."""
        theirs = Q(assignee=user) | Q(assignee=None, lead__owner=user)
        return self.visible_to(user).open().filter(theirs, lead__outcome="open")

    def with_leads(self) -> Self:
        """With the lead's company, score and `lead_name`, the earliest due first."""
        names = apps.get_model("leads", "Lead").objects.filter(pk=OuterRef("lead")).with_names()
        named = self.annotate(lead_name=Subquery(names.values(name=F("display_name"))[:1]))
        return named.select_related("lead__company", "lead__score__band", "kind").order_by("due_on", "pk")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> Self:
        """Everybody's own."""
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)
