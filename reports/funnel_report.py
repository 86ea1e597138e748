"""Everything that the funnel's page, files and API say, from one place."""

from collections.abc import Mapping
from dataclasses import dataclass

from leads.models import User
from reports.comparison import Against, Comparison
from reports.dimensions import Dimension
from reports.funnel import Funnel, FunnelQuery, funnels
from reports.funnel_parts import Month, Part, monthly, parts_by
from reports.stays import Stay, stays_in_stages


@dataclass(frozen=True)
class FunnelReport:
    """The funnel, its parts and its stays; months and parts each add up to the funnel."""

    query: FunnelQuery
    funnel: Funnel
    stays: Mapping[str, Stay]
    months: list[Month]
    dimension: Dimension
    parts: list[Part]
    comparison: Comparison | None


def funnel_report(
    user: User,
    query: FunnelQuery,
    dimension: Dimension,
    against: Against | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> FunnelReport:
    """The figures of the deals that this user sees, and of those that they are compared with.

    `names` are those of parts that are known already, by their keys; only others are looked up.
    """
    ours, *theirs = funnels(user, [query, *([against.query] if against else [])])
    return FunnelReport(
        query=query,
        funnel=ours,
        stays=stays_in_stages(user, query),
        months=monthly(user, query),
        dimension=dimension,
        parts=parts_by(user, query, dimension, ours, names or {}),
        comparison=Comparison(against, ours, theirs[0]) if against else None,
    )
