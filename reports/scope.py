"""Whose deals a report counts: what every report may be filtered by."""

from dataclasses import dataclass

from django.db.models import Q

from leads.models import Campaign, ProductLine, Source, Team, User


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The filters that all reports share; None and the empty currency mean all."""

    owner: User | None = None
    team: Team | None = None
    product_line: ProductLine | None = None
    source: Source | None = None
    campaign: Campaign | None = None
    currency: str = ""

    @property
    def is_everything(self) -> bool:
        """Nothing is left out."""
        return not any((self.owner, self.team, self.product_line, self.source, self.campaign, self.currency))

    def condition(self, prefix: str = "") -> Q:
        """That a row's deal is among them; `prefix` is the path to the deal.

        A closed deal is its owner's and team's on closing, an open one today's.
        """
        lead = f"{prefix}lead__"
        is_open = Q(**{f"{lead}outcome": "open"})
        condition = Q()
        if self.owner:
            now, then = Q(**{f"{lead}owner": self.owner}), Q(**{f"{prefix}closed_owner": self.owner})
            condition &= is_open & now | ~is_open & then
        if self.team:
            now, then = Q(**{f"{lead}owner__team": self.team}), Q(**{f"{prefix}closed_team": self.team})
            condition &= is_open & now | ~is_open & then
        for name in ("product_line", "source", "campaign"):
            if row := getattr(self, name):
                condition &= Q(**{f"{lead}{name}": row})
        return condition & Q(**{f"{prefix}currency": self.currency}) if self.currency else condition
