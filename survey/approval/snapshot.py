"""The snapshot of an approved response: all that was approved, as one canonical text under one hash.

Content: format, number, province, year, round (dates), instrument and scheme (with checksums), answers by item id
of their question, evidence, external, score, open_points, submitted, endorsed, approved, journal (the newest event
before the approval). `submitted` says when, by whom, and how the round's guards stood, with the reasons that override
them; versions frozen before there were guards have only the time. Times are ISO 8601 in Thailand; numbers are whole or
text; people are ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import ZoneInfo

from dgready.canonical import canonical_json, sha256_hex

if TYPE_CHECKING:
    from accounts.models import User
    from survey.models import Answer, Event, Response

FORMAT: Final = "dgready.frozen/1"
BANGKOK: Final = ZoneInfo("Asia/Bangkok")
# Keys of the content that come from evidence and scoring; the caller reads them.
SUPPLIED_KEYS: Final = frozenset({"scheme", "evidence", "external", "score"})
INSTRUMENT_KEYS: Final = ("key", "year", "version", "checksum")
ROUND_DATES: Final = ("period_from", "period_to", "opens_on", "agency_due", "committee_on", "closes_at")


class StoredSnapshot(Protocol):
    """A stored version as verify_snapshot needs it."""

    number: int
    content: str
    sha256: str


def snapshot_content(
    *,
    response: Response,
    number: int,
    answers: Iterable[Answer],
    outside: Mapping[str, Any],
    by: User,
    approved_at: datetime,
    delegation: Mapping[str, Any] | None = None,
    endorsed: Mapping[str, Any] | None = None,
    submission: Event,
) -> dict[str, Any]:
    """The content of version `number` of a locked response. `outside`: exactly the keys of SUPPLIED_KEYS.

    `delegation`: by which `by` approves in the governor's place. `endorsed`: the committee's endorsement.
    `submission`: the event of the submission that is approved. Raises ValueError when something outside is
    missing or cannot be written canonically.
    """
    if outside.keys() != SUPPLIED_KEYS:
        raise ValueError(f"a frozen response needs {sorted(SUPPLIED_KEYS)}, got {sorted(outside)}")
    round_ = response.round
    province, instrument = round_.province, round_.instrument
    return to_canonical_data(
        {
            "format": FORMAT,
            "response": response.pk,
            "number": number,
            "province": {"code": province.code, "name_th": province.name_th, "name_en": province.name_en},
            "year": round_.year,
            "round": {name: getattr(round_, name) for name in ROUND_DATES},
            "instrument": {name: getattr(instrument, name) for name in INSTRUMENT_KEYS},
            "answers": answers_content(answers),
            "open_points": response.open_points,
            "submitted": submission_content(submission),
            "endorsed": endorsed,
            "approved": {"by": by.pk, "name": by.get_full_name(), "at": approved_at, "delegation": delegation},
            "journal": {"seq": response.version, "hash": response.head},
            **outside,
        }
    )


def submission_content(submission: Event) -> dict[str, Any]:
    """A submission as frozen; its guards are those of its event."""
    return {"at": submission.at, "by": submission.by_id, "guards": submission.data.get("guards", [])}


def answers_content(answers: Iterable[Answer]) -> dict[str, Any]:
    """The answers by item id of their question, as frozen."""
    return {a.question.item_id: to_canonical_data(answer_content(a)) for a in answers}


def answer_content(answer: Answer) -> dict[str, Any]:
    """One answer as frozen."""
    return {
        "value": answer.value,
        "unsure": answer.unsure,
        "note": answer.note,
        "revision": answer.revision,
        "saved_by": answer.saved_by_id,
        "saved_at": answer.saved_at,
    }


def to_canonical_data(data: Any) -> Any:
    """The same data as canonical JSON can carry it. Raises ValueError for fractions and unknown types."""
    if isinstance(data, Mapping):
        return {str(k): to_canonical_data(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [to_canonical_data(v) for v in data]
    if data is None or isinstance(data, bool | int | str):
        return data
    if isinstance(data, datetime):
        return data.astimezone(BANGKOK).isoformat(timespec="microseconds")
    if isinstance(data, date):
        return data.isoformat()
    raise ValueError(f"{type(data).__name__} cannot be frozen: write it as text")


def seal_snapshot(data: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text and the SHA-256 over it."""
    text = canonical_json(data)
    return text, sha256_hex(text)


def read_snapshot(frozen: StoredSnapshot) -> dict[str, Any]:
    """The content as data. Raises ValueError when the text is not a frozen response."""
    data = json.loads(frozen.content)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("not a frozen response")
    return data


def snapshot_faults(frozen: StoredSnapshot) -> dict[str, dict[str, Any]]:
    """What is wrong with a stored version by code (hash, unreadable, form, number), with expected and found."""
    digest = sha256_hex(frozen.content)
    faults: dict[str, dict[str, Any]] = {}
    if digest != frozen.sha256:
        faults["hash"] = {"expected": frozen.sha256, "found": digest}
    try:
        data = read_snapshot(frozen)
    except ValueError:
        return faults | {"unreadable": {}}
    if canonical_json(data) != frozen.content:
        faults["form"] = {}
    if data.get("number") != frozen.number:
        faults["number"] = {"expected": data.get("number"), "found": frozen.number}
    return faults


def verify_snapshot(frozen: StoredSnapshot) -> list[str]:
    """What is wrong with a stored version, in words for operators; empty when the hash proves it."""
    words = {
        "hash": "the content does not match its SHA-256",
        "unreadable": "the content cannot be read: not a frozen response",
        "form": "the content is not in canonical form",
        "number": "the content says version {expected}, the row {found}",
    }
    return [words[code].format(**pair) for code, pair in snapshot_faults(frozen).items()]
