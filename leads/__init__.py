"""Who: users and teams, companies, contacts, leads, activities, tasks; import, capture and the outbox."""
