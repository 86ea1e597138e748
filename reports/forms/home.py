"""Whose month is shown; page, list and files read it here."""

from collections.abc import Mapping
from typing import Any

from leads.models import User
from leads.organisation import today
from pipeline.querysets import DealQuerySet
from reports.asking import ScopeForm
from reports.home import HomeQuery, rotting_deals

ASKED = ("team", "owner", "product_line")


class HomeForm(ScopeForm):
    """Always this month, so there is no period; targets and capacities know no source or campaign."""

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        self.fields = {name: self.fields[name] for name in ASKED}

    @property
    def filters(self) -> list[str]:
        return list(ASKED)

    @property
    def scope(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ASKED}

    def query(self) -> HomeQuery:
        """What is asked, of a valid form."""
        return HomeQuery(today(), **self.scope)

    @property
    def title(self) -> str:
        return "Deals that rot"

    def deals(self) -> DealQuerySet:
        """Those behind the rotting value."""
        return rotting_deals(self.user, self.query())
