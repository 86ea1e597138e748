"""The SQL of the parts that store scores, with parameters in braces and what a model fills in in capitals."""

SCORE = ("model_id", "state", "fit", "engagement", "total", "band_id", "grade")
OF_BAND = -1  # stands in `qualified_by` for the band itself

_STORED = (*SCORE, "as_of", "next_change_on", "silenced_until")
_COLUMNS = ", ".join(SCORE)
_SCORED = ", ".join(f"scored.{column}" for column in SCORE)
_BEFORE = ", ".join(f"before.{column}" for column in SCORE)

BEFORE = """
    SELECT score.*, band."order" AS band_order
    FROM scoring_leadscore AS score LEFT JOIN scoring_band AS band ON band.id = score.band_id
    WHERE score.lead_id = ANY({lead_ids})
"""

NOTHING_BEFORE = "SELECT NULL::bigint AS lead_id, NULL::int AS band_order WHERE FALSE"

DAY_BEFORE = """
    SELECT DISTINCT ON (day.lead_id) day.*, band."order" AS band_order
    FROM scoring_scoreday AS day LEFT JOIN scoring_band AS band ON band.id = day.band_id
    WHERE day.lead_id = ANY({lead_ids}) AND day.day < {as_of} ORDER BY day.lead_id, day.day DESC
"""

SCORED = """
    SELECT totals.lead_key, {model} AS model_id,
           CASE WHEN totals.excluded THEN 'excluded' ELSE 'scored' END AS state,
           CASE WHEN NOT totals.excluded THEN totals.fit END AS fit,
           CASE WHEN NOT totals.excluded THEN totals.engagement END AS engagement,
           CASE WHEN NOT totals.excluded THEN totals.total END AS total,
           CASE WHEN NOT totals.excluded THEN {band} END AS band_id,
           CASE WHEN totals.excluded THEN '' ELSE totals.grade END AS grade,
           CASE WHEN totals.excluded THEN totals.next_x
                ELSE LEAST(totals.next_on, totals.next_x) END AS next_change_on
           QUALIFYING
    FROM totals LEFT JOIN before ON before.lead_id = totals.lead_key
"""

COMPARED = f"""
    SELECT scored.*, lead.status, before.silenced_until,
           GREATEST(lead.status_since, before.silenced_until) AS heard_until,
           before.state AS state_before, before.band_id AS band_before, before.band_order AS order_before,
           ({_SCORED}) IS DISTINCT FROM ({_BEFORE}) AS differs,
           scored.next_change_on IS DISTINCT FROM before.next_change_on AS moves,
           scored.state = 'scored' AND lead.outcome = 'open' AS may_fire,
           {{silent}} OR ({{silent_version}} AND before.model_id IS DISTINCT FROM {{model}}
                AND (before.model_id IS NOT NULL OR lead.created_at < {{active_from}})) AS is_silent
    FROM scored JOIN leads_lead AS lead ON lead.id = scored.lead_key
    LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE lead.id = ANY({{lead_ids}})
"""

FIRED = f"""
    SELECT compared.*, differs OR moves AS changed,
           may_fire AND NOT is_silent AND band_id IS DISTINCT FROM band_before AS crosses,
           CASE WHEN is_silent THEN GREATEST(silenced_until SIGNALS) ELSE silenced_until END AS silent_to,
           CASE WHEN NOT may_fire OR is_silent OR status NOT IN ('new', 'nurturing') THEN NULL QUALIFIED_BY
                WHEN band.qualifies AND band_id IS DISTINCT FROM band_before
                     AND (order_before IS NULL OR band."order" < order_before) THEN {OF_BAND}
           END AS qualified_by
    FROM compared LEFT JOIN scoring_band AS band ON band.id = compared.band_id
"""

STORED = f"""
    INSERT INTO scoring_leadscore (lead_id, {_COLUMNS}, as_of, next_change_on, silenced_until)
    SELECT lead_key, {_COLUMNS}, {{as_of}}, next_change_on, silent_to FROM fired
    WHERE changed OR {{touched}}
    ON CONFLICT (lead_id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in _STORED)}
"""

DATED = f"""
    INSERT INTO scoring_scoreday (lead_id, day, {_COLUMNS})
    SELECT lead_key, {{as_of}}, {_COLUMNS} FROM fired WHERE differs
    ON CONFLICT (lead_id, day) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in SCORE)}
"""

CROSSED = """
    INSERT INTO scoring_bandcrossing (lead_id, before_id, after_id, total, model_id, day, at)
    SELECT lead_key, band_before, band_id, total, {model}, {as_of}, {now} FROM fired WHERE crosses
    RETURNING *
"""

FINAL = """
    SELECT counted.changed, news.lead_key, news.state_before, news.qualified_by, crossed.id,
           crossed.before_id, crossed.after_id, crossed.total, crossed.model_id, crossed.day, crossed.at
    FROM (SELECT count(*) AS changed FROM fired WHERE changed) AS counted
    LEFT JOIN (
        SELECT * FROM fired
        WHERE crosses OR qualified_by IS NOT NULL
              OR changed AND coalesce(state_before, 'unscored') = 'unscored'
    ) AS news ON true
    LEFT JOIN crossed ON crossed.lead_id = news.lead_key
"""

REPLAYED = f"""
    INSERT INTO scoring_scoreday (lead_id, day, {_COLUMNS})
    SELECT lead_key, {{as_of}}, {_SCORED} FROM scored LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE ({_SCORED}) IS DISTINCT FROM ({_BEFORE})
    ON CONFLICT DO NOTHING
"""

CROSSED_THEN = """
    INSERT INTO scoring_bandcrossing (lead_id, before_id, after_id, total, model_id, day, at)
    SELECT lead_key, before.band_id, scored.band_id, scored.total, {model}, {as_of}, {now}
    FROM scored LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE scored.state = 'scored' AND scored.band_id IS DISTINCT FROM before.band_id
"""
