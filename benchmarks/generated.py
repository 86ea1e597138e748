"""Many leads with people, companies and activities, written by the database itself from a fixed seed."""

from datetime import date

from django.db import connection, transaction

from leads.models import Lead
from leads.organisation import today
from leads.signals import leads_added

BATCH = 10_000  # ids per signal

COMPANIES = """
INSERT INTO leads_company (name, domain, industry, employees, annual_revenue, country, city, attributes)
SELECT 'Company ' || n, 'company' || n || '.example',
       (ARRAY['Manufacturing', 'Software', 'Professional services', 'Education', 'Logistics'])[1 + n %% 5],
       (10 ^ (1 + random() * 3))::int, (10 ^ (5 + random() * 4))::numeric(18, 2),
       (ARRAY['SE', 'DE', 'FR', 'PL', 'IT'])[1 + n %% 5], 'City ' || n %% 40, '{}'
FROM generate_series(1, %(companies)s) n
"""
CONTACTS = """
INSERT INTO leads_contact (company_id, first_name, last_name, email, phone, job_title, seniority, department,
                           do_not_contact, consent, attributes)
SELECT company.id, 'First' || n, 'Last' || n, 'person' || n || '@company.example', '',
       (ARRAY['CEO', 'CFO', 'Head of Operations', 'Engineer', 'Student'])[1 + n %% 5],
       (ARRAY['executive', 'head', 'manager', 'staff'])[1 + n %% 4], '', false, 'unknown', '{}'
FROM generate_series(1, %(leads)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM leads_company) company
  ON company.place = 1 + n %% %(companies)s
"""
LEADS = """
INSERT INTO leads_lead (company_id, source_id, owner_id, pain, status, outcome, attributes, created_at)
SELECT contact.company_id, (SELECT min(id) FROM leads_source), (SELECT max(id) FROM leads_user), '',
       (ARRAY['new', 'working', 'qualified', 'nurturing'])[1 + contact.id %% 4], 'open', '{}',
       now() - random() * interval '360 days'
FROM leads_contact contact
"""
PEOPLE = """
INSERT INTO leads_leadcontact (lead_id, contact_id, role, is_first)
SELECT lead.id, contact.id, 'decider', true
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM leads_lead) lead
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM leads_contact) contact USING (place)
"""
ACTIVITIES = """
INSERT INTO leads_activity (lead_id, kind_id, occurred_at, occurred_on, url, duration_seconds, properties,
                            origin, trust)
SELECT event.lead_id, kind.id, event.day + interval '10 hours', event.day,
       CASE WHEN kind.key IN ('page_view', 'visit')
            THEN (ARRAY['/pricing', '/product', '/blog/one', '/about'])[1 + event.n %% 4] ELSE '' END,
       30, '{}', 'tracking', 'ok'
FROM (SELECT n, first.id + (random() * (%(leads)s - 1))::int AS lead_id,
             %(today)s::date - (random() ^ 1.5 * 360)::int AS day,
             1 + (random() * (kinds.number - 1))::int AS place
      FROM generate_series(1, %(activities)s) n, (SELECT min(id) AS id FROM leads_lead) first,
           (SELECT count(*) AS number FROM leads_activitykind) kinds) event
JOIN (SELECT id, key, row_number() OVER (ORDER BY id) AS place FROM leads_activitykind) kind USING (place)
"""


def generate(leads: int, activities: int) -> None:
    """So many leads and activities in the place of those that were there, ids without gaps."""
    sizes: dict[str, int | date] = {
        "leads": leads,
        "activities": activities,
        "companies": max(1, leads // 4),
        "today": today(),
    }
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE leads_company, leads_contact, leads_lead RESTART IDENTITY CASCADE")
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("INSERT INTO leads_source (name) VALUES ('Website') ON CONFLICT DO NOTHING")
        for statement in (COMPANIES, CONTACTS, LEADS, PEOPLE, ACTIVITIES):
            cursor.execute(statement, sizes)
    add_rows_of_birth()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does soon after, and then would amid the measuring


def add_rows_of_birth() -> None:
    """Give every lead its score and deal, as the receivers do."""
    ids = list(Lead.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            leads_added.send(Lead, lead_ids=ids[start : start + BATCH], by=None, at=None)
