"""What the tests of scoring share: the real and the made-up instrument with their schemes, and answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path as FilePath

from django.test import Client
from django.urls import reverse

from reports import tasks
from reports.models import Job
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.scheme.load import parse_scheme
from scoring.scheme.types import ScoringScheme
from survey.instrument.check import check_instrument_data
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn
from tests.trial import source

ROOT = FilePath(__file__).parents[2]
FILES = {
    "real": ("fixtures/instruments/dg-province-2568.v2.yaml", "fixtures/schemes/dg-province-2568.v3.yaml"),
    "trial": ("tests/instruments/dg-trial-2570.yaml", "tests/instruments/dg-trial-2570-scheme.yaml"),
}


def text(path: str) -> str:
    """A file of the checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def world(name: str) -> tuple[CompiledInstrument, ScoringScheme]:
    """An instrument and its scheme; both must be without faults."""
    instrument, faults = check_instrument_data(source(ROOT / FILES[name][0]))
    assert instrument is not None, faults
    scheme, wrong = parse_scheme(text(FILES[name][1]))
    assert scheme is not None, wrong
    return instrument, scheme


def sheet_of(
    name: str,
    values: Mapping[str, AnswerValue],
    marked: frozenset[str] | None = None,
    externals: Mapping[str, Decimal] | None = None,
) -> ScoreSheet:
    """The sheet of answers; every open evidence place is met unless `marked` says which."""
    instrument, scheme = world(name)
    path = resolve_path(instrument, values)
    facts = ResponseFacts(path, frozenset(path.places) if marked is None else marked, externals or {})
    return compute_score_sheet(instrument, scheme, facts)


def criterion(sheet: ScoreSheet, ident: str) -> CriterionScore:
    """A criterion by id."""
    return next(c for c in sheet.criteria if c.id == ident)


BEST = ("yes", "done", "in_use", "used", "known", "percent", "count")


@cache
def full_answers(name: str) -> Mapping[str, AnswerValue]:
    """Every field of the form answered as well as it can be, repeats with all their rows."""
    instrument, _ = world(name)
    values: dict[str, AnswerValue] = {}
    for section in instrument.sections:
        for item in section.items:
            fill(item, "", values)
    return values


def fill(item: Item, prefix: str, values: dict[str, AnswerValue]) -> None:
    """Fills an item and what its best answers open."""
    address = prefix + item.id
    if item.kind == "repeat":
        rows = [f"r{n}" for n in range(1, (item.max_rows or 0) + 1)]
        values[address] = rows
        for row in rows:
            for child in item.items:
                fill(child, f"{address}#{row}/", values)
        return
    if item.kind == "table":
        for key, row in item.answer_rows:
            for column in item.columns:
                value = best(column)
                values[f"{address}/{key}/{column.key}"] = value
                for option in value if isinstance(value, list) else [value]:
                    for child in row.then.get(f"{column.key}={option}", ()):
                        fill(child, prefix, values)
    elif item.kind != "group":
        value = best(item)
        values[address] = value
        for option in value if isinstance(value, list) else [value]:
            for child in item.by_key[option].then if option in item.by_key else ():
                fill(child, prefix, values)
    for child in item.items:
        fill(child, prefix, values)


def best(owner: Item | TableColumn) -> AnswerValue:
    """The answer that gives most: good words first, else the last option; all options of a multiple choice."""
    keys = [o.key for o in owner.options if not o.exclusive]
    if owner.kind == "multi":
        return keys
    if keys:
        return next((k for k in BEST if k in keys), keys[-1])
    return {"number": "10", "url": "https://data.example.org", "month_year": "2025-01"}.get(owner.kind, "ข้อความ")


def file_of_job(client: Client, address: str, language: str = "th") -> bytes:
    """The file to whose progress an address leads, made in between as a worker would."""
    answer = client.get(address, headers={"accept-language": language})
    job = Job.objects.get(public_id=answer["Location"].strip("/").split("/")[1])
    tasks.run(job.pk)
    assert "ดาวน์โหลด" in client.get(answer["Location"], headers={"accept-language": "th"}).content.decode()
    return b"".join(client.get(reverse("reports:download", args=[job.public_id])).streaming_content)
