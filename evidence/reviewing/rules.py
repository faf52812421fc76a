"""Who may judge an attachment, and when: the reasons why not, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Capability
from dgready.arrival import deadline_now
from evidence.models import Attachment, Verdict
from evidence.reviewing.parts import CoveringParts
from survey.answering.edit_refusals import provincial_edit_refusal
from survey.models import Response


def may_review(user: User, response: Response) -> bool:
    """Whether the person judges evidence in the province of the response."""
    return user.has(Capability.EVIDENCE_REVIEW, province_id=response.round.province_id)


def closed_refusal(provincial: Response) -> str:
    """Why no evidence of the round can be judged now; empty while it can."""
    if provincial.is_editable and not provincial.round.is_closed(deadline_now()):
        return ""
    return provincial_edit_refusal(provincial)


def judging_refusal(
    by: User, attachment: Attachment, provincial: Response, parts: CoveringParts, attached_by: int
) -> str:
    """Why this person cannot judge an attachment now; empty where they can.

    What an agency still works on is not judged, but what is judged can be judged anew. `attached_by`: who brought the
    document; of what was adopted from an agency, the one who attached it there.
    """
    if not may_review(by, provincial):
        return _("ท่านไม่มีสิทธิตรวจหลักฐาน")
    if reason := closed_refusal(provincial):
        return reason
    if by.pk == attached_by:
        return _("ท่านเป็นผู้แนบหลักฐานนี้ จึงตรวจเองไม่ได้ ต้องให้ผู้อื่นตรวจ")
    return "" if is_with_reviewer(attachment, parts) else _("หน่วยงานยังไม่ได้ส่งส่วนนี้ จึงยังตรวจไม่ได้")


def is_with_reviewer(attachment: Attachment, parts: CoveringParts) -> bool:
    """Whether an attachment is the province's, was judged before, or stands in a part that is handed in."""
    agency = attachment.response.agency_id
    if agency is None or attachment.verdict != Verdict.NONE:
        return True
    return parts.is_handed_in(agency, attachment.question.item_id, attachment.address)
