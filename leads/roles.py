"""The three roles, as groups with permissions that an administrator may change afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission

if TYPE_CHECKING:
    from leads.models import User

ADMINISTRATOR = "Administrator"
SALES_MANAGER = "Sales manager"
SALES_REP = "Sales rep"

ROLES = [SALES_REP, SALES_MANAGER, ADMINISTRATOR]

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


def grant_at_first(role: str, app_label: str, codename: str) -> None:
    """Give a role a permission that nobody has yet; what administrators take away later stays away."""
    permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
    if not permission.group_set.exists():
        Group.objects.get(name=role).permissions.add(permission)


def role_of(user: User) -> str:
    """The highest role of a user; the lowest one for somebody without any."""
    names = {group.name for group in user.groups.all()} if user.pk else set()
    if user.is_superuser:
        return ADMINISTRATOR
    return next((role for role in reversed(ROLES) if role in names), SALES_REP)


def give_role(user: User, role: str) -> None:
    """Make this the user's only role; administrators, and they alone, may enter the admin."""
    user.groups.remove(*Group.objects.filter(name__in=ROLES).exclude(name=role))
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = role == ADMINISTRATOR
    user.is_superuser = user.is_superuser and user.is_staff
    user.save(update_fields=["is_staff", "is_superuser"])
