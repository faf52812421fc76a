"""Four eyes: whoever wrote or submitted a province's answer, or may do so, does not approve it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import WRITING_CAPABILITIES
from survey.models import Event, Response

# Verbs of what makes an answer; the rest of the journal is about steps, words and meetings.
WRITING_EVENTS = Q(verb__startswith="answer.") | Q(verb__startswith="evidence.") | Q(verb__startswith="consolidation.")
SUBMIT_VERB = "response.submit"


def four_eyes_refusal(user: User, response: Response) -> str:
    """Why this person must not approve the response; empty when they may. One query or none."""
    if any(user.has(cap, province_id=response.round.province_id) for cap in WRITING_CAPABILITIES):
        return _(
            "ท่านมีบทบาทที่กรอกหรือเสนอคำตอบชุดนี้ จึงอนุมัติไม่ได้ เพราะผู้กรอกหรือเสนอต้องไม่ใช่ผู้อนุมัติ โปรดแจ้งผู้ดูแลระบบให้ยกเลิกบทบาทหนึ่ง"
        )
    verbs = written_verbs(user, [response.pk])
    if SUBMIT_VERB in verbs:
        return _("ท่านเป็นผู้เสนอคำตอบชุดนี้ จึงอนุมัติเองไม่ได้ ต้องให้ผู้อื่นอนุมัติ")
    if verbs:
        return _("ท่านเคยกรอกหรือแก้ไขคำตอบชุดนี้ จึงอนุมัติเองไม่ได้ ต้องให้ผู้อื่นอนุมัติ")
    return ""


def written_verbs(user: User, responses: Iterable[int]) -> set[str]:
    """The verbs by which a person wrote or submitted any of these responses. One query."""
    rows = Event.objects.filter(WRITING_EVENTS | Q(verb=SUBMIT_VERB), response__in=responses, by=user)
    return set(rows.order_by().values_list("verb", flat=True).distinct())
