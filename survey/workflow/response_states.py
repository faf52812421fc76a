"""How the provincial response moves: one table, and the one function that moves it (design, wall 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Capability
from dgready import thai
from dgready.language import reader_language
from survey.access import has_response_capability
from survey.journal import actions as journal
from survey.models import Event, Meeting, Response
from survey.threads import queries as threads

ResponseTransitionName = Literal["submit", "return", "withdraw", "approve", "reopen", "endorse", "remand"]
RefusalReason = Literal["state", "capability", "closed", "guard", "changed"]


@dataclass(frozen=True, slots=True)
class ResponseGuardFacts:
    """What the guards look at besides the response: the moment, and what the person gave."""

    now: datetime
    reason: str = ""
    unexplained: int = 0
    remarks: int = 0
    resolved: bool = False


def _round_open(response: Response, facts: ResponseGuardFacts) -> str:
    """The approval has not closed."""
    if response.round.is_closed(facts.now):
        return _("ปิดรอบแล้ว เปลี่ยนสถานะไม่ได้จนกว่าผู้ดูแลจะขยายเวลา")
    return ""


def _explained(response: Response, facts: ResponseGuardFacts) -> str:
    """Every open point has a reason."""
    return _("ยังมีรายการค้างที่ไม่ได้ให้เหตุผล") if facts.unexplained else ""


def _remarked(response: Response, facts: ResponseGuardFacts) -> str:
    """What to change is written."""
    return "" if facts.remarks else _("เขียนสิ่งที่ขอให้แก้ไขอย่างน้อย 1 ข้อ")


def _reasoned(response: Response, facts: ResponseGuardFacts) -> str:
    """A reason is given."""
    return "" if facts.reason else _("โปรดระบุเหตุผล")


def _resolved(response: Response, facts: ResponseGuardFacts) -> str:
    """There is a resolution on every sub-pillar."""
    return "" if facts.resolved else _("ต้องบันทึกมติของคณะกรรมการทุกตัวชี้วัดย่อยก่อน")


def _no_meeting_ahead(response: Response, facts: ResponseGuardFacts) -> str:
    """Every meeting on record is concluded."""
    ahead = Meeting.objects.filter(round=response.round_id, concluded_at=None).order_by("held_at").first()
    if ahead is None:
        return ""
    day = thai.format_date(timezone.localdate(ahead.held_at), reader_language(), "short")
    return _("ยังไม่ได้บันทึกมติของคณะกรรมการ PCIO ในการประชุมวันที่ %(day)s จึงยังเสนอไม่ได้") % {"day": day}


def _replied(response: Response, facts: ResponseGuardFacts) -> str:
    """Remarks that demand an answer have one."""
    waiting = threads.count_must_answer_threads(response)
    return _("มีข้อสังเกต %(count)d เรื่องที่ต้องตอบก่อนเสนอ") % {"count": waiting} if waiting else ""


Guard = Callable[[Response, ResponseGuardFacts], str]
GUARDS: Mapping[str, Guard] = {
    "round_open": _round_open,
    "no_meeting_ahead": _no_meeting_ahead,
    "replied": _replied,
    "explained": _explained,
    "remarked": _remarked,
    "reasoned": _reasoned,
    "resolved": _resolved,
}
# These hold or fail whatever the person gives; the others are asked when the transition is made.
PRECHECK_GUARDS = frozenset({"round_open", "no_meeting_ahead", "replied"})


@dataclass(frozen=True, slots=True)
class ResponseTransition:
    """A row of the table: from any of `sources` to `target`, for holders of `cap`, if all guards hold."""

    name: ResponseTransitionName
    sources: tuple[Response.State, ...]
    target: Response.State
    cap: Capability
    guards: tuple[str, ...]
    label: str | Promise

    @property
    def verb(self) -> str:
        """The verb in the journal."""
        return f"response.{self.name}"


PROVINCIAL_TRANSITIONS: tuple[ResponseTransition, ...] = (
    ResponseTransition(
        "endorse",
        (Response.State.DRAFT, Response.State.RETURNED),
        Response.State.ENDORSED,
        Capability.ENDORSE,
        ("round_open", "resolved"),
        gettext_lazy("บันทึกมติเห็นชอบของคณะกรรมการ"),
    ),
    ResponseTransition(
        "remand",
        (Response.State.DRAFT, Response.State.RETURNED, Response.State.ENDORSED),
        Response.State.RETURNED,
        Capability.ENDORSE,
        ("round_open", "resolved", "remarked"),
        gettext_lazy("บันทึกมติส่งกลับของคณะกรรมการ"),
    ),
    ResponseTransition(
        "submit",
        (Response.State.DRAFT, Response.State.RETURNED, Response.State.ENDORSED),
        Response.State.SUBMITTED,
        Capability.SUBMIT,
        ("round_open", "no_meeting_ahead", "replied", "explained"),
        gettext_lazy("เสนอผู้ว่าราชการจังหวัด"),
    ),
    ResponseTransition(
        "withdraw",
        (Response.State.SUBMITTED,),
        Response.State.DRAFT,
        Capability.SUBMIT,
        ("round_open",),
        gettext_lazy("ถอนกลับมาแก้ไข"),
    ),
    ResponseTransition(
        "return",
        (Response.State.SUBMITTED,),
        Response.State.RETURNED,
        Capability.RETURN,
        ("round_open", "remarked"),
        gettext_lazy("ส่งกลับให้แก้ไข"),
    ),
    ResponseTransition(
        "approve",
        (Response.State.SUBMITTED,),
        Response.State.APPROVED,
        Capability.APPROVE,
        ("round_open",),
        gettext_lazy("อนุมัติ"),
    ),
    ResponseTransition(
        "reopen",
        (Response.State.APPROVED,),
        Response.State.DRAFT,
        Capability.REOPEN,
        ("round_open", "reasoned"),
        gettext_lazy("เปิดให้แก้ไขอีกครั้ง"),
    ),
)


class TransitionRefused(Exception):
    """A transition that may not be made; the text says so to people. `why` "guard": something is not given."""

    def __init__(self, why: RefusalReason, text: str) -> None:
        super().__init__(text)
        self.why = why


def transitions_of(response: Response) -> tuple[ResponseTransition, ...]:
    """The transitions a response of this kind can make; an agency's contribution moves by parts (part_states)."""
    return PROVINCIAL_TRANSITIONS if response.is_provincial else ()


