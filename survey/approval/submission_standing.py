"""Where a province's answer stands before it is submitted: parts, endorsement, changes, and the round's guards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dgready.canonical import canonical_json, sha256_hex
from dgready.localized_text import LocalizedText
from survey.answering.checker import OpenPoint
from survey.approval.review_events import read_review_events
from survey.approval.unsettled_parts import UnsettledParts, read_unsettled_parts
from survey.assigning.part_notices import join_names
from survey.committee.endorsement import Endorsement
from survey.instrument.queries import compiled_instrument
from survey.models import Response, SubmissionGuard


@dataclass(frozen=True, slots=True)
class GuardStanding:
    """Whether one guard of the round is on and holds, in words; `lines` name what fails, one by one."""

    guard: SubmissionGuard
    on: bool
    holds: bool
    text: LocalizedText
    lines: tuple[LocalizedText, ...] = ()

    @property
    def needs_reason(self) -> bool:
        """Whether the submission needs a reason to override it."""
        return self.on and not self.holds

    def stated(self, reason: str) -> dict[str, Any]:
        """As the submission records it, with the reason given."""
        return {
            "guard": str(self.guard),
            "on": self.on,
            "holds": self.holds,
            "say": self.text.json(),
            "lines": [line.json() for line in self.lines],
            "reason": reason if self.needs_reason else "",
        }


@dataclass(frozen=True, slots=True)
class SubmissionStanding:
    """What a submission is decided by, besides the open points."""

    parts: UnsettledParts
    endorsement: Endorsement | None
    guards: tuple[GuardStanding, ...]

    def fingerprint(self, response: Response, points: Iterable[OpenPoint]) -> str:
        """A digest of all that is shown before submitting: what a person saw is compared with what is submitted."""
        shown = [
            response.version,
            [list(state) for state in self.parts.states],
            [[g.guard, g.on, g.holds] for g in self.guards],
            [[p.key, p.message.th] for p in points],
        ]
        return sha256_hex(canonical_json(shown))


def read_submission_standing(response: Response) -> SubmissionStanding:
    """The standing of a provincial response. Two queries."""
    parts = read_unsettled_parts(response.round)
    endorsement = read_review_events(response).endorsement()
    on = set(response.round.submission_guards)
    guards = [_parts_guard(parts, on), _endorsed_guard(endorsement, on, response.round.province.words["committee"])]
    if endorsement is not None:
        guards.append(_unchanged_guard(response, endorsement, on))
    return SubmissionStanding(parts, endorsement, tuple(guards))


def _parts_guard(parts: UnsettledParts, on: set[str]) -> GuardStanding:
    guard = SubmissionGuard.PARTS_SETTLED
    if not parts.total:
        text = LocalizedText("รอบนี้ไม่ได้มอบหมายงานให้หน่วยงาน", "Nothing was assigned to agencies in this round")
    elif not parts.agencies:
        text = LocalizedText(
            f"รับงานของหน่วยงานครบทั้ง {parts.total} ส่วน", f"All {parts.total} parts of the agencies are settled"
        )
    else:
        text = LocalizedText(
            f"หน่วยงาน {len(parts.agencies)} แห่งยังไม่ครบ: {parts.counts.th}",
            f"{len(parts.agencies)} agencies are not complete: {parts.counts.en}",
        )
    return GuardStanding(guard, guard in on, not parts.agencies, text, tuple(a.line for a in parts.agencies))


def _endorsed_guard(endorsement: Endorsement | None, on: set[str], name: str) -> GuardStanding:
    guard = SubmissionGuard.COMMITTEE_ENDORSED
    text = LocalizedText(f"คณะกรรมการ {name} เห็นชอบแล้ว", f"The {name} committee has endorsed the answer")
    if endorsement is None:
        text = LocalizedText(f"ไม่มีมติเห็นชอบของคณะกรรมการ {name}", f"There is no endorsement of the {name} committee")
    return GuardStanding(guard, guard in on, endorsement is not None, text)


def _unchanged_guard(response: Response, endorsement: Endorsement, on: set[str]) -> GuardStanding:
    guard = SubmissionGuard.UNCHANGED
    if not endorsement.additions:
        text = LocalizedText("คำตอบไม่เปลี่ยนหลังคณะกรรมการเห็นชอบ", "Nothing changed since the endorsement")
        return GuardStanding(guard, guard in on, True, text)
    items = compiled_instrument(response.round.instrument).items
    codes = [items[q].code or q for q in endorsement.questions]
    external = any(row.verb.startswith("external.") for row in endorsement.additions)
    th = [*([f"{len(codes)} ข้อ ({join_names(codes)})"] if codes else []), *(["คะแนนจากภายนอก"] if external else [])]
    en = [
        *([f"{len(codes)} questions ({join_names(codes)})"] if codes else []),
        *(["external scores"] if external else []),
    ]
    text = LocalizedText(
        f"เปลี่ยนหลังคณะกรรมการเห็นชอบ: {' และ'.join(th)}", f"Changed since the endorsement: {' and '.join(en)}"
    )
    return GuardStanding(guard, guard in on, False, text)
