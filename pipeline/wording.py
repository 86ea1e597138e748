"""Sentences about what happened to a lead, for lists and timelines: pure, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from leads.formats import NONE, duration, money, percent, short_date

SYMBOLS = {
    "page_view": "page",
    "visit": "page",
    "download": "download",
    "newsletter_subscribe": "mail",
    "unsubscribe": "ban",
    "email_open": "mail",
    "email_click": "click",
    "email_reply": "mail",
    "form_submit": "note",
    "webinar_attend": "video",
    "event_attend": "calendar",
    "social_follow": "user",
    "comment": "note",
    "chat": "note",
    "demo_request": "calendar",
    "trial_request": "bolt",
    "contact_request": "phone",
    "support_ticket": "warning",
    "call": "phone",
    "meeting": "calendar",
    "demo_held": "video",
    "proposal_sent": "note",
    "email_sent": "mail",
    "sms": "phone",
    "note": "note",
    "email_delivered": "mail",
    "email_bounce": "warning",
    "email_complaint": "warning",
}
UNTRUSTED = {"quarantined": "Held back", "rejected": "Rejected"}
OUTCOMES = {"won": "Won", "lost": "Lost", "disqualified": "Disqualified"}
STATUSES = {
    "new": "New again",
    "working": "Work began",
    "nurturing": "Sent to nurturing",
    "qualified": "Qualified",
    "disqualified": "Disqualified",
}
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, at a moment in the organisation's time; `tone` is key or off."""

    at: datetime
    symbol: str
    title: str
    sub: str = ""
    quote: str = ""
    tone: str = ""
    signal: int | None = None  # the activity, where its trust may be reviewed
    trust: str = ""

    @property
    def clock(self) -> str:
        return f"{self.at:%H:%M}"


def symbol(kind: str) -> str:
    """The icon of a kind of activity."""
    return SYMBOLS.get(kind, "flag")


def activity_title(
    label: str, *, url: str = "", seconds: int | None = None, properties: Facts | None = None
) -> str:
    """Page viewed: /pricing, 3 min 10 s · Downloaded: ROI sheet · Call, 12 min."""
    about = subject(url, properties)
    title = f"{label}: {about}" if about else label
    return f"{title}, {duration(seconds)}" if seconds else title


def subject(url: str, properties: Facts | None) -> str:
    """What an activity was about: its title, else the page's path."""
    known = properties or {}
    return str(known.get("title") or known.get("subject") or _place(url))


def tell(source: str, at: datetime, facts: Facts) -> Entry:
    """The entry for a row of the timeline."""
    return TELLERS[source](at, facts)


def _activity(at: datetime, facts: Facts) -> Entry:
    properties = facts["properties"] or {}
    is_trusted = facts["trust"] == "ok"
    is_sales = facts["doer"] == "rep"
    return Entry(
        at,
        symbol(facts["kind"]) if is_trusted else "shield",
        activity_title(facts["label"], url=facts["url"], seconds=facts["seconds"], properties=properties),
        sub=_untrusted(facts) or (facts["by"] if is_sales else facts["who"]) or "",
        quote=str(properties.get("note", "")),
        tone="off" if not is_trusted else "key" if is_sales else "",
        signal=facts["pk"] if facts["doer"] == "prospect" else None,
        trust=facts["trust"],
    )


def _untrusted(facts: Facts) -> str:
    """“Held back: Known bot: bingbot”."""
    why = ": ".join(filter(None, [UNTRUSTED.get(facts["trust"]), facts["review"]]))
    return f"Not counted · {why}" if facts["trust"] in UNTRUSTED else ""


def _move(at: datetime, facts: Facts) -> Entry:
    if not facts["before"]:
        return Entry(at, "stage", f"Entered the pipeline in {facts['after']}", sub=_by(facts), tone="key")
    sub = "From an import" if facts["reconstructed"] else _by(facts)
    without = f"Without {', '.join(facts['waived'])}: " if facts.get("waived") else ""
    quote = f"{without}{facts.get('waiver', '')}"
    title = f"Moved from {facts['before']} to {facts['after']}"
    return Entry(at, "stage", title, sub=sub, quote=quote, tone="key")


def _confidence(at: datetime, facts: Facts) -> Entry:
    before, after = percent(facts["before"]), percent(facts["after"])
    if facts["source"] == "manual":
        title = f"{facts['by'] or 'Somebody'} set the confidence to {after}"
        return Entry(
            at,
            "pin",
            title,
            sub=f"Automatic {percent(facts['automatic'])}",
            quote=facts["reason"],
            tone="key",
        )
    if facts["source"] == "initial":
        return Entry(at, "flag", f"First confidence {after}", sub=_by(facts))
    return Entry(at, "auto", f"Confidence {before} → {after}", sub=facts["reason"] or _by(facts))


def _deal(at: datetime, facts: Facts) -> Entry:
    label = {"value": "Value", "currency": "Currency", "product": "Product"}.get(
        facts["field"], "Expected close"
    )
    before, after = (_fact(facts, facts[side], at.date()) for side in ("before", "after"))
    return Entry(at, "edit", f"{label}: {before} → {after}", sub=_by(facts))


def _status(at: datetime, facts: Facts) -> Entry:
    sub = " · ".join(filter(None, [facts["reason"], _by(facts)]))
    is_end = facts["outcome_before"] != facts["outcome_after"]
    title = OUTCOMES.get(facts["outcome_after"], "Reopened") if is_end else STATUSES[facts["after"]]
    return Entry(at, "flag", title, sub=sub, quote=facts["note"], tone="key")


def _assignment(at: datetime, facts: Facts) -> Entry:
    title = (
        f"Given to {facts['after']}" if facts["after"] else f"Taken from {facts['before']}: nobody owns it"
    )
    return Entry(at, "user", title, sub=" · ".join(filter(None, [facts["why"], _by(facts)])))


def _crossing(at: datetime, facts: Facts) -> Entry:
    if not facts["after"]:
        return Entry(at, "ban", "Left the bands", sub="Excluded from scoring", tone="off")
    rises = facts["was"] is None or facts["rank"] < facts["was"]
    came = f" from {facts['before'].lower()}" if facts["before"] else ""
    title = f"Became {facts['after'].lower()}{came}"
    return Entry(
        at,
        "bolt" if rises else "arrow-down",
        title,
        sub=f"Score {facts['total']}",
        tone="key" if rises else "",
    )


def _nurture(at: datetime, facts: Facts) -> Entry:
    return Entry(at, "mail", facts["text"], sub=facts["detail"], tone="off")


TELLERS: dict[str, Callable[[datetime, Facts], Entry]] = {
    "activity": _activity,
    "move": _move,
    "confidence": _confidence,
    "deal": _deal,
    "status": _status,
    "assignment": _assignment,
    "crossing": _crossing,
    "nurture": _nurture,
}


def _by(facts: Facts) -> str:
    return facts["by"] or ""


def _fact(facts: Facts, text: str, today: date) -> str:
    if not text:
        return NONE
    if facts["field"] == "value":
        return money(Decimal(text), facts["currency"])
    return short_date(date.fromisoformat(text), today) if facts["field"] == "expected_close_on" else text


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.rstrip("/") or parts.netloc
