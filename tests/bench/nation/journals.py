"""Copying journals: every event told anew about the copied rows, chained by its hash, streamed into PostgreSQL.

The text that an event's hash is taken over is put together from parts made once per pattern, so that an event costs
some microseconds; that it is the text `compute_event_hash` takes, the verification of the copied journals proves.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from dgready.canonical import canonical_json, sha256_hex
from survey.approval.snapshot import seal_snapshot
from survey.models import Event, FrozenResponse, Response
from tests.bench.nation.rewriting import Rewriting

COLUMNS: Final = ("id", "response_id", "seq", "at", "by_id", "verb", "question_id", "data", "previous", "hash")
PLAIN_VERBS: Final = ("answer.save",)  # they tell only values of answers, which a copy has as they are
APPROVAL: Final = "response.approve"


@dataclass(slots=True)
class Told:
    """An event of the pattern. `text`: its data as canonical JSON; `changing`: its data where a copy tells other."""

    pk: int
    response: int
    at: datetime
    by: int | None
    verb: str
    question: int | None
    text: str
    changing: Any = None


@dataclass(slots=True)
class Frozen:
    """A frozen version of the pattern."""

    pk: int
    sha256: str
    content: Any


@dataclass(slots=True)
class Journals:
    """All journals of the pattern, in order, and its frozen versions by response and number."""

    events: list[Told]
    frozen: dict[tuple[int, int], Frozen]


def read_journals(rewriting: Rewriting) -> Journals:
    """Reads what is to be copied. `rewriting`: any copy's, to find the events that a copy tells otherwise."""
    rows = Event.objects.order_by("response", "seq").values_list(
        "pk", "response", "at", "by", "verb", "question", "data"
    )
    events = [_told(rewriting, *row) for row in rows.iterator(chunk_size=2000)]
    frozen = {
        (row.response_id, row.number): Frozen(row.pk, row.sha256, json.loads(row.content))
        for row in FrozenResponse.objects.all()
    }
    return Journals(events, frozen)


def _told(
    rewriting: Rewriting,
    pk: int,
    response: int,
    at: datetime,
    by: int | None,
    verb: str,
    question: int | None,
    data: Any,
) -> Told:
    local = at.astimezone(timezone.get_default_timezone())
    told = Told(pk, response, local, by, verb, question, canonical_json(data))
    if verb not in PLAIN_VERBS and (rewriting.rewrite(data) != data or verb == APPROVAL or "sha256" in told.text):
        told.changing = data
    return told


def copy_journals(journals: Journals, rewriting: Rewriting, form: int = 0) -> int:
    """Writes the journals and frozen versions of one copy; returns the number of events.

    `form`: how far keys of questions move. Rows of responses and versions are there already, as the pattern has them.
    """
    heads: dict[int, tuple[int, str]] = {}
    sealed: list[tuple[int, str, str]] = []
    lines = _lines(journals, rewriting, form, heads, sealed)
    _stream(Event._meta.db_table, COLUMNS, lines)
    _update(Response._meta.db_table, ("version", "head"), [(pk, *head) for pk, head in heads.items()])
    _update(FrozenResponse._meta.db_table, ("content", "sha256"), sealed)
    return len(journals.events)


def _lines(
    journals: Journals,
    rewriting: Rewriting,
    form: int,
    heads: dict[int, tuple[int, str]],
    sealed: list[tuple[int, str, str]],
) -> Iterator[str]:
    shifts, days = rewriting.shifts, timedelta(days=rewriting.days)
    response, users, events = shifts["survey_response"], shifts["accounts_user"], shifts["survey_event"]
    last, seq, previous = 0, 0, ""
    texts = dict(rewriting.texts)  # checksums of versions are added as they are sealed
    telling = replace(rewriting, texts=texts)
    for told in journals.events:
        if told.response != last:
            last, seq, previous = told.response, 0, ""
        seq += 1
        at = (told.at + days).isoformat(timespec="microseconds")
        by = None if told.by is None else told.by + users
        question = None if told.question is None else told.question + form
        data = told.text
        if told.changing is not None:
            if told.verb == APPROVAL:
                texts |= _seal(journals, told, rewriting, seq, previous, sealed)
            data = canonical_json(telling.rewrite(told.changing))
        key = told.response + response
        content = (
            f'{{"at":"{at}","by":{_json(by)},"data":{data},"previous":"{previous}","question":{_json(question)},'
            f'"response":{key},"seq":{seq},"verb":"{told.verb}"}}'
        )
        digest = sha256_hex(content)
        row = (told.pk + events, key, seq, at, by, told.verb, question, data.replace("\\", "\\\\"), previous, digest)
        yield "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
        previous = digest
        heads[key] = (seq, digest)


def _json(value: int | None) -> str:
    return "null" if value is None else str(value)


def _seal(
    journals: Journals, told: Told, rewriting: Rewriting, seq: int, previous: str, sealed: list[tuple[int, str, str]]
) -> dict[str, str]:
    """Seals the version that an approval froze; its old checksum and the new one."""
    frozen = journals.frozen[told.response, told.changing["number"]]
    content = rewriting.rewrite(frozen.content)
    content["journal"] = {"seq": seq - 1, "hash": previous}
    text, digest = seal_snapshot(content)
    sealed.append((frozen.pk + rewriting.shifts["survey_frozenresponse"], text, digest))
    return {frozen.sha256: digest}


def _stream(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """COPY of lines, which are asked for as PostgreSQL takes them."""
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Reader(lines))


class _Reader(io.TextIOBase):
    """A file of lines that are made while they are read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.rest = iter(lines), ""

    def read(self, size: int | None = -1) -> str:
        """The next `size` characters at most."""
        wanted = size if size and size > 0 else 2**20
        parts, length = [self.rest], len(self.rest)
        while length < wanted and (line := next(self.lines, "")):
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self.rest = text[wanted:]
        return text[:wanted]


def _update(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        sets = ", ".join(f"{column} = %s" for column in columns)
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", [(*values, pk) for pk, *values in rows])


def rewrite_column(table: str, column: str, rewriting: Rewriting, pattern: Sequence[tuple[int, Any]]) -> None:
    """Tells the JSON of some rows anew; `pattern`: key and value of the rows that were copied."""
    shift = rewriting.shifts[table]
    rows = [(pk + shift, new, value) for pk, value in pattern if (new := rewriting.rewrite(value)) != value]
    _update(table, (column,), [(pk, json.dumps(new, ensure_ascii=False)) for pk, new, _old in rows])
