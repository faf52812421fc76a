"""Whose answers a report counts, as a form offers it and an address says it: group, member, which states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.places import Region
from nation.facts.types import Population
from nation.figures.provinces import MIDDLE_UP_TO, SMALL_UP_TO, kpi_groups

GROUP_NAMES: Final[Mapping[str, str | Promise]] = {
    "kpi": gettext_lazy("กลุ่มตัวชี้วัด ก.พ.ร."),
    "region": gettext_lazy("ภาค"),
    "size": gettext_lazy("ขนาดตามจำนวนหน่วยงาน"),
}
SUBMITTED: Final = "submitted"
ALONE: Final = "alone"


class UnknownMember(ValueError):
    """There is no such group of provinces, or no such member of it."""


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """What a reader chose: whose answers, and whether the year before is shown beside them."""

    population: Population
    compare: bool = True

    @property
    def of(self) -> str:
        """The group with its member as one value of the form; "" for all provinces."""
        return f"{self.population.group}:{self.population.member}" if self.population.group else ""

    @property
    def query(self) -> str:
        """The query of an address that says the same, with its question mark; "" for what is usual."""
        told = {
            "of": self.of,
            "states": SUBMITTED if self.population.submitted else "",
            "before": "" if self.compare else ALONE,
        }
        query = urlencode({name: value for name, value in told.items() if value}, safe=":")
        return f"?{query}" if query else ""


def read_choice(year: int, given: Mapping[str, str]) -> ReportChoice:
    """What an address chooses. Raises UnknownMember: other figures than asked for are never shown."""
    group, _colon, member = given.get("of", "").partition(":")
    population = Population(year, group, member, submitted=given.get("states") == SUBMITTED)
    check_population(population)
    return ReportChoice(population, compare=given.get("before") != ALONE)


def check_population(population: Population) -> None:
    """Raises UnknownMember for a group or a member that there is not, with provinces in it or without."""
    group, member = population.group, population.member
    if (group or member) and member not in members_of(population.year).get(group, ()):
        raise UnknownMember(f"{group}:{member}")


def members_of(year: int) -> Mapping[str, Sequence[str]]:
    """The members of each group, in order. No query."""
    return {
        "kpi": [str(number) for number in sorted(set(kpi_groups(year).values()))],
        "region": list(Region.values),
        "size": ["small", "middle", "large"],
    }


def group_choices(year: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups with their members, as values and labels of a form."""
    return [
        (str(GROUP_NAMES[group]), [(f"{group}:{member}", member_label(group, member)) for member in members])
        for group, members in members_of(year).items()
        if members
    ]


def member_label(group: str, member: str) -> str:
    """What a member of a group is called."""
    if group == "region":
        return str(Region(member).label)
    if group == "kpi":
        return _("กลุ่มที่ {number}").format(number=member)
    sizes = {
        "small": _("เล็ก: ไม่เกิน {n} หน่วยงาน").format(n=SMALL_UP_TO),
        "middle": _("กลาง: ไม่เกิน {n} หน่วยงาน").format(n=MIDDLE_UP_TO),
        "large": _("ใหญ่: เกิน {n} หน่วยงาน").format(n=MIDDLE_UP_TO),
    }
    return sizes[member]


def population_label(population: Population, *, by_agencies: bool = False) -> str:
    """Whose answers are counted, in words; `by_agencies`: of a year that each agency answers."""
    who = _("ทุกจังหวัด")
    if population.group:
        who = f"{GROUP_NAMES[population.group]} {member_label(population.group, population.member)}"
        if population.group == "region":
            who = member_label(population.group, population.member)
    states = _("คำตอบที่อนุมัติแล้วหรือเสนอแล้ว") if population.submitted else _("คำตอบที่อนุมัติแล้ว")
    return f"{who} · {_('หน่วยงานที่ส่งครบแล้ว') if by_agencies else states}"
