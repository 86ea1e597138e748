"""Every lead has a deal from birth, in the first stage of its product line's pipeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from config.refusals import Refusal
from leads.organisation import local_date, organisation, today

INSERT_DEALS = """
INSERT INTO pipeline_deal (
    lead_id, stage_id, currency, value_estimated, confidence, automatic_confidence, confidence_source,
    expected_close_on, close_estimated, scores_filled_later, lost_note
)
SELECT lead.id, stage.id, %(currency)s, FALSE, stage.confidence, stage.confidence, 'automatic',
       %(today)s::date + stage.cycle_days, TRUE, FALSE, ''
FROM leads_lead lead
CROSS JOIN LATERAL (
    SELECT stage.id, stage.confidence, pipeline.cycle_days
    FROM pipeline_stage stage
    JOIN pipeline_pipeline pipeline ON pipeline.id = stage.pipeline_id
    WHERE pipeline.is_default AND stage.removed_at IS NULL
      AND (pipeline.product_line_id = lead.product_line_id OR pipeline.product_line_id IS NULL)
    ORDER BY pipeline.product_line_id NULLS LAST, stage."order"
    LIMIT 1
) stage
WHERE lead.id = ANY(%(ids)s)
"""


class NoPipeline(Refusal):
    """There is no default pipeline with a stage, so no lead can be added."""


def add_deals(lead_ids: Sequence[int], *, at: datetime | None = None) -> None:
    """Insert the deals of new leads; each expects to close after its pipeline's median cycle."""
    terms: dict[str, Any] = {
        "currency": organisation().currency,
        "today": local_date(at) if at else today(),
        "ids": list(lead_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT_DEALS, terms)
        if cursor.rowcount < len(lead_ids):
            raise NoPipeline("No pipeline takes new leads. Add a default pipeline with a stage in the admin.")
