"""Why an answer cannot be changed now, in words that say what holds and what can be done; asked only when refused."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dgready import thai
from dgready.arrival import deadline_now
from dgready.language import reader_language
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target
from survey.assigning.targets import covered_items, covered_questions
from survey.instrument.queries import compiled_instrument, is_answered_by_each_agency
from survey.models import Assignment, Question, Response


def edit_refusal(response: Response, question: Question, item: str = "") -> str:
    """Why the answer to a question, or one item of it, cannot be changed; for a cause not known a general sentence."""
    provincial = response if response.is_provincial else _provincial_response(response)
    reason = _round_refusal(response, provincial)
    if not reason and not response.is_provincial:
        reason = _part_refusal(response, question, item)
    return reason or _passed()


def provincial_edit_refusal(response: Response) -> str:
    """Why nothing of a province's answer can be changed."""
    return _round_refusal(response, response) or _passed()


def _passed() -> str:
    """The cause has passed in between."""
    return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ โปรดเปิดหน้านี้ใหม่แล้วลองอีกครั้ง")


def _provincial_response(response: Response) -> Response | None:
    return Response.objects.filter(round=response.round_id, agency=None).first()


def _round_refusal(response: Response, provincial: Response | None) -> str:
    """What holds for every answer of the round: it is closed, or the province's answer is on its way."""
    if response.round.is_closed(deadline_now()):
        words = {"when": _moment(response.round.closes_at)}
        return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะปิดรอบแล้วเมื่อ %(when)s") % words
    if response.is_provincial and is_answered_by_each_agency(response.round.instrument):
        return _("ปีนี้แต่ละหน่วยงานตอบแบบสำรวจของตนเอง จึงไม่มีคำตอบของ%(own)sให้กรอก") % response.round.province.words
    if provincial is None or provincial.is_editable:
        return ""
    if provincial.state == Response.State.APPROVED:
        return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะ%(chief)sอนุมัติแล้ว") % response.round.province.words
    if provincial.state == Response.State.SUBMITTED:
        return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะเสนอ%(chief)sแล้ว") % response.round.province.words
    if provincial.late_until is None:
        return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะคณะกรรมการเห็นชอบแล้ว")
    words = {"day": thai.format_date(provincial.late_until, reader_language(), "short")}
    return _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะคณะกรรมการเห็นชอบแล้ว และพ้นวันสุดท้ายที่ให้เพิ่มเติม (%(day)s)") % words


def _part_refusal(response: Response, question: Question, item: str) -> str:
    """What holds for the agency's part: not its own, only to be read, handed in, accepted, declined."""
    parts = _covering_parts(response, question, item)
    answering = [part for part in parts if part.role in ANSWERING_ROLES]
    if not parts:
        return _("ข้อนี้ไม่ได้มอบหมายให้หน่วยงานของท่านตอบ")
    if not answering:
        return _("หน่วยงานของท่านได้รับมอบหมายให้อ่านข้อนี้ ไม่ได้มอบหมายให้ตอบ")
    if any(part.state in OPEN_STATES for part in answering):
        return ""
    states = {part.state for part in answering}
    if Assignment.State.ACCEPTED in states:
        return _("ฝ่ายเลขานุการรับส่วนนี้แล้ว จึงแก้ไขไม่ได้ ถ้าต้องแก้ไข โปรดขอให้ฝ่ายเลขานุการส่งกลับ")
    if Assignment.State.SUBMITTED in states:
        return _("หน่วยงานของท่านส่งส่วนนี้แล้ว จึงแก้ไขไม่ได้ ถ้าต้องแก้ไข โปรดถอนกลับก่อน")
    return _("หน่วยงานของท่านแจ้งว่าไม่เกี่ยวข้องกับส่วนนี้ จึงแก้ไขไม่ได้ ถ้าจะตอบ โปรดแจ้งฝ่ายเลขานุการ")


def _covering_parts(response: Response, question: Question, item: str) -> list[Assignment]:
    """The agency's assignments that cover the question or the item. One query."""
    row = response.round.instrument
    compiled = compiled_instrument(row)
    found = []
    for part in Assignment.objects.filter(round=response.round_id, agency=response.agency_id):
        target = assignment_target(row, part)
        if question.item_id not in covered_questions(compiled, target):
            continue
        if not item or item in covered_items(compiled, target, question.item_id):
            found.append(part)
    return found


def _moment(moment: datetime) -> str:
    return thai.format_datetime(timezone.localtime(moment), reader_language(), "short")
