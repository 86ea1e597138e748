"""The first pipeline and lost reasons; created after a migration when there are none at all."""

from django.apps import AppConfig

from leads.models import ActivityKind
from leads.roles import SALES_MANAGER, grant_administrators, grant_at_first
from pipeline.models import KeyActivity, LostReason, Pipeline, Stage

STAGES = [
    # key, name, base confidence, days after which a deal rots, what to do
    ("qualify", "Qualify", 10, 14, "Find out who decides, what hurts, and by when they want it solved."),
    ("discovery", "Discovery", 20, 21, "Learn what the problem costs them today, and book the demo."),
    ("demo", "Demo", 40, 21, "Show their own case to everyone who decides. Agree on the next date."),
    ("proposal", "Proposal", 60, 30, "Send the offer, and talk it through within three days."),
    ("negotiation", "Negotiation", 80, 30, "Settle the open points with whoever signs, and set the date."),
]
KEY_ACTIVITIES = {"meeting": 5, "demo_held": 10, "proposal_sent": 5}
LOST_REASONS = {
    "price": "Price",
    "competitor": "Competitor",
    "no_budget": "No budget",
    "no_decision": "No decision",
    "timing": "Timing",
    "no_response": "No response",
    "other": "Other",
}


def create_defaults(sender: AppConfig, **_: object) -> None:
    """Receiver of `post_migrate`."""
    grant_at_first(SALES_MANAGER, sender.label, "waive_requirements")
    grant_administrators(sender.label)
    if not Pipeline.objects.exists():
        create_pipeline()
    if not LostReason.objects.exists():
        LostReason.objects.bulk_create(
            LostReason(
                key=key,
                name=name,
                order=order,
                needs_note=key == "other",
                asks_competitor=key == "competitor",
            )
            for order, (key, name) in enumerate(LOST_REASONS.items())
        )


def create_pipeline() -> None:
    """The pipeline `default` with its stages and key activities."""
    pipeline = Pipeline.objects.create(key="default", name="Sales")
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline,
            key=key,
            name=name,
            order=order,
            confidence=confidence,
            rot_days=rot_days,
            guidance=guidance,
        )
        for order, (key, name, confidence, rot_days, guidance) in enumerate(STAGES, start=1)
    )
    kinds = ActivityKind.objects.in_bulk(KEY_ACTIVITIES, field_name="key")
    KeyActivity.objects.bulk_create(
        KeyActivity(kind=kinds[key], points=points) for key, points in KEY_ACTIVITIES.items()
    )
