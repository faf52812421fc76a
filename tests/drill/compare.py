"""What a restored installation has, read from its database and its bucket without the product, beside the first one."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from tests.drill.people import Acknowledged


@dataclass(frozen=True)
class Rows:
    """What proves itself in a database."""

    heads: dict[str, str]  # response → newest hash
    events: dict[tuple[int, int], str]  # response and number → hash
    frozen: dict[str, str]  # approved version → SHA-256
    contents: dict[str, str]  # approved version → SHA-256 of its text, computed
    revisions: dict[tuple[int, str], int]  # response and question → revision
    files: dict[str, str]  # name in the store → SHA-256


def read_rows(url: str) -> Rows:
    """Reads them."""
    with psycopg2.connect(url) as line, line.cursor() as cursor:

        def ask(statement: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement)
            return cursor.fetchall()

        frozen = ask("SELECT public_id::text, sha256, content FROM survey_frozenresponse")
        revisions = ask(
            "SELECT a.response_id, q.item_id, a.revision FROM survey_answer a"
            " JOIN survey_question q ON q.id = a.question_id"
        )
        rows = Rows(
            {str(pk): head for pk, head in ask("SELECT id, head FROM survey_response")},
            {(pk, seq): digest for pk, seq, digest in ask("SELECT response_id, seq, hash FROM survey_event")},
            {public: sha256 for public, sha256, _content in frozen},
            {public: hashlib.sha256(content.encode()).hexdigest() for public, _sha256, content in frozen},
            {(pk, item): revision for pk, item, revision in revisions},
            dict(ask("SELECT stored, sha256 FROM evidence_file")),
        )
    line.close()
    return rows


def differences(
    backup: Path, first: Rows, restored: Rows, bucket: Any, acknowledged: list[Acknowledged]
) -> Iterator[str]:
    """What is not as it should be. `acknowledged`: saves answered before the backup began."""
    named = json.loads(gzip.decompress((backup / "heads.json.gz").read_bytes()))
    if named["responses"] != restored.heads:
        yield "the heads of the journals are not those the manifest names"
    if not named["frozen"] == restored.frozen == restored.contents:
        yield "the approved versions are not those the manifest names, or not what their hashes say"
    if first.frozen != restored.frozen:
        yield "the approved versions are not those of the first installation"
    for key, digest in restored.events.items():
        if first.events.get(key) != digest:
            yield f"event {key} is not that of the first installation"
    for save in acknowledged:
        if restored.revisions.get((save.response, save.question), 0) < save.revision:
            yield f"an acknowledged save is lost: response {save.response}, {save.question}, revision {save.revision}"
    for name, digest in restored.files.items():
        try:
            content = bucket.Object(f"evidence/{name}").get()["Body"].read()
        except bucket.meta.client.exceptions.NoSuchKey:
            yield f"the file {name} is lost"
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"the file {name} is altered"
