"""Sentences of the timeline."""

from datetime import UTC, datetime

import pytest

from pipeline.wording import activity_title, symbol, tell

AT = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)
ACTIVITY = {
    "kind": "call", "label": "Call", "url": "", "seconds": 720, "properties": {"note": "Wants figures"},
    "trust": "ok", "pk": 1, "review": None, "by": "Anna Berg", "doer": "rep", "who": "",
}  # fmt: skip
STATUS = {
    "before": "new", "after": "working", "outcome_before": "open", "outcome_after": "open",
    "reason": "", "note": "", "by": "Anna Berg",
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (
            {"label": "Page viewed", "url": "https://example.com/pricing/", "seconds": 190},
            "Page viewed: /pricing, 3 min 10 s",
        ),
        ({"label": "Page viewed", "url": "https://example.com"}, "Page viewed: example.com"),
        (
            {"label": "Downloaded", "url": "/a.pdf", "properties": {"title": "ROI sheet"}},
            "Downloaded: ROI sheet",
        ),
        ({"label": "Demo requested"}, "Demo requested"),
    ],
)
def test_an_activity_names_what_it_was_about(facts, title):
    assert activity_title(**facts).replace("\N{NO-BREAK SPACE}", " ") == title


def test_a_kind_of_our_customers_own_has_a_symbol_too():
    assert symbol("coffee") == "flag"


@pytest.mark.parametrize(
    ("source", "facts", "title", "sub"),
    [
        ("activity", ACTIVITY, "Call, 12 min", "Anna Berg"),
        (
            "activity",
            ACTIVITY | {"trust": "quarantined", "doer": "prospect", "review": "Known bot: curl"},
            "Call, 12 min",
            "Not counted · Held back: Known bot: curl",
        ),
        (
            "move",
            {"before": None, "after": "Qualify", "by": None, "reconstructed": False},
            "Entered the pipeline in Qualify",
            "",
        ),
        (
            "move",
            {"before": "Qualify", "after": "Demo", "by": "Anna Berg", "reconstructed": False},
            "Moved from Qualify to Demo",
            "Anna Berg",
        ),
        (
            "move",
            {"before": "Qualify", "after": "Demo", "by": None, "reconstructed": True},
            "Moved from Qualify to Demo",
            "From an import",
        ),
        (
            "confidence",
            {
                "before": 35,
                "after": 50,
                "automatic": 35,
                "source": "manual",
                "reason": "CFO",
                "by": "Anna Berg",
            },
            "Anna Berg set the confidence to 50 %",
            "Automatic 35 %",
        ),
        (
            "confidence",
            {"before": 20, "after": 35, "automatic": 35, "source": "automatic", "reason": "", "by": None},
            "Confidence 20 % → 35 %",
            "",
        ),
        (
            "deal",
            {
                "field": "value",
                "before": "40000.00",
                "after": "48000.00",
                "currency": "EUR",
                "by": "Anna Berg",
            },
            "Value: €40,000 → €48,000",
            "Anna Berg",
        ),
        (
            "deal",
            {
                "field": "expected_close_on",
                "before": "",
                "after": "2026-12-03",
                "currency": "EUR",
                "by": None,
            },
            "Expected close: – → 3 Dec",
            "",
        ),
        ("status", STATUS, "Work began", "Anna Berg"),
        (
            "status",
            STATUS | {"after": "disqualified", "outcome_after": "disqualified", "reason": "Student"},
            "Disqualified",
            "Student · Anna Berg",
        ),
        ("status", STATUS | {"outcome_before": "lost", "after": "new"}, "Reopened", "Anna Berg"),
        (
            "assignment",
            {"before": None, "after": "Anna Berg", "why": "By hand", "by": "Mona Maier"},
            "Given to Anna Berg",
            "By hand · Mona Maier",
        ),
        (
            "assignment",
            {"before": "Anna Berg", "after": None, "why": "", "by": "Anna Berg"},
            "Taken from Anna Berg: nobody owns it",
            "Anna Berg",
        ),
        (
            "crossing",
            {"before": "Warm", "after": "Hot", "total": 79, "rank": 1, "was": 2},
            "Became hot from warm",
            "Score 79",
        ),
        (
            "crossing",
            {"before": "Hot", "after": None, "total": None, "rank": None, "was": 1},
            "Left the bands",
            "Excluded from scoring",
        ),
    ],
)
def test_each_kind_of_entry_has_its_sentence(source, facts, title, sub):
    entry = tell(source, AT, facts)

    assert (entry.title.replace("\N{NO-BREAK SPACE}", " "), entry.sub.replace("\N{NO-BREAK SPACE}", " ")) == (
        title,
        sub,
    )
    assert entry.clock == "09:12"
