"""What a release holds, what differs between two, and its open data, without a database."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from dgready.canonical import canonical_json
from dgready.localized_text import LocalizedText
from nation.facts.types import BlockKind, FactBlock, FactRow, NationalReport, Population
from nation.national.lines import without_hidden
from nation.national.stored import read_report
from nation.releases.changes import ChangeKind, compare_releases
from nation.releases.content import Json, figures_of, make_content, told_members
from nation.releases.method import describe_method
from nation.releases.open_data import COLUMNS, figure_rows, open_json, table_csv
from scoring.scheme.registry import get_scheme_for_instrument
from tests.nation.made_up_report import made_up_report
from tests.trial import REAL, form

METHOD: Json = {"rules": [], "form": {}, "pillars": {}, "scheme": None}


def content(report: NationalReport | None = None, groups: dict[str, dict[str, NationalReport]] | None = None) -> Json:
    told: Json = json.loads(canonical_json(make_content(report or made_up_report(), groups or {}, METHOD)))
    return told


def test_a_release_never_says_which_provinces_are_behind_a_figure() -> None:
    report = made_up_report(("TH-91", "TH-92", "TH-93"))
    text = json.dumps(content(report, {"region": {"north": report}}))
    assert "TH-9" not in text


def test_a_release_reads_back_as_the_report() -> None:
    report = without_hidden(made_up_report())
    assert read_report(content(report)).json() == read_report(report.json()).json()


def test_a_hidden_figure_is_not_in_the_file() -> None:
    row = FactRow("a", LocalizedText("ก"), count=2, percent=None, base=4711, hidden=True)
    block = FactBlock("x", BlockKind.ONE, "", LocalizedText("ข"), 4, 4, 4, (row,))
    told = content(NationalReport(Population(2570), ("TH-91",) * 4, 4, (block,)))
    assert "4711" not in json.dumps(told)
    assert told["blocks"][0]["rows"][0]["count"] is None


@pytest.mark.parametrize(
    ("whole", "sizes", "told"),
    [
        (10, {"a": 5, "b": 5}, {"a", "b"}),
        (10, {"a": 2, "b": 8}, set()),  # 10 − 8 would tell of a
        (12, {"a": 2, "b": 3, "c": 7}, {"c"}),  # 12 − 10 would tell of a; with b left out nobody can tell them apart
        (10, {"a": 1, "b": 2, "c": 7}, {"c"}),
        (10, {"a": 4, "b": 5}, {"b"}),  # one province in no group: it is told together with a
        (7, {"a": 0, "b": 7}, {"b"}),
    ],
)
def test_no_small_group_can_be_computed_from_the_others(whole: int, sizes: dict[str, int], told: set[str]) -> None:
    assert told_members(whole, sizes) == told


def test_every_changed_figure_is_in_the_changelog() -> None:
    before = content()
    after = json.loads(json.dumps(before))
    changed = [row for block in after["blocks"] for row in block["rows"] if row["count"] is not None]
    changed[0]["count"] += 1
    changed[-1]["percent"] = "99.99"
    gone = after["blocks"].pop(0) if changed[0] not in after["blocks"][0]["rows"] else after["blocks"].pop(1)
    changes = compare_releases(before, after)
    kinds = [change.kind for change in changes.national]
    assert kinds.count(ChangeKind.CHANGED) == 2 - any(changed[-1] is row for row in gone["rows"])
    assert kinds.count(ChangeKind.REMOVED) == sum(1 + len(row.get("parts", ())) for row in gone["rows"])
    assert not compare_releases(before, before)


def test_the_changelog_counts_groups_and_tells_of_method_and_scores() -> None:
    report = made_up_report(("TH-91", "TH-92", "TH-93"))
    before = content(report, {"region": {"north": report}})
    after = content(report, {})
    changes = compare_releases(before, {**after, "method": {}, "scores": []})
    assert changes.national == ()
    assert changes.in_groups == sum(figure.group != "" for figure in figures_of(before))
    assert (changes.scores, changes.method) == (True, True)


def test_csv_and_json_tell_every_figure_and_no_formula() -> None:
    evil = LocalizedText("=HYPERLINK(1)", "=1+1")
    report = made_up_report()
    block = replace(report.blocks[0], key="examples.x", title=evil, rows=(FactRow("1", LocalizedText("@x", "-1")),))
    told = content(replace(report, blocks=(*report.blocks, block)))
    table = list(csv.DictReader(io.StringIO(table_csv(COLUMNS, figure_rows(told, "1.0")).decode("utf-8-sig"))))
    figures = list(figures_of(told))
    assert len(table) == len(figures)
    for row, figure in zip(table, figures, strict=True):
        assert row["count"] == ("" if figure.told["count"] is None else str(figure.told["count"]))
        assert row["percent"] == (figure.told["percent"] or "")
        assert (row["block"], row["n"]) == (figure.block["key"], str(figure.block["n"]))
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "@", "+"))]
    whole = open_json(told, {"version": "1.0"})
    assert whole["licence"]["name"].startswith("Creative Commons")
    assert {row["key"] for row in whole["dictionary"]} >= {*COLUMNS, *(block["key"] for block in told["blocks"])}


def test_the_method_tells_weights_with_their_origin() -> None:
    instrument = form(REAL)
    loaded = get_scheme_for_instrument(instrument)
    told = describe_method(instrument, loaded.scheme, loaded.checksum)["scheme"]
    weights = {row["code"]: row for row in told["weights"]}
    assert weights["1"]["origin"] == "official"
    assert weights["1.1"]["origin"] == "assumed"
    assert sum(float(row["weight"]) for row in told["weights"] if row["kind"] == "pillar") == 100
    assert told["levels"]["origin"] == "estimated"
    assert told["origins"]["assumed"] > 0
