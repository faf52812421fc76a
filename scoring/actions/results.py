"""Loading published results from reviewed CSV files; running it again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction

from accounts.models import Province
from scoring.models import OfficialResult

COLUMNS = ("framework", "subject", "kind", "code", "score", "rank", "level", "from", "source")
R = OfficialResult


class Rejected(ValueError):
    """The file has faults; `faults` lists them, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many figures a load added, changed, and found as they were."""

    added: int
    changed: int
    same: int


def load(*, text: str, may: Callable[[int | None], bool] = lambda province: True, store: bool = True) -> Outcome:
    """Adds or corrects the figures of a file, all or none; without `store` only says what it would do.

    `may`: whether figures of a province (None: of all provinces) may be written. Raises Rejected.
    """
    provinces = dict(Province.objects.values_list("code", "pk"))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    faults = [f for number, row in enumerate(rows, 2) for f in _faults(number, row, provinces)]
    if not faults:
        subjects = {row["subject"] for row in rows}
        faults = [f"{s}: not yours to change" for s in sorted(subjects) if not may(provinces.get(s))]
    if faults:
        raise Rejected(faults)
    counts = {"added": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        known = {_key(r): r for r in R.objects.all()}
        for row in rows:
            new = _build(row, provinces)
            old = known.get(_key(new))
            counts[_store(old, new)] += 1
            known[_key(new)] = old or new
        if not store:
            transaction.set_rollback(True)
    return Outcome(**counts)


def _key(row: OfficialResult) -> tuple[int, int | None, str, str, str]:
    return row.year, row.province_id, row.label, row.kind, row.code


def _store(old: OfficialResult | None, new: OfficialResult) -> str:
    if old is None:
        new.save()
        return "added"
    fields = ("score", "rank", "level", "origin", "source")
    if all(getattr(old, f) == getattr(new, f) for f in fields):
        return "same"
    for name in fields:
        setattr(old, name, getattr(new, name))
    old.save()
    return "changed"


def _build(row: dict[str, str], provinces: dict[str, int]) -> OfficialResult:
    subject = row["subject"]
    return R(
        year=int(row["framework"]),
        province_id=provinces.get(subject),
        label="" if subject in provinces else subject,
        kind=row["kind"],
        code=row["code"],
        score=Decimal(row["score"]),
        rank=int(row["rank"]) if row["rank"] else None,
        level=int(row["level"]) if row["level"] else None,
        origin=row["from"],
        source=row["source"],
    )


def _faults(number: int, row: dict[str, str | None], provinces: dict[str, int]) -> Iterator[str]:
    missing = [c for c in COLUMNS if row.get(c) is None]
    if missing:
        yield f"line {number}: no column {', '.join(missing)}"
        return
    values = {c: row[c] or "" for c in COLUMNS}
    if not values["framework"].isdigit():
        yield f"line {number}: framework {values['framework']!r} is not a year"
    if values["subject"] not in provinces and values["subject"] not in (R.Label.AVERAGE, R.Label.BEST):
        yield f"line {number}: unknown subject {values['subject']!r} (are the provinces loaded?)"
    if values["kind"] not in R.Kind.values:
        yield f"line {number}: unknown kind {values['kind']!r}"
    if values["from"] not in R.Origin.values:
        yield f"line {number}: unknown origin {values['from']!r}"
    if not values["code"] or not values["source"]:
        yield f"line {number}: code and source must be given"
    for name in ("rank", "level"):
        if values[name] and not values[name].isdigit():
            yield f"line {number}: {name} {values[name]!r} is not a whole number"
    if not _is_score(values["score"]):
        yield f"line {number}: score {values['score']!r} is not between 0 and 100"


def _is_score(text: str) -> bool:
    try:
        score = Decimal(text)
    except InvalidOperation:
        return False
    return score.is_finite() and 0 <= score <= 100
