"""A member's own opinions on the answer, before and in a meeting; nobody writes another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed
from accounts.models import User
from accounts.roles import Capability
from survey.assigning.queries import sub_pillar_keys
from survey.committee.actions.locking import lock_open_meeting, record_meeting_event
from survey.committee.opinions import WHOLE, own_opinions
from survey.committee.queries import sub_pillars_to_decide
from survey.committee.register import seat_at
from survey.models import CommitteeMember, Meeting, Opinion
from survey.threads.comments import clean_comment_text
from survey.workflow.refusal import TransitionRefused

MAX_REMARK = 1000


@dataclass(frozen=True, slots=True)
class GivenOpinion:
    """What a member says of a sub-pillar; without a stance, what was said before is taken back."""

    stance: str = ""
    remark: str = ""


def record_opinions(*, by: User, meeting: Meeting, opinions: Mapping[str, GivenOpinion]) -> int:
    """Records the person's own opinions by sub-pillar, `WHOLE` for the whole answer; returns how many changed.

    Raises NotAllowed for whoever has no seat in the committee on the day of the meeting, TransitionRefused once it
    is concluded or where a remark is missing; LookupError for a sub-pillar the form does not ask about.
    """
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting, Capability.RESPONSE_READ)
        member = seat_at(by, stored)
        if member is None:
            raise NotAllowed
        known = {WHOLE, *sub_pillars_to_decide(meeting.round)}
        if unknown := sorted(set(opinions) - known):
            raise LookupError(unknown[0])
        old = {code: (row.stance, row.remark) for code, row in own_opinions(stored, member).items()}
        new = {code: _cleaned(one) for code, one in opinions.items() if one.stance}
        _check_remarks(new)
        changed = [code for code in opinions if old.get(code) != new.get(code)]
        if changed:
            _store(by, stored, member, changed, new)
            sides = {
                name: {code: list(side[code]) for code in changed if code in side}
                for name, side in (("before", old), ("after", new))
            }
            record_meeting_event(by, locked, "meeting.opinion", stored, member=member.pk, opinions=sides)
    return len(changed)


def _cleaned(given: GivenOpinion) -> tuple[str, str]:
    return str(Opinion.Stance(given.stance)), clean_comment_text(given.remark, MAX_REMARK)


def _check_remarks(opinions: Mapping[str, tuple[str, str]]) -> None:
    silent = [code or _("ทั้งฉบับ") for code, (stance, said) in opinions.items() if stance != "agree" and not said]
    if silent:
        raise TransitionRefused("guard", _("เขียนข้อสังเกตของ %(codes)s") % {"codes": ", ".join(silent)})


def _store(
    by: User, meeting: Meeting, member: CommitteeMember, changed: list[str], new: Mapping[str, tuple[str, str]]
) -> None:
    keys = sub_pillar_keys(meeting.round.instrument)
    now = timezone.now()
    for code in changed:
        where: dict[str, Any] = {"meeting": meeting, "member": member, "sub_pillar_id": keys[code] if code else None}
        if code not in new:
            Opinion.objects.filter(**where).delete()
            continue
        stance, remark = new[code]
        Opinion.objects.update_or_create(**where, defaults={"stance": stance, "remark": remark, "by": by, "at": now})
