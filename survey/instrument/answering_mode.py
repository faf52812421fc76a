"""How a year is answered, as its file says: by the province once, or by each of its agencies for itself. PURE.

Agencies are asked by kinds that the year itself names. A kind is recognised by the codes that agencies have in their
province, never by how they are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dgready.localized_text import LocalizedText


class AnsweredBy(StrEnum):
    """Who fills the whole form."""

    PROVINCE = "province"  # once, consolidated from the parts of its agencies
    EACH_AGENCY = "each_agency"  # every asked agency for itself; the province's figure is their average


@dataclass(frozen=True, slots=True)
class AgencyKindAsked:
    """A kind of agency that a year asks. `codes`: of the agencies of that kind, in capitals, in any province."""

    key: str
    name: LocalizedText
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnsweringMode:
    """Who fills the form, and of a form that each agency fills the kinds of agency that are asked, in order."""

    by: AnsweredBy = AnsweredBy.PROVINCE
    kinds: tuple[AgencyKindAsked, ...] = ()

    @property
    def is_each_agency(self) -> bool:
        """Whether every agency answers the whole form for itself."""
        return self.by is AnsweredBy.EACH_AGENCY

    def kind_of(self, agency_code: str) -> AgencyKindAsked | None:
        """The kind of the agency with that code; None for one that the year does not ask."""
        code = agency_code.upper()
        return next((kind for kind in self.kinds if code in kind.codes), None)


ANSWERED_BY_PROVINCE: Final = AnsweringMode()
