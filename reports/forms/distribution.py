"""Which assignments are counted; page, list, files and API read it here."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from leads.models import User
from pipeline.models import Assignment, How, RoutingPool
from reports.asking import NamedField, ScopeForm, WordField, offer
from reports.assigned import UNRECORDED, WAYS, DistributionQuery, Fate, received_by, turns, with_fate
from scoring.models import Band

EXPECTED = "expected"


class DistributionForm(ScopeForm):
    """The days on which leads were assigned, from which pool, and to whom."""

    pool = NamedField[RoutingPool]("pool")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        offer(self, "pool", {pool.name: pool for pool in RoutingPool.objects.all()})

    @property
    def filters(self) -> list[str]:
        return ["pool", *super().filters]

    def query(self) -> DistributionQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return DistributionQuery(
            start=cleaned["start"], end=cleaned["end"], pool=cleaned["pool"], **self.scope
        )


class AssignedForm(DistributionForm):
    """One number of a distribution."""

    show = WordField("received", EXPECTED, *Fate)
    way = WordField("", *WAYS)
    band = NamedField[Band]("band")
    rep = NamedField[User]("rep")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        offer(self, "band", {band.key: band for band in Band.objects.all()})
        owners = self.fields["owner"]
        assert isinstance(owners, NamedField)
        offer(self, "rep", owners.rows)

    def query(self) -> DistributionQuery:
        """The rep of a row stands in the place of the owner that is asked for."""
        asked = super().query()
        rep = self.cleaned_data["rep"]
        return DistributionQuery(**(vars(asked) | {"owner": rep})) if rep else asked

    @property
    def title(self) -> str:
        """What the number is, and whose."""
        cleaned = self.cleaned_data
        shown = cleaned["show"]
        words = {EXPECTED: "Could have received in turn", Fate.WAITING: "Not worked yet"}
        way = WAYS[cleaned["way"]].lower() if cleaned["way"] and shown != EXPECTED else ""
        named = (str(cleaned[name] or "") for name in ("band", "rep"))
        return ", ".join(part for part in (words.get(shown, shown.capitalize()), way, *named) if part)

    def found(self) -> QuerySet[Assignment]:
        """The assignments behind the number."""
        cleaned, query = self.cleaned_data, self.query()
        if cleaned["show"] == EXPECTED:
            found = turns(query)
            found = found.filter(circle__members__user=query.owner) if query.owner else found
        else:
            found = of_way(received_by(self.user, query), cleaned["way"])
        if cleaned["band"]:
            found = found.filter(band=cleaned["band"])
        return with_fate(found, Fate(cleaned["show"])) if cleaned["show"] in set(Fate) else found


def of_way(found: QuerySet[Assignment], way: str) -> QuerySet[Assignment]:
    """Those that came in this way; turns whose circle is not known are a way of their own."""
    if way in (How.TURN, UNRECORDED):
        return found.filter(how=How.TURN, circle__isnull=way == UNRECORDED)
    return found.filter(how=way) if way else found
