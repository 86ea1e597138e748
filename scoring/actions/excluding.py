"""Leads and domains taken out of scoring by hand, and let in again."""

import re

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import Lead, User
from scoring.models import ManualExclusion
from scoring.pending import queue_scores

FREE_MAIL = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
    "ymail.com", "icloud.com", "me.com", "aol.com", "gmx.net", "gmx.de", "gmx.com", "web.de", "t-online.de",
    "proton.me", "protonmail.com", "mail.com", "mail.ru", "yandex.ru", "orange.fr", "free.fr",
    "libero.it", "qq.com",
}  # fmt: skip
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}\Z")


class AlreadyExcluded(Refusal):
    """The lead or the domain is out of scoring already."""


class BadDomain(Refusal):
    """What was given is no domain, or one that many strangers share."""


@audited
def exclude_lead(lead: Lead, *, by: User | None, why: str) -> ManualExclusion:
    """Take one lead out of scoring until this is lifted."""
    return _exclude(
        ManualExclusion(lead=lead, why=why, by=by, at=timezone.now()), f"{lead} is excluded already."
    )


@audited
def exclude_domain(domain: str, *, by: User | None, why: str) -> ManualExclusion:
    """Take everybody of a domain and of those below it out of scoring until this is lifted."""
    plain = plain_domain(domain)
    exclusion = ManualExclusion(domain=plain, why=why, by=by, at=timezone.now())
    return _exclude(exclusion, f"{plain} is excluded already.")


def plain_domain(domain: str) -> str:
    """The domain as it is stored; refused when it is none."""
    plain = domain.strip().lower().removeprefix("www.")
    if not DOMAIN.match(plain):
        raise BadDomain(f"“{domain}” is no domain such as rival.example.")
    if plain in FREE_MAIL:
        raise BadDomain(f"Many people share {plain}. Exclude the lead instead.")
    return plain


@audited
def lift_exclusion(exclusion: ManualExclusion, *, by: User | None) -> ManualExclusion:
    """Let the lead or the domain back in; one that is lifted already stays as it is."""
    in_force = ManualExclusion.objects.filter(pk=exclusion.pk, lifted_at=None)
    if in_force.update(lifted_at=timezone.now(), lifted_by=by):
        _rescore(exclusion)
    exclusion.refresh_from_db()
    return exclusion


def _exclude(exclusion: ManualExclusion, refusal: str) -> ManualExclusion:
    try:
        with transaction.atomic():
            exclusion.save()
    except IntegrityError as error:
        raise AlreadyExcluded(refusal) from error
    _rescore(exclusion)
    return exclusion


def _rescore(exclusion: ManualExclusion) -> None:
    queue_scores(_concerned(exclusion).values_list("pk", flat=True))


def _concerned(exclusion: ManualExclusion) -> QuerySet[Lead]:
    if exclusion.lead_id:
        return Lead.objects.filter(pk=exclusion.lead_id)
    domain = exclusion.domain
    company = Q(company__domain__iexact=domain) | Q(company__domain__iendswith=f".{domain}")
    people = Q(contacts__email__iendswith=f"@{domain}") | Q(contacts__email__iendswith=f".{domain}")
    return Lead.objects.filter(company | people).distinct()
