"""Open data: every answer of the form, its scores and its dictionary, and nothing that a person typed as text."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from django.core.management import call_command

from reports.open_data import COLUMNS
from survey.instrument.queries import compiled_instrument
from tests.flow import Flow

WHERE = ["--province", "TH-91", "--year", "2570"]


def test_csv_and_json_say_the_same_and_nothing_personal(filled: Flow, tmp_path: Path) -> None:
    for name in ("a.csv", "a.json"):
        call_command("export", "open", *WHERE, "--out", str(tmp_path / name))
    told = json.loads((tmp_path / "a.json").read_text())
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{key: str(value) for key, value in row.items()} for row in told["data"]]
    by_id = {row["id"]: row for row in rows}
    assert (by_id["T1"]["value"], by_id["T1.1"]["value"], by_id["T6"]["value"]) == ("none", "given", "1")
    assert by_id["T0.mail"]["value"] == "given"
    assert [row["id"] for row in rows if row["kind"] == "score"][:2] == ["total", "1"]
    everything = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("a*"))
    for personal in ("office@example.org", "ยังไม่มีงบประมาณ", "หลักสูตรตัวอย่าง", "หลักสูตร.pdf"):
        assert personal not in everything


def test_the_dictionary_explains_every_row_and_value(filled: Flow, tmp_path: Path) -> None:
    call_command("export", "open", *WHERE, "--out", str(tmp_path / "a.json"))
    told = json.loads((tmp_path / "a.json").read_text())
    assert [row["id"] for row in told["dictionary"] if row["subject"] == "column"] == list(COLUMNS)
    assert list(told["data"][0]) == list(COLUMNS)
    items = {row["id"] for row in told["dictionary"] if row["subject"] == "item"}
    instrument = compiled_instrument(filled.round.instrument)
    assert {item.id for item in instrument.items.values() if not item.own} <= items
    options = {(row["id"], row["option"]) for row in told["dictionary"] if row["subject"] == "option"}
    assert ("T1", "none") in options