def get_transition(response: Response, name: ResponseTransitionName) -> ResponseTransition:
    """The row of that name. Raises Refused when this kind of response has none."""
    for row in transitions_of(response):
        if row.name == name:
            return row
    raise TransitionRefused("state", _("คำตอบชุดนี้ไม่มีขั้นตอนนี้"))


def allowed_response_transitions(
    user: User, response: Response, now: datetime | None = None
) -> list[ResponseTransition]:
    """The transitions this person could make now, given what the guards that ask for input then need."""
    facts = ResponseGuardFacts(now or timezone.now())
    return [
        row
        for row in transitions_of(response)
        if response.state in row.sources
        and has_response_capability(user, response, row.cap)
        and not any(GUARDS[g](response, facts) for g in row.guards if g in PRECHECK_GUARDS)
    ]


def refusal_message(user: User, response: Response, name: ResponseTransitionName, now: datetime | None = None) -> str:
    """Why this person cannot make the transition now, before giving anything; empty when they can."""
    try:
        _check_transition(
            user,
            response,
            get_transition(response, name),
            ResponseGuardFacts(now or timezone.now()),
            only=PRECHECK_GUARDS,
        )
    except TransitionRefused as refused:
        return str(refused)
    return ""


def _check_transition(
    by: User,
    response: Response,
    row: ResponseTransition,
    facts: ResponseGuardFacts,
    only: frozenset[str] | None = None,
) -> None:
    if not has_response_capability(by, response, row.cap):
        raise TransitionRefused("capability", _("ท่านไม่มีสิทธิทำขั้นตอนนี้"))
    if response.state not in row.sources:
        raise TransitionRefused("state", _wrong_state_message(response, row))
    for name in row.guards:
        if (only is None or name in only) and (text := GUARDS[name](response, facts)):
            raise TransitionRefused("closed" if name in PRECHECK_GUARDS else "guard", text)


def _wrong_state_message(response: Response, row: ResponseTransition) -> str:
    """In which state it is and since when; of two people at once, the second one reads this."""
    words = {"state": Response.State(response.state).label, "step": str(row.label)}
    rows = Event.objects.filter(response=response, verb__in=[t.verb for t in transitions_of(response)])
    last = rows.select_related("by").order_by("-seq").first()
    if last is None or last.by is None:
        return _("%(step)sไม่ได้ เพราะคำตอบอยู่ในสถานะ “%(state)s”") % words
    words["who"] = last.by.get_full_name()
    return _("%(step)sไม่ได้ เพราะคำตอบอยู่ในสถานะ “%(state)s” แล้ว โดย %(who)s") % words


def check_version_seen(locked: Response, seen: int | None) -> None:
    """Refused when the answer has changed since the version a person decided on (None: not asked)."""
    if seen is not None and seen != locked.version:
        raise TransitionRefused("changed", _("คำตอบเปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดตรวจอีกครั้งก่อนตัดสินใจ"))


def move_response(
    *,
    by: User,
    response: Response,
    name: ResponseTransitionName,
    facts: Callable[[Response, datetime], ResponseGuardFacts] | None = None,
    seen: int | None = None,
    effect: Callable[[Response, datetime], tuple[Mapping[str, Any], Mapping[str, Any]]] | None = None,
) -> Event:
    """Makes a transition under the response's lock; the only place where `state` is written.

    `facts` gives what the guards need; `effect` does what belongs to the transition and answers with the
    event's data and further fields of the response; both run under the lock. `seen`: the version the person
    decided on. Raises Refused, and then nothing has happened.
    """
    with transaction.atomic():
        locked = journal.lock_response(response.pk)
        now = timezone.now()
        row = get_transition(locked, name)
        _check_transition(by, locked, row, facts(locked, now) if facts else ResponseGuardFacts(now))
        check_version_seen(locked, seen)
        data, fields = effect(locked, now) if effect else ({}, {})
        still = Response.objects.filter(pk=locked.pk, state=locked.state)
        if still.update(state=row.target, **fields) != 1:
            raise TransitionRefused(
                "state", _wrong_state_message(Response.objects.select_related("round").get(pk=locked.pk), row)
            )
        way = {"from": str(locked.state), "to": str(row.target)}
        event = journal.record_event(by=by, response=locked, verb=row.verb, data={**way, **data}, at=now)
    for field, value in {"state": row.target, **fields}.items():
        setattr(response, field, value)
    response.version, response.head = event.seq, event.hash
    return event
