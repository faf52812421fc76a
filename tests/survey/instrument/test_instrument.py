"""The 2568 instrument, the made-up year, and what `check` finds."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.published_json import instrument_json
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import read_yaml, to_plain_data
from survey.models import Instrument as Row
from survey.models import Question

ROOT = Path(__file__).parents[3]
REAL = ROOT / "fixtures/instruments/dg-province-2568.v2.yaml"
TRIAL = ROOT / "tests/instruments/dg-trial-2570.yaml"


def loaded(path: Path) -> CompiledInstrument:
    instrument, faults = check_instrument(path.read_text(encoding="utf8"))
    assert not faults
    assert instrument is not None
    return instrument


@pytest.fixture(scope="module")
def real() -> CompiledInstrument:
    return loaded(REAL)


def test_size_of_the_form(real: CompiledInstrument) -> None:
    """Domain §2: 33 top-level questions, 7 tables with 56 rows, 22 repeats at maximum, 10 printed skips."""
    top = [i for i in real.items.values() if i.parent is None and i.section != "cover"]
    assert Counter(i.id[:2] if i.id[0] == "P" else "G" for i in top) == {
        "G": 4, "P1": 7, "P2": 4, "P3": 1, "P4": 6, "P5": 3, "P6": 3, "P7": 1, "P8": 4,
    }  # fmt: skip
    tables = [i for i in real.items.values() if i.kind == "table"]
    assert (len(tables), sum(len(t.answer_rows) for t in tables)) == (7, 56)
    repeats = [i for i in real.items.values() if i.kind == "repeat"]
    nested = [r for r in repeats if r.repeat]
    assert len(repeats) - len(nested) + sum(real.items[r.repeat or ""].max_rows or 0 for r in nested) == 22
    assert sum(o.skip_to is not None for i in real.items.values() for o in i.options) == 10


def test_oddities_of_the_paper(real: CompiledInstrument) -> None:
    """Domain §2: sub-pillars are told apart from question numbers, codes may repeat, G4 is not scored."""
    assert real.items["P4.3"].sub_pillar == "4.1.2"
    assert real.items["P4.5.1"].sub_pillar == "4.3"
    assert real.items["P3.1"].sub_pillar == "3.2"
    assert real.items["G1"].sub_pillar == "3.1"
    assert not real.items["G4"].scored
    assert not real.items["P8.1"].scored
    assert real.items["G1"].scored
    assert [i.code for i in (real.items["P4.2.2.3"], real.items["P4.2.2.3.of"])] == ["P4.2.2.3"] * 2
    assert Counter(i.code for i in real.items.values())["P5.3.1.1"] == 2


def test_json_contract(real: CompiledInstrument) -> None:
    data = instrument_json(real)
    keys = (
        "id code pillar sub_pillar parent kind required scored evidence min_rows max_rows options rows columns shown_if"
    )
    assert all(set(keys.split()) <= set(item) for item in data["items"])
    assert sum(len(item["rows"]) for item in data["items"]) == 56
    ids = [item["id"] for item in data["items"]]
    assert len(ids) == len(set(ids))
    seen: set[str] = set()
    for item in data["items"]:
        assert item["parent"] is None or item["parent"] in seen
        seen.add(item["id"])
        assert all(set(option["opens"]) <= set(ids) for option in item["options"])
    json.dumps(data, ensure_ascii=False)


def test_skip_hides_what_lies_between(real: CompiledInstrument) -> None:
    values = {"G1": "no", "G2": "yes", "G4": "yes"}
    path = resolve_path(real, values)
    assert {"G2", "G3"} <= set(path.off)
    assert "G4" in path.on_items
    assert "G2" not in path.values
    assert path.values["G4"] == "yes"
    back = resolve_path(real, {**values, "G1": "yes"})
    assert back.values["G2"] == "yes"


def test_url_may_stand_for_the_file(real: CompiledInstrument) -> None:
    url = real.items["P2.2.1.1"].or_url["done"]
    place = resolve_path(real, {"P2.2.1.1": "done"}).places["P2.2.1.1=done"]
    assert (place.need, place.url) == ("or_url", url)


def test_nested_repeats() -> None:
    trial = loaded(TRIAL)
    nested = next(i for i in trial.items.values() if i.kind == "repeat" and i.repeat)
    outer = trial.items[nested.repeat or ""]
    values: dict[str, Any] = {outer.id: ["ra"], f"{outer.id}#ra/{nested.id}": ["rb"]}
    inner = nested.items[0]
    path = resolve_path(trial, values)
    if nested.opened_by is None:
        assert f"{outer.id}#ra/{nested.id}#rb/{inner.id}" in path.fields


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: G2\n", "id: G1\n", "already used"),
        ("skip_to: G4", "skip_to: G0", "not a later item"),
        ("answers: none_doing_done_exempt", "answers: nothing", "unknown answer set"),
        ("- id: P1.1\n", "- id: P1.1\n        colour: red\n", "unknown key"),
        ("kind: table", "kind: tabel", "unknown kind"),
    ],
)
def test_check_names_the_place(old: str, new: str, message: str) -> None:
    text = REAL.read_text(encoding="utf8")
    assert old in text
    broken = text.replace(old, new, 1)
    instrument, faults = check_instrument(broken)
    assert instrument is None
    found = [f for f in faults if message in f.message]
    assert found
    line = text[: text.index(old)].count("\n") + 1
    assert any(0 <= line - f.line <= 12 or f.line - line in (0, 1, 2) for f in found)


def test_check_lists_all_faults_in_one_run() -> None:
    text = REAL.read_text(encoding="utf8").replace("kind: table", "kind: tabel").replace("id: G2\n", "id: G1\n", 1)
    faults = check_instrument(text)[1]
    assert {"unknown kind", "id already"} <= {
        f.message[:12].strip() if "kind" in f.message else f.message[:10] for f in faults
    }


def test_conditions_look_backwards_and_at_known_options() -> None:
    text = TRIAL.read_text(encoding="utf8")
    data = read_yaml(text)
    first = data["sections"][0]["items"][0]
    last = [i for s in data["sections"] for i in s["items"]][-1]
    first["when"] = {"in": [{"answer": last["id"]}, ["x"]]}
    from survey.instrument.check import check_instrument_data

    messages = [f.message for f in check_instrument_data(data)[1]]
    assert any("not earlier" in m for m in messages)
    assert any("lacks" in m for m in messages) or last.get("kind") not in ("single", "multi")


def test_unreachable_item_is_a_fault() -> None:
    item = {"id": "Z1", "kind": "single", "ask": {"th": "ก"}}
    inner = {"id": "Z2", "kind": "text", "ask": {"th": "ข"}, "when": {"in": [{"answer": "Z1"}, ["no"]]}}
    item["options"] = [
        {"key": "no", "label": {"th": "ไม่"}},
        {"key": "yes", "label": {"th": "ใช่"}, "then": [inner]},
    ]
    data = read_yaml(TRIAL.read_text(encoding="utf8"))
    data["sections"][0]["items"].append(item)
    from survey.instrument.check import check_instrument_data

    assert any("never be reached" in f.message for f in check_instrument_data(data)[1])


@pytest.mark.django_db
def test_load_is_idempotent_and_published_is_frozen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("instrument", "load", str(TRIAL), "--publish")
    row = Row.objects.get(year=2570)
    assert row.published_at
    assert Question.objects.filter(instrument=row).count() == len(loaded(TRIAL).questions)
    before = list(Question.objects.values_list("pk", flat=True))
    call_command("instrument", "load", str(TRIAL))
    assert "already loaded" in capsys.readouterr().out
    assert before == list(Question.objects.values_list("pk", flat=True))
    changed = tmp_path / "x.yaml"
    changed.write_text(TRIAL.read_text(encoding="utf8").replace('title: {th: "', 'title: {th: "x', 1), encoding="utf8")
    with pytest.raises(CommandError, match="new version"):
        call_command("instrument", "load", str(changed))


@pytest.mark.django_db
def test_show_prints_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("instrument", "load", str(REAL), "--publish")
    capsys.readouterr()
    call_command("instrument", "show", "2568", "--format", "json")
    data = json.loads(capsys.readouterr().out)
    assert data["year"] == 2568
    assert data["version"] == 2
    assert len(data["items"]) > 250
    call_command("instrument", "show", "2568")
    assert "P8.4" in capsys.readouterr().out


def test_plain_data_survives_json() -> None:
    data = to_plain_data(read_yaml(REAL.read_text(encoding="utf8")))
    assert json.loads(json.dumps(data)) == data
