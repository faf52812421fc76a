"""What approved versions say of themselves: from frozen text and journal, never from the columns of the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from dgready.canonical import sha256_hex
from survey.approval.snapshot import read_snapshot, verify_snapshot
from survey.models import Event, FrozenResponse, Response

STEP_VERBS = ("response.approve", "response.reopen")


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """An approved version. `sha256` is computed over its text; `document`: the order by which somebody approved in the
    governor's place; what is void says so by the journal.

    `data`: its content, None where it cannot be read. `faults`: what does not hold, in words for operators.
    """

    row: FrozenResponse
    number: int
    sha256: str
    approved_by: str
    approved_at: datetime | None
    document: str
    voided_at: datetime | None
    voided_by: str
    void_reason: str
    data: Mapping[str, Any] | None
    faults: Sequence[str]


def read_frozen_facts(rows: Iterable[FrozenResponse], steps: Iterable[Event] | None = None) -> list[FrozenFacts]:
    """The facts of versions, in the order given. `steps`: the steps of their response, where they are read already.

    Two queries: the steps, and the names of approvers where older texts have none.
    """
    versions = list(rows)
    if steps is None:
        responses = {row.response_id for row in versions}
        steps = Event.objects.filter(response__in=responses, verb__in=STEP_VERBS).select_related("by")
    told = {(e.response_id, e.verb, e.data.get("number")): e for e in steps if e.verb in STEP_VERBS}
    texts = {row.pk: _read(row) for row in versions}
    names = _names(texts.values())
    return [_facts(row, texts[row.pk], told, names) for row in versions]


def valid_version(response: Response, steps: Iterable[Event] | None = None) -> FrozenFacts | None:
    """The facts of the version in force. Up to three queries."""
    row = FrozenResponse.objects.filter(response=response, voided_at=None).first()
    return read_frozen_facts([row], steps)[0] if row else None


def _read(row: FrozenResponse) -> Mapping[str, Any] | None:
    try:
        return read_snapshot(row)
    except ValueError:
        return None


def _names(texts: Iterable[Mapping[str, Any] | None]) -> Mapping[int, str]:
    """The names of approvers that the texts know by key only."""
    approved = [text.get("approved", {}) for text in texts if text]
    keys = {one.get("by") for one in approved if "name" not in one}
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=keys)} if keys else {}


def _facts(
    row: FrozenResponse,
    data: Mapping[str, Any] | None,
    told: Mapping[tuple[int, str, Any], Event],
    names: Mapping[int, str],
) -> FrozenFacts:
    approve = told.get((row.response_id, "response.approve", row.number))
    reopen = told.get((row.response_id, "response.reopen", row.number))
    approved = (data or {}).get("approved", {})
    digest, faults = sha256_hex(row.content), verify_snapshot(row)
    if approve is None or approve.data.get("sha256") != digest:
        faults.append("the journal tells of another content")
    return FrozenFacts(
        row=row,
        number=data.get("number", row.number) if data else row.number,
        sha256=digest,
        approved_by=approved.get("name") or names.get(approved.get("by"), ""),
        approved_at=datetime.fromisoformat(approved["at"]) if approved.get("at") else None,
        document=(approved.get("delegation") or {}).get("document", ""),
        voided_at=reopen.at if reopen else row.voided_at,
        voided_by=str(reopen.by) if reopen and reopen.by else "",
        void_reason=reopen.data.get("reason", "") if reopen else row.void_reason,
        data=data,
        faults=faults,
    )
