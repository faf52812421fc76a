"""A year with approved answers of four provinces, one of them that of the people of the tests."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Province, User
from accounts.roles import Role
from nation.figures.actions import count_year
from nation.models import Release
from nation.releases.actions import make_release
from nation.releases.queries import compose_release
from survey.models import Response
from tests.flow import Flow, make_flow
from tests.nation.many_provinces import make_provinces
from tests.people import People

MARK = "เหตุผลลับสุดยอด"  # stands in the report as soon as it is coded, and nowhere before


@dataclass
class Nation:
    """The year, its people, and their acts."""

    flow: Flow

    @property
    def year(self) -> int:
        """Of all rounds."""
        return self.flow.round.year

    @property
    def central(self) -> User:
        """Who releases."""
        return self.flow.who(Role.CENTRAL_ADMIN)

    def release(self, notes: str = "รุ่นแรก", *, scores: bool = False) -> Release:
        """Releases what stands now."""
        return make_release(by=self.central, year=self.year, new=compose_release(self.year, scores=scores), notes=notes)

    def change(self) -> None:
        """One more province."""
        self.add(1)

    def add(self, count: int) -> None:
        """More provinces whose answer is approved and counted."""
        given = {"T1": {"T1": "none", "T1.1": "ไม่มีงบประมาณ"}, "T8": {"T8": "no"}}
        make_provinces(count, lambda _n: given, state=Response.State.APPROVED)
        count_year(self.year)


def make_nation(people: People) -> Nation:
    """The year with four approved answers, one of them that of the people."""
    flow = make_flow(people)
    flow.approve()
    made = Nation(flow)
    made.add(3)
    return made


def province_of(nation: Nation) -> Province:
    """The province of the people."""
    return nation.flow.province
