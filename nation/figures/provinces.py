"""Provinces as the national pages group them: region, KPI group, size. Two queries for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Count

from accounts.models import Agency, Province
from accounts.models.places import Region
from dgready.language import reader_language
from scoring.kpi.registry import load_kpi_schemes

Size = Literal["small", "middle", "large"]

# Size is the number of active agencies: the survey asks agencies, so it says how many hands an answer passes through.
SMALL_UP_TO: Final = 15
MIDDLE_UP_TO: Final = 30


@dataclass(frozen=True, slots=True)
class ProvinceFacts:
    """A province and the groups it is in. `kpi_group`: None where no KPI paper names it."""

    code: str
    id: int
    name_th: str
    name_en: str
    region: str
    kpi_group: int | None
    agencies: int
    size: Size
    sort_key: str

    @property
    def name(self) -> str:
        """The name in the language of the page, Thai where there is no English."""
        return self.name_en if reader_language() == "en" and self.name_en else self.name_th

    @property
    def region_label(self) -> str:
        """The region in the language of the page."""
        return str(Region(self.region).label)


def list_provinces(year: int | None = None) -> list[ProvinceFacts]:
    """All provinces in Thai order; `year`: the survey year whose KPI groups count, else the newest. Two queries."""
    groups = kpi_groups(year)
    agencies = dict(
        Agency.objects.filter(active=True).order_by().values_list("province").annotate(agencies=Count("pk"))
    )
    fields = ("pk", "code", "name_th", "name_en", "region", "sort_key")
    rows = Province.objects.provinces().order_by("sort_key").values_list(*fields)
    return [
        ProvinceFacts(
            code=code,
            id=pk,
            name_th=name_th,
            name_en=name_en,
            region=region,
            kpi_group=groups.get(code),
            agencies=agencies.get(pk, 0),
            size=size_of(agencies.get(pk, 0)),
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
