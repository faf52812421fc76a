"""Which provinces the desk lists and in which order, as the address asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from accounts.models.places import Region
from dgready.thai import fold_text
from dgready.typed.characters import clean_line
from nation.desk.attention import ConcernKind
from nation.desk.rows import NO_ROUND, DeskRow
from survey.models import Response

PAGE_SIZE: Final = 25
MAX_SEARCH: Final = 80  # characters

STATES: Final = (NO_ROUND, *Response.State.values)
MAPS: Final = ("level", "progress", "state")  # what the tiles show, the first unless asked
KPI_GROUPS: Final = ("1", "2", "3")


def _official(row: DeskRow) -> Decimal | None:
    return row.official.score if row.official else None


def _rank(row: DeskRow) -> int | None:
    return row.official.rank if row.official else None


def _of_round(name: str) -> Callable[[DeskRow], Any]:
    return lambda row: getattr(row.round, name) if row.round else None


def _of_count(name: str) -> Callable[[DeskRow], Any]:
    return lambda row: getattr(row.counted, name) if row.counted else None


def _share_proven(row: DeskRow) -> Decimal | None:
    counted = row.counted
    return Decimal(counted.proven) / counted.places if counted and counted.places else None


# Columns by which the table is sorted; a row without a value comes last either way.
SORT_KEYS: Final[Mapping[str, Callable[[DeskRow], Any]]] = {
    "name": lambda row: row.province.sort_key,
    "region": lambda row: Region.values.index(row.province.region),
    "kpi": lambda row: row.province.kpi_group,
    "state": lambda row: STATES.index(row.state),
    "progress": _of_count("progress"),
    "evidence": _share_proven,
    "points": _of_count("open_points"),
    "left": _of_round("days_left"),
    "estimate": _of_count("total"),
    "official": _official,
    "rank": _rank,
}


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """What the address asks for; what it does not know is left out. `sort`: empty for bands, alphabetical inside."""

    text: str = ""
    state: str = ""
    region: str = ""
    kpi: str = ""
    help: str = ""
    sort: str = ""
    descending: bool = False
    show_all: bool = False
    with_rank: bool = False
    map: str = MAPS[0]

    @property
    def is_filtered(self) -> bool:
        """Whether some provinces may be left out."""
        return bool(self.text or self.state or self.region or self.kpi or self.help)

    def parameters(self, **changed: str) -> dict[str, str]:
        """The parameters of an address that asks the same but for what is `changed`; the page is not among them."""
        values = {
            "q": self.text,
            "state": self.state,
            "region": self.region,
            "kpi": self.kpi,
            "help": self.help,
            "sort": f"-{self.sort}" if self.descending else self.sort,
            "size": "all" if self.show_all else "",
            "rank": "1" if self.with_rank else "",
            "map": self.map if self.map != MAPS[0] else "",
        }
        return {name: value for name, value in {**values, **changed}.items() if value}


def read_desk_query(given: Mapping[str, str]) -> DeskQuery:
    """The query of an address; values that nobody offers are ignored."""

    def one_of(name: str, values: Sequence[str]) -> str:
        value = given.get(name, "")
        return value if value in values else ""

    with_rank = given.get("rank") == "1"
    wanted = given.get("sort", "")
    sort = wanted.removeprefix("-")
    # Ranks are shown on request only, so nothing is sorted by them before.
    is_known = sort in SORT_KEYS and (with_rank or sort != "rank")
    return DeskQuery(
        text=clean_line(given.get("q", ""))[:MAX_SEARCH],
        state=one_of("state", STATES),
        region=one_of("region", Region.values),
        kpi=one_of("kpi", KPI_GROUPS),
        help=one_of("help", list(ConcernKind)),
        sort=sort if is_known else "",
        descending=is_known and wanted.startswith("-"),
        show_all=given.get("size") == "all",
        with_rank=with_rank,
        map=one_of("map", MAPS) or MAPS[0],
    )


def select_rows(rows: Sequence[DeskRow], query: DeskQuery) -> list[DeskRow]:
    """The rows that a query asks for, in its order. `rows` are in Thai order, which stays among equals."""
    text = fold_text(query.text)
    found = [row for row in rows if _is_asked_for(row, query) and (not text or _is_named(row, text))]
    if not query.sort:
        return sorted(found, key=lambda row: -row.band)
    key = SORT_KEYS[query.sort]
    known = [(value, row) for row in found if (value := key(row)) is not None]
    unknown = [row for row in found if key(row) is None]
    # Reversed twice around a stable sort, so that equals stay in Thai order also when descending.
    ordered = known[::-1] if query.descending else known
    ordered = sorted(ordered, key=lambda pair: pair[0])
    return [row for _value, row in (ordered[::-1] if query.descending else ordered)] + unknown


def _is_asked_for(row: DeskRow, query: DeskQuery) -> bool:
    return (
        (not query.state or row.state == query.state)
        and (not query.region or row.province.region == query.region)
        and (not query.kpi or str(row.province.kpi_group) == query.kpi)
        and (not query.help or any(concern.kind == query.help for concern in row.concerns))
    )


def _is_named(row: DeskRow, text: str) -> bool:
    province = row.province
    return any(text in fold_text(name) for name in (province.name_th, province.name_en, province.code))
