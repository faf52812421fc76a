"""Provinces as the national pages group them: region, KPI group, size. One query for all of them, two with sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Count

from accounts.models import Agency, Province
from accounts.models.places import Region
from dgready.language import reader_language
from dgready.prepared_select import PreparedSelect
from scoring.kpi.registry import load_kpi_schemes

Size = Literal["small", "middle", "large"]

# Size is the number of active agencies: the survey asks agencies, so it says how many hands an answer passes through.
SMALL_UP_TO: Final = 15
MIDDLE_UP_TO: Final = 30


@dataclass(frozen=True, slots=True)
class ProvinceFacts:
    """A province and the groups it is in. `kpi_group`: None where no KPI paper names it.

    `agencies` None and `size` "": they were not counted.
    """

    code: str
    id: int
    name_th: str
    name_en: str
    region: str
    kpi_group: int | None
    agencies: int | None
    size: Size | Literal[""]
    sort_key: str

    @property
    def name(self) -> str:
        """The name in the language of the page, Thai where there is no English."""
        return self.name_en if reader_language() == "en" and self.name_en else self.name_th

    @property
    def region_label(self) -> str:
        """The region in the language of the page."""
        return str(Region(self.region).label)


ProvinceRow = tuple[int, str, str, str, str, str]
"""Key, code, Thai and English name, region, sort key."""

_PROVINCES: Final[PreparedSelect[ProvinceRow]] = PreparedSelect(
    lambda: (
        Province.objects.provinces()
        .order_by("sort_key")
        .values_list("pk", "code", "name_th", "name_en", "region", "sort_key")
    )
)
_AGENCIES: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda: Agency.objects.filter(active=True).order_by().values_list("province").annotate(agencies=Count("pk"))
)


def list_provinces(year: int | None = None) -> list[ProvinceFacts]:
    """All provinces in Thai order; `year`: the survey year whose KPI groups count, else the newest. Two queries."""
    return as_facts(read_province_rows(), year, dict(_AGENCIES.all()))


def list_unsized_provinces(year: int | None = None) -> list[ProvinceFacts]:
    """As `list_provinces`, without counting agencies. One query, however many agencies there are."""
    return as_facts(read_province_rows(), year)


def read_province_rows() -> list[ProvinceRow]:
    """All provinces in Thai order, as they are stored. One query."""
    return _PROVINCES.all()


def as_facts(
    rows: Sequence[ProvinceRow], year: int | None, agencies: Mapping[int, int] | None = None
) -> list[ProvinceFacts]:
    """Stored provinces with their groups; `agencies`: active ones by key of the province, where they were counted."""
    groups = kpi_groups(year)
    counts = None if agencies is None else {row[0]: agencies.get(row[0], 0) for row in rows}
    return [
        ProvinceFacts(
            code=code,
            id=pk,
            name_th=name_th,
            name_en=name_en,
            region=region,
            kpi_group=groups.get(code),
            agencies=None if counts is None else counts[pk],
            size="" if counts is None else size_of(counts[pk]),
            sort_key=sort_key,
        )
        for pk, code, name_th, name_en, region, sort_key in rows
    ]


def size_of(agencies: int) -> Size:
    """The band of a number of active agencies."""
    if agencies <= SMALL_UP_TO:
        return "small"
    return "middle" if agencies <= MIDDLE_UP_TO else "large"


def kpi_groups(year: int | None = None) -> Mapping[str, int]:
    """Group by code of the province, as OPDC's paper of that survey year names them, else the newest that names any.

    A paper that names no groups of its own holds only the province it was read from, and is passed over.
    """
    grouping = [scheme for scheme in load_kpi_schemes() if scheme.grouping is not None]
    scheme = next((one for one in grouping if one.framework == year), next(iter(grouping), None))
    if scheme is None:
        return {}
    numbered = [(int(group.key), group.members) for group in scheme.groups if group.key.isdigit()]
    return {code: number for number, members in numbered for code in members}
