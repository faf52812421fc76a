"""The table of transitions of a provincial response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Capability
from survey.models import Response
from survey.workflow.refusal import TransitionRefused

ResponseTransitionName = Literal["submit", "return", "withdraw", "approve", "reopen", "endorse", "remand"]


@dataclass(frozen=True, slots=True)
class ResponseTransition:
    """One transition: from any of `sources` to `target`, for holders of `capability`, if all guards hold."""

    name: ResponseTransitionName
    sources: tuple[Response.State, ...]
    target: Response.State
    capability: Capability
    guards: tuple[str, ...]
    label: str | Promise

    @property
    def verb(self) -> str:
        """The verb of the journal event."""
        return f"response.{self.name}"

    def label_for(self, response: Response) -> str:
        """What the step is called where the response is of a province or of a department."""
        return str(self.label) % response.round.province.words


PROVINCIAL_TRANSITIONS: tuple[ResponseTransition, ...] = (
    ResponseTransition(
        "endorse",
        (Response.State.DRAFT, Response.State.RETURNED),
        Response.State.ENDORSED,
        Capability.ENDORSE,
        ("round_open", "province_answers", "resolved"),
        gettext_lazy("บันทึกมติเห็นชอบของคณะกรรมการ"),
    ),
    ResponseTransition(
        "remand",
        (Response.State.DRAFT, Response.State.RETURNED, Response.State.ENDORSED),
        Response.State.RETURNED,
        Capability.ENDORSE,
        ("round_open", "province_answers", "resolved", "remarked"),
        gettext_lazy("บันทึกมติส่งกลับของคณะกรรมการ"),
    ),
    ResponseTransition(
        "submit",
        (Response.State.DRAFT, Response.State.RETURNED, Response.State.ENDORSED),
        Response.State.SUBMITTED,
        Capability.SUBMIT,
        (
            "round_open",
            "province_answers",
            "no_meeting_ahead",
            "replied",
            "settled",
            "endorsed",
            "unchanged",
            "explained",
        ),
        gettext_lazy("เสนอ%(chief)s"),
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
        ("round_open", "four_eyes"),
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


def transitions_of(response: Response) -> tuple[ResponseTransition, ...]:
    """The transitions of a response of this kind; an agency's contribution is moved by parts (part_states)."""
    return PROVINCIAL_TRANSITIONS if response.is_provincial else ()


def get_transition(response: Response, name: ResponseTransitionName) -> ResponseTransition:
    """The transition of that name. Raises TransitionRefused when this kind of response has none."""
    for row in transitions_of(response):
        if row.name == name:
            return row
    raise TransitionRefused("state", _("คำตอบชุดนี้ไม่มีขั้นตอนนี้"))
