"""Replaying approvals: every frozen version against the journal, its own text and the answers that stand now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.approval.snapshot import (
    answer_content,
    read_snapshot,
    snapshot_faults,
    submission_content,
    to_canonical_data,
)
from survey.models import Answer, Event, FrozenResponse, Response
from survey.verifying.replayer import Replayer
from survey.verifying.report import JournalFault


@dataclass(slots=True)
class _ApprovedVersion:
    """An approved version as the journal tells it."""

    event: Event
    submission: Event | None
    void: Event | None = None


class VersionReplayer(Replayer):
    """Frozen versions of a response."""

    kind = "version"
    verbs = frozenset({"response.submit", "response.approve", "response.reopen"})

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self.approvals: dict[int, _ApprovedVersion] = {}
        self.submission: Event | None = None

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Notes the submission, the approval, or that a version is void."""
        number = event.data.get("number")
        if event.verb == "response.submit":
            self.submission = event
        elif event.verb == "response.approve":
            self.approvals[number] = _ApprovedVersion(event, self.submission)
        elif number in self.approvals:
            self.approvals[number].void = event
        yield from ()

    def compare(self) -> Iterator[JournalFault]:
        """Every stored version; then the versions that are gone."""
        replayed = dict(self.approvals)
        valid = 0
        for version in FrozenResponse.objects.filter(response_id=self.scope.response.pk).iterator(chunk_size=1):
            valid += version.voided_at is None
            self.scope.saw_row(version.approved_at, version.voided_at)
            faults = [
                self._fault(version, f"version.{code}", None, **pair) for code, pair in snapshot_faults(version).items()
            ]
            yield from faults
            approval = replayed.pop(version.number, None)
            if approval is None:
                yield self._fault(version, "version.unknown", None)
                continue
            yield from self._compare_row(version, approval)
            if not any(fault.code in ("version.unreadable", "version.form") for fault in faults):
                text = read_snapshot(version)
                yield from self._compare_text(version, text, approval)
                if version.voided_at is None:
                    self.scope.frozen = text
        for number, approval in replayed.items():
            yield self.scope.fault("version.missing", seq=approval.event.seq, subject=str(number))
        approved = self.scope.response.state == Response.State.APPROVED
        if approved != (valid == 1):
            yield self.scope.fault("version.count", field="state", expected=int(approved), found=valid)

    def _fault(self, version: FrozenResponse, code: str, seq: int | None, **more: Any) -> JournalFault:
        return self.scope.fault(code, seq=seq, subject=str(version.number), **more)

    def _compare_row(self, version: FrozenResponse, approval: _ApprovedVersion) -> Iterator[JournalFault]:
        """The columns of the row: what the journal says of the approval and of what became of it."""
        event, void = approval.event, approval.void
        pairs: dict[str, tuple[Any, Any]] = {
            "sha256": (event.data.get("sha256"), version.sha256),
            "approved_by": (event.by_id, version.approved_by_id),
            "approved_at": (event.at, version.approved_at),
            "void_reason": (void.data.get("reason", "") if void else "", version.void_reason),
            "voided_by": (void.by_id if void else None, version.voided_by_id),
            "voided_at": (void.at if void else None, version.voided_at),
        }
        if "public_id" in event.data:
            pairs["public_id"] = (event.data["public_id"], str(version.public_id))
        for name, (expected, found) in pairs.items():
            if expected != found:
                seq = void.seq if void and name.startswith("void") else event.seq
                yield self._fault(version, "version.changed", seq, field=name, expected=expected, found=found)

    def _compare_text(
        self, version: FrozenResponse, data: dict[str, Any], approval: _ApprovedVersion
    ) -> Iterator[JournalFault]:
        """The frozen text: of this response, of this moment of its journal, by this approver on this route."""
        event, approved = approval.event, data.get("approved", {})
        route = (approved.get("delegation") or {}).get("document")
        pairs: dict[str, tuple[Any, Any]] = {
            "response": (self.scope.response.pk, data.get("response")),
            "journal": ({"seq": event.seq - 1, "hash": event.previous}, data.get("journal")),
            "approved.by": (event.by_id, approved.get("by")),
            "approved.at": (event.at, _moment(approved.get("at"))),
            "approved.delegation": (event.data.get("delegation", {}).get("document"), route),
        }
        if approval.submission is not None:
            pairs["open_points"] = (approval.submission.data.get("open_points"), data.get("open_points"))
            told = data.get("submitted", {})
            if "guards" in told:
                pairs["submitted"] = (to_canonical_data(submission_content(approval.submission)), told)
        for name, (expected, found) in pairs.items():
            if expected != found:
                yield self._fault(version, "version.text", event.seq, field=name, expected=expected, found=found)
        if version.voided_at is None:
            yield from self._compare_answers(version, data.get("answers", {}))

    def _compare_answers(self, version: FrozenResponse, frozen: dict[str, Any]) -> Iterator[JournalFault]:
        """The answers that stand now, against those of the valid version."""
        left = dict(frozen)
        for answer in Answer.objects.filter(response_id=self.scope.response.pk).iterator():
            item = self.scope.item_id(answer.question_id)
            if item not in self.scope.present:  # kept from an earlier version of the form
                continue
            expected, found = left.pop(item, None), to_canonical_data(answer_content(answer))
            if expected != found:
                more = {"question": answer.question_id, "expected": expected, "found": found}
                yield self._fault(version, "version.answers", None, **more)
        for item, expected in left.items():
            yield self._fault(version, "version.answers", None, field=item, expected=expected)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
