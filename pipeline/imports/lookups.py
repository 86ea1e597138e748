"""Names in a batch of records, looked up together: users, products, companies, sources, lines, stages."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Prefetch

from leads.actions import get_or_create_names
from leads.imports.external_ids import known_ids
from leads.imports.records import BadRow, Record
from leads.models import Campaign, Company, Product, ProductLine, Source, User
from leads.models.leads import Entity
from pipeline.imports.definition import DealOptions
from pipeline.models import Competitor, LostReason, Pipeline, Stage


class Lookups:
    """What the records of one batch refer to; an unknown name is the fault of its row."""

    def __init__(self, system: str, records: Sequence[Record], options: DealOptions) -> None:
        self._records = records
        self._options = options
        self._owner_ids = known_ids(system, Entity.USER, self._named("owner"))
        self._product_ids = known_ids(system, Entity.PRODUCT, self._named("product"))
        self._company_ids = known_ids(system, Entity.COMPANY, self._named("company"))
        self._lines = get_or_create_names(ProductLine, {*self._named("product_line"), *self._default_line()})
        self._sources = get_or_create_names(Source, self._named("source"))
        self._campaigns = get_or_create_names(Campaign, self._named("campaign"))
        self._competitors = get_or_create_names(Competitor, self._named("competitor"))

    def product_line(self, record: Record) -> ProductLine | None:
        """The record's own, else that of the mapping's pipeline."""
        name = record.text("product_line") or "".join(self._default_line())
        return self._lines[name] if name else None

    def source_id(self, record: Record) -> int | None:
        name = record.values.get("source")
        return self._sources[str(name)].pk if name else None

    def campaign_id(self, record: Record) -> int | None:
        name = record.values.get("campaign")
        return self._campaigns[str(name)].pk if name else None

    def owner_id(self, record: Record) -> int | None:
        """By the system's id, else by user name, e-mail address or full name."""
        name = record.text("owner")
        if not name:
            return None
        found = self._owner_ids.get(name) or self._users.get(name.casefold())
        if found is None:
            raise BadRow(f"there is no user “{name}”; import users first, or map the name")
        return found

    def company_id(self, record: Record) -> int | None:
        """By the system's id, else by name."""
        name = record.text("company")
        if not name:
            return None
        found = self._company_ids.get(name) or self._companies.get(name)
        if found is None:
            raise BadRow(f"there is no company “{name}”; import companies first, or map it to company.name")
        return found

    def product(self, record: Record, line: ProductLine | None) -> Product | None:
        """By the system's id, else by name: that of the lead's product line, if several lines have it."""
        name = record.text("product")
        if not name:
            return None
        same = [product for product in self._products if product.name.casefold() == name.casefold()]
        same.sort(key=lambda product: (line is None or product.product_line_id != line.pk, product.pk))
        known = [product for product in self._products if product.pk == self._product_ids.get(name)]
        if not known and not same:
            raise BadRow(f"there is no product “{name}”; import products first, or map the name")
        return [*known, *same][0]

    def lost_reason(self, key: str) -> LostReason | None:
        if key and key not in self._lost_reasons:
            known = ", ".join(self._lost_reasons)
            raise BadRow(f"there is no reason “{key}” for losing a deal; there are {known}")
        return self._lost_reasons.get(key)

    def competitor(self, record: Record) -> Competitor | None:
        return self._competitors.get(record.text("competitor"))

    def stages(self, line: ProductLine | None) -> Sequence[Stage]:
        """The stages that leads of a line pass: of the mapping's pipeline, the line's, or the default one."""
        definition = self._options.pipeline
        named = [pipeline for pipeline in self._pipelines if definition and pipeline.key == definition.key]
        defaults = [pipeline for pipeline in self._pipelines if pipeline.is_default]
        candidates = [
            *(pipeline for pipeline in named if line and pipeline.product_line_id == line.pk),
            *(pipeline for pipeline in defaults if line and pipeline.product_line_id == line.pk),
            *(pipeline for pipeline in defaults if pipeline.product_line_id is None),
        ]
        return list(candidates[0].stages.all()) if candidates else []

    def _named(self, path: str) -> set[str]:
        return {name for record in self._records if (name := record.text(path))}

    def _default_line(self) -> Iterable[str]:
        return [self._options.pipeline.product_line] if self._options.pipeline else []

    @cached_property
    def _users(self) -> dict[str, int]:
        """Ids by user name, e-mail address and full name; a full name that two people have finds nobody."""
        users = list(User.objects.order_by("pk"))
        names = [user.get_full_name().casefold() for user in users]
        unique = {name: user.pk for name, user in zip(names, users, strict=True) if names.count(name) == 1}
        by_email = {user.email.casefold(): user.pk for user in users if user.email}
        return unique | by_email | {user.username.casefold(): user.pk for user in users}

    @cached_property
    def _companies(self) -> dict[str, int]:
        named = Company.objects.filter(name__in=self._named("company")).order_by("-pk")
        return dict(named.values_list("name", "pk"))

    @cached_property
    def _lost_reasons(self) -> dict[str, LostReason]:
        return {reason.key: reason for reason in LostReason.objects.all()}

    @cached_property
    def _products(self) -> list[Product]:
        return list(Product.objects.all())

    @cached_property
    def _pipelines(self) -> list[Pipeline]:
        return list(Pipeline.objects.prefetch_related(Prefetch("stages", Stage.objects.current())))
