"""Imports products with their list prices."""

from collections.abc import Mapping, Sequence
from typing import Any

from leads.actions import get_or_create_names, store
from leads.actions.rows import set_given
from leads.imports.external_ids import known_rows, remember_ids
from leads.imports.loading import Written
from leads.imports.records import Record
from leads.models import Product, ProductLine
from leads.models.leads import Entity
from leads.organisation import organisation


class ProductLoader:
    """Rows become products of their product line, found again by id, else by name."""

    def __init__(self, system: str) -> None:
        self._system = system
        self.created: list[str] = []

    def prepare(self) -> None:
        """Product lines come with their first product."""

    def write(self, records: Sequence[Record]) -> Written:
        facts = self._facts(records)
        stored = self._stored(facts)
        changed = [stored[key] for key in stored if set_given(stored[key], facts[key])]
        new = {key: Product(**facts[key]) for key in facts if key not in stored}
        Product.objects.bulk_create(new.values())
        store(changed, "product_line_id", "name", "list_price", "currency")
        remember_ids(
            self._system, Entity.PRODUCT, {key: product.pk for key, product in (stored | new).items()}
        )
        return Written(len(new), len(changed), len(stored) - len(changed))

    def _facts(self, records: Sequence[Record]) -> dict[str, dict[str, Any]]:
        names = {record.text("product_line") for record in records}
        before = set(ProductLine.objects.filter(name__in=names).values_list("name", flat=True))
        lines = get_or_create_names(ProductLine, names)
        self.created += [f"product line “{name}”" for name in sorted(names - before)]
        return {
            record.key: {
                "name": record.values["name"],
                "product_line_id": lines[record.text("product_line")].pk,
                "list_price": record.values["list_price"],
                "currency": record.values.get("currency", organisation().currency),
            }
            for record in records
        }

    def _stored(self, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Product]:
        known = known_rows(self._system, Entity.PRODUCT, facts, Product)
        lines = {values["product_line_id"] for values in facts.values()}
        named = {
            (product.product_line_id, product.name): product
            for product in Product.objects.filter(product_line__in=lines)
        }
        same = {key: named.get((values["product_line_id"], values["name"])) for key, values in facts.items()}
        return {key: product for key, product in same.items() if product} | known
