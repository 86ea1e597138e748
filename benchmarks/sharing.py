"""What distribution and the ideal customer are measured with: assignments with work upon them, a profile."""

from typing import Any

from django.db import connection

from leads.models import User
from pipeline.actions.circles import store_circles
from pipeline.models import Assignment, RoutingPool
from scoring.models import Band
from scoring.trials import finish_trial, start_profile

REPS = 30
# Every lead to one of thirty, hot or warm, by two circles, one of them without the last ten.
ASSIGNMENTS = """
INSERT INTO pipeline_assignment (lead_id, after_id, why, how, pool_id, band_id, circle_id, at)
SELECT id, (%(reps)s::bigint[])[1 + id %% CASE WHEN id %% 4 = 0 THEN 20 ELSE 30 END],
       'In turn', CASE WHEN id %% 20 = 0 THEN 'hand' ELSE 'turn' END, %(pool)s,
       (%(bands)s::smallint[])[1 + id %% 2],
       CASE WHEN id %% 20 = 0 THEN NULL ELSE (%(circles)s::bigint[])[1 + (id %% 4 = 0)::int] END,
       created_at
FROM leads_lead
"""
# Two calls on two of three leads by who got them.
CALLS = """
INSERT INTO leads_activity (lead_id, kind_id, actor_id, occurred_at, occurred_on, url, properties, origin,
                            trust)
SELECT given.lead_id, (SELECT id FROM leads_activitykind WHERE key = 'call'), given.after_id,
       given.at + n * interval '5 hours', (given.at + n * interval '5 hours')::date, '', '{}', 'hand', 'ok'
FROM pipeline_assignment AS given CROSS JOIN generate_series(1, 2) AS n WHERE given.lead_id %% 3 > 0
"""
# What a fifth of the companies' industries tell of the outcome, so that there is a trait.
TELLING = """
UPDATE leads_company SET industry = 'Mining' WHERE id IN (
    SELECT company_id FROM leads_lead WHERE outcome = 'won' AND id %% 3 = 0)
"""


def generate_assignments() -> None:
    """An assignment for each lead, of which two of three were called."""
    names = [f"sharer{number}" for number in range(REPS)]
    people = (User(username=name, email=f"{name}@bench.example") for name in names)
    User.objects.bulk_create(people, ignore_conflicts=True)
    reps = list(User.objects.filter(username__in=names).order_by("pk").values_list("pk", flat=True))
    everybody, some = (tuple((rep, 1) for rep in circle) for circle in (reps, reps[:20]))
    circles = store_circles([everybody, some])
    facts: dict[str, Any] = {
        "reps": reps,
        "pool": RoutingPool.objects.get_or_create(name="Shared")[0].pk,
        "bands": [Band.objects.get(key=key).pk for key in ("hot", "warm")],
        "circles": [circles[everybody], circles[some]],
    }
    Assignment.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(ASSIGNMENTS, facts)
        cursor.execute(CALLS.replace("%%", "%"))
        cursor.execute("VACUUM ANALYZE pipeline_assignment, leads_activity")


def learn_profile() -> None:
    """What won leads share, learnt once."""
    with connection.cursor() as cursor:
        cursor.execute(TELLING.replace("%%", "%"))
    finish_trial(start_profile(None, by=None))
