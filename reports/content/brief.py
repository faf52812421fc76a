"""The governor's one page: where the answer stands, what it is likely to give, and what is asked of the governor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reports.content.queries import gather_report
from reports.content.report import OpenPoint, ResponseReport
from reports.content.result_report import YearResult
from reports.content.results import gather_result
from reports.content.scorecard import Scorecard
from reports.errors import ReportError
from scoring.kpi.registry import get_kpi_scheme
from survey.approval.point_kinds import POINT_KINDS
from survey.approval.time_left import time_left
from survey.models import Response

CONTRADICTION: Final = "contradiction"
State = Response.State
ASKED: Final[dict[str, Promise]] = {
    State.DRAFT: gettext_lazy("คำตอบยังจัดทำไม่เสร็จ โปรดเร่งรัดหน่วยงานตามเรื่องที่ควรทำก่อน เพื่อให้เสนอท่านอนุมัติได้ทันเวลาปิดรับ"),
    State.RETURNED: gettext_lazy("คำตอบถูกส่งกลับไปแก้ไข โปรดเร่งรัดให้แก้ไขและเสนอท่านใหม่ให้ทันเวลาปิดรับ"),
    State.ENDORSED: gettext_lazy("คณะกรรมการ %(committee)s เห็นชอบแล้ว โปรดเตรียมพิจารณาเมื่อฝ่ายเลขานุการเสนอ"),
    State.SUBMITTED: gettext_lazy("โปรดพิจารณาคำตอบของ%(own)s แล้วอนุมัติหรือส่งกลับให้แก้ไขก่อนเวลาปิดรับ"),
    State.APPROVED: gettext_lazy("อนุมัติแล้ว ท่านไม่ต้องทำสิ่งใดเพิ่ม"),
}
ASKED_WHEN_CLOSED: Final = gettext_lazy("ปิดรับแล้วโดยยังไม่อนุมัติ หากยังต้องอนุมัติ โปรดสั่งการให้ขยายเวลา")


@dataclass(frozen=True, slots=True)
class KpiStep:
    """Where a part of the KPI stands: what it reached, and how far the next target is ("" where there is none)."""

    name: str
    reached: str
    next_name: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class GovernorBrief:
    """What the one page shows. `left`: the time until the round closes, "" once it is closed or approved.

    `result`: the year's result with its KPI; `open_kinds`: how much is open of each kind.
    """

    report: ResponseReport
    score: Scorecard
    result: YearResult
    state: str
    asked: str
    closes_at: datetime
    left: str
    closed: bool
    kpi_steps: tuple[KpiStep, ...]
    open_kinds: tuple[tuple[str, int], ...]

    @property
    def approved(self) -> bool:
        """Whether the answer is approved."""
        return self.report.approval is not None

    @property
    def contradictions(self) -> tuple[OpenPoint, ...]:
        """The answers that contradict each other."""
        return tuple(point for point in self.report.open_points if point.kind == CONTRADICTION)

    @property
    def open_count(self) -> int:
        """How much is open, contradictions included."""
        return len(self.report.open_points)


def gather_brief(response: Response, language: str = "th") -> GovernorBrief:
    """The page of a provincial answer, as it is or as it was approved. Raises ReportError where it has no score."""
    report = gather_report(response, language)
    if report.score is None:
        raise ReportError("unscored")
    round_, now = response.round, timezone.now()
    with translation.override(language):
        result = gather_result(round_.province, round_.year, response, report)
        approved = report.approval is not None
        closed = round_.is_closed(now) and not approved
        return GovernorBrief(
            report=report,
            score=report.score,
            result=result,
            state=report.state,
            asked=str(ASKED_WHEN_CLOSED if closed else ASKED[response.state]) % response.round.province.words,
            closes_at=round_.closes_at,
            left="" if approved else time_left(round_.closes_at, now),
            closed=closed,
            kpi_steps=tuple(_kpi_steps(result, language)),
            open_kinds=_open_kinds(report),
        )


def _kpi_steps(result: YearResult, language: str) -> list[KpiStep]:
    scheme = get_kpi_scheme(result.year)
    if result.kpi is None or scheme is None:
        return []
    steps = []
    for part in result.kpi.parts:
        if part.reading is None:
            steps.append(KpiStep(part.name.to(language), ""))
            continue
        reached = part.step.name if part.step else scheme.readings["below"].name
        further = part.next_step
        away = further.distance if further else None
        missing = f"{away.normalize():f} {part.unit.to(language)}" if away else ""
        steps.append(
            KpiStep(part.name.to(language), reached.to(language), further.name.to(language) if further else "", missing)
        )
    return steps


def _open_kinds(report: ResponseReport) -> tuple[tuple[str, int], ...]:
    """Kinds in the order of the checker's page; what has no kind there is counted with none."""
    counts = Counter(point.kind for point in report.open_points)
    return tuple((str(label), counts[kind]) for kind, (label, _icon) in POINT_KINDS.items() if counts[kind])
