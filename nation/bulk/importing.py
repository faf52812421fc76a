"""Lists of agencies and people of many provinces: how they are stored with an act, and what they would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from accounts.actions import lists
from accounts.lists.agency_list import AgencyEntry
from accounts.lists.people_list import PersonEntry
from accounts.models import Province
from accounts.queries import departments_by_code
from nation.bulk.planning import StepPlan


@dataclass(frozen=True, slots=True)
class ProvinceLists:
    """What a workbook gives for one province."""

    agencies: Sequence[AgencyEntry] = ()
    people: Sequence[PersonEntry] = ()

    def packed(self) -> dict[str, Any]:
        """As plain values, for the row of a step."""
        people = [[v.isoformat() if isinstance(v, date) else v for v in astuple(one)] for one in self.people]
        return {"agency_rows": [list(astuple(one)) for one in self.agencies], "person_rows": people}


def unpack_lists(packed: Mapping[str, Any]) -> ProvinceLists:
    """The lists of a step's row."""
    agencies = [AgencyEntry(*row) for row in packed.get("agency_rows", ())]
    return ProvinceLists(agencies, [_person(row) for row in packed.get("person_rows", ())])


def _person(row: Sequence[Any]) -> PersonEntry:
    *texts, first, last = row
    return PersonEntry(*texts, *(date.fromisoformat(day) if day else None for day in (first, last)))


def plan_import(given: Mapping[str, ProvinceLists]) -> list[StepPlan]:
    """What lists, by code of the province, would change. Five queries whatever their length."""
    provinces = _provinces(given)
    departments = departments_by_code()
    people = lists.diff_people_of_provinces({p.pk: given[p.code].people for p in provinces})
    plans = []
    for province in provinces:
        counts = Counter(change.kind for change in _diff(province, given[province.code], departments))
        told = {"add": counts["add"], "change": counts["change"]}
        told["invite"] = sum(change.kind == "invite" for change in people[province.pk])
        reason = "" if any(told.values()) else "nothing"
        plans.append(StepPlan(province.pk, province.code, reason, after={**told, **given[province.code].packed()}))
    return plans


def _diff(province: Province, given: ProvinceLists, departments: Mapping[str, Province]) -> list[lists.AgencyChange]:
    return lists.diff_agencies(province, given.agencies, departments)


def _provinces(codes: Collection[str]) -> list[Province]:
    return list(Province.objects.provinces().filter(code__in=codes).prefetch_related("agencies").order_by("sort_key"))
