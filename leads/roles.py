"""The three roles, as groups with permissions that an administrator may change afterwards."""

from django.contrib.auth.models import Group, Permission

ADMINISTRATOR = "Administrator"
SALES_MANAGER = "Sales manager"
SALES_REP = "Sales rep"

GRANTED_AT_FIRST = {
    ADMINISTRATOR: ["view_all_leads", "view_team_leads", "assign_leads"],
    SALES_MANAGER: ["view_team_leads", "assign_leads"],
    SALES_REP: [],
}


def create_roles() -> None:
    """Groups that are missing, with the permissions that make their visibility."""
    for name, codenames in GRANTED_AT_FIRST.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set(
                Permission.objects.filter(content_type__app_label="leads", codename__in=codenames)
            )


def grant_administrators(app_label: str) -> None:
    """Administrators may edit whatever an app offers in the admin."""
    group = Group.objects.get(name=ADMINISTRATOR)
    group.permissions.add(*Permission.objects.filter(content_type__app_label=app_label))
