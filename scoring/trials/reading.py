"""What the pages read out of a trial's result."""

from dataclasses import dataclass

from scoring.models import Band

NO_BAND = {"excluded": "Excluded", "unscored": "Not scored"}


@dataclass(frozen=True, slots=True)
class Place:
    """A band, or the state that stands in its place; `sign` draws it."""

    key: str
    name: str
    sign: str


@dataclass(frozen=True, slots=True)
class Row:
    """Leads of one band before, by their band after; `cells` are (place after, leads)."""

    place: Place
    cells: tuple[tuple[Place, int], ...]

    @property
    def total(self) -> int:
        return sum(leads for _, leads in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Leads by band before (rows) and after (columns), the best band first."""

    places: tuple[Place, ...]
    rows: tuple[Row, ...]

    @property
    def totals(self) -> list[int]:
        return [sum(row.cells[at][1] for row in self.rows) for at in range(len(self.places))]

    @property
    def leads(self) -> int:
        return sum(self.totals)

    @property
    def up(self) -> int:
        return sum(leads for was, becomes, leads in self._steps() if becomes < was)

    @property
    def down(self) -> int:
        return sum(leads for was, becomes, leads in self._steps() if becomes > was)

    @property
    def same(self) -> int:
        return sum(leads for was, becomes, leads in self._steps() if becomes == was)

    def _steps(self) -> list[tuple[int, int, int]]:
        order = {place.key: at for at, place in enumerate(self.places)}
        return [
            (order[row.place.key], order[place.key], leads) for row in self.rows for place, leads in row.cells
        ]


def band_names() -> dict[str | None, Place]:
    """Every band by its key, and the lack of one under None."""
    places: dict[str | None, Place] = {
        band.key: Place(band.key, band.name, band.colour) for band in Band.objects.all()
    }
    return places | {None: Place("", "No band", "")}


def band_matrix(cells: list[list[object]]) -> Matrix:
    """From [before, after, leads] of a simulation; bands that nobody has before or after are kept."""
    counts = {(str(was), str(becomes)): int(str(leads)) for was, becomes, leads in cells}
    found = {key for pair in counts for key in pair}
    places = [Place(band.key, band.name, band.colour) for band in Band.objects.all()]
    places += [Place(key, name, key) for key, name in NO_BAND.items() if key in found]
    rows = tuple(
        Row(was, tuple((becomes, counts.get((was.key, becomes.key), 0)) for becomes in places))
        for was in places
    )
    return Matrix(tuple(places), rows)
