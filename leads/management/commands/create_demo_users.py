"""The three accounts with which one tries Plumbline out: rep, manager and admin."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from leads.models import User
from leads.roles import ADMINISTRATOR, SALES_MANAGER, SALES_REP, give_role

ACCOUNTS = {
    # user name: first name, last name, role
    "rep": ("Anna", "Berg", SALES_REP),
    "manager": ("Helena", "Roos", SALES_MANAGER),
    "admin": ("Nils", "Ek", ADMINISTRATOR),
}


class Command(BaseCommand):
    help = (
        "Create the accounts rep, manager and admin where they are missing; existing ones stay as they are."
    )

    @transaction.atomic
    def handle(self, **_: Any) -> None:
        missing = ACCOUNTS.keys() - set(User.objects.values_list("username", flat=True))
        for username in sorted(missing):
            create_account(username)


def create_account(username: str) -> None:
    """One account, with a password that says what it is."""
    first_name, last_name, role = ACCOUNTS[username]
    user = User.objects.create_user(
        username,
        f"{username}@plumbline.example",
        f"plumbline-{username}",
        first_name=first_name,
        last_name=last_name,
    )
    give_role(user, role)
