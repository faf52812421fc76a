"""Guards of the transitions of a provincial response: each says in words why the transition is not possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dgready import thai
from dgready.language import reader_language
from dgready.prepared_select import PreparedSelect
from survey.instrument.queries import is_answered_by_each_agency
from survey.models import Meeting, Response, SubmissionGuard
from survey.threads import queries as threads
from survey.workflow.four_eyes import four_eyes_refusal


@dataclass(frozen=True, slots=True)
class ResponseGuardFacts:
    """Facts the guards check besides the response: the time, the person, and what they gave.

    `unmet`: names of the round's SubmissionGuards that fail and are not overridden by a reason.
    """

    now: datetime
    by: User | None = None
    reason: str = ""
    unexplained: int = 0
    remarks: int = 0
    resolved: bool = False
    unmet: frozenset[str] = frozenset()


def _round_open(response: Response, facts: ResponseGuardFacts) -> str:
    """The approval has not closed."""
    if response.round.is_closed(facts.now):
        return _("ปิดรอบแล้ว เปลี่ยนสถานะไม่ได้จนกว่าผู้ดูแลจะขยายเวลา")
    return ""


def _explained(response: Response, facts: ResponseGuardFacts) -> str:
    """Every open point has a reason."""
    return _("ยังมีรายการค้างที่ไม่ได้ให้เหตุผล") if facts.unexplained else ""


def _settled(response: Response, facts: ResponseGuardFacts) -> str:
    """Every agency's part is accepted or declined; otherwise a reason is given, if the round asks for it."""
    if SubmissionGuard.PARTS_SETTLED in facts.unmet:
        return _("ยังมีงานของหน่วยงานที่ไม่ส่งหรือยังไม่รับ โปรดให้เหตุผลที่เสนอทั้งที่ยังไม่ครบ")
    return ""


def _endorsed(response: Response, facts: ResponseGuardFacts) -> str:
    """The committee has endorsed the answer; otherwise a reason is given, if the round asks for it."""
    if SubmissionGuard.COMMITTEE_ENDORSED in facts.unmet:
        return _("คณะกรรมการ %(committee)s ยังไม่ได้เห็นชอบ โปรดให้เหตุผลที่เสนอก่อนมีมติ") % response.round.province.words
    return ""


def _unchanged(response: Response, facts: ResponseGuardFacts) -> str:
    """Nothing changed since the endorsement; otherwise a reason is given, if the round asks for it."""
    if SubmissionGuard.UNCHANGED in facts.unmet:
        return _("คำตอบเปลี่ยนหลังคณะกรรมการเห็นชอบ โปรดให้เหตุผลของการเปลี่ยนแปลง")
    return ""


def _four_eyes(response: Response, facts: ResponseGuardFacts) -> str:
    """Who approves neither wrote nor submitted the answer, and has no role to do so."""
    return four_eyes_refusal(facts.by, response) if facts.by is not None else ""


def _remarked(response: Response, facts: ResponseGuardFacts) -> str:
    """What to change is written."""
    return "" if facts.remarks else _("เขียนสิ่งที่ขอให้แก้ไขอย่างน้อย 1 ข้อ")


def _reasoned(response: Response, facts: ResponseGuardFacts) -> str:
    """A reason is given."""
    return "" if facts.reason else _("โปรดระบุเหตุผล")


def _resolved(response: Response, facts: ResponseGuardFacts) -> str:
    """There is a resolution on every sub-pillar."""
    return "" if facts.resolved else _("ต้องบันทึกมติของคณะกรรมการทุกตัวชี้วัดย่อยก่อน")


_AHEAD: PreparedSelect[tuple[datetime]] = PreparedSelect(
    lambda round_: (
        Meeting.objects.filter(round=round_, concluded_at=None).order_by("held_at").values_list("held_at")[:1]
    )
)


def _no_meeting_ahead(response: Response, facts: ResponseGuardFacts) -> str:
    """Every meeting on record is concluded."""
    ahead = _AHEAD.first(response.round_id)
    if ahead is None:
        return ""
    day = thai.format_date(timezone.localdate(ahead[0]), reader_language(), "short")
    words = {**response.round.province.words, "day": day}
    return _("ยังไม่ได้บันทึกมติของคณะกรรมการ %(committee)s ในการประชุมวันที่ %(day)s จึงยังเสนอไม่ได้") % words


def _replied(response: Response, facts: ResponseGuardFacts) -> str:
    """Remarks that demand an answer have one."""
    waiting = threads.count_must_answer_threads(response)
    return _("มีข้อสังเกต %(count)d เรื่องที่ต้องตอบก่อนเสนอ") % {"count": waiting} if waiting else ""


def _province_answers(response: Response, facts: ResponseGuardFacts) -> str:
    """The province itself answers this year, not each agency for itself."""
    if is_answered_by_each_agency(response.round.instrument):
        return _("ปีนี้แต่ละหน่วยงานตอบแบบสำรวจของตนเอง จึงไม่มีคำตอบของ%(own)sให้เสนอ") % response.round.province.words
    return ""


ResponseGuard = Callable[[Response, ResponseGuardFacts], str]


RESPONSE_GUARDS: Mapping[str, ResponseGuard] = {
    "round_open": _round_open,
    "province_answers": _province_answers,
    "no_meeting_ahead": _no_meeting_ahead,
    "replied": _replied,
    "settled": _settled,
    "endorsed": _endorsed,
    "unchanged": _unchanged,
    "explained": _explained,
    "four_eyes": _four_eyes,
    "remarked": _remarked,
    "reasoned": _reasoned,
    "resolved": _resolved,
}


# These hold or fail whatever the person gives; the others are asked when the transition is made.
RESPONSE_PRECHECKS = frozenset({"round_open", "province_answers", "no_meeting_ahead", "replied", "four_eyes"})
