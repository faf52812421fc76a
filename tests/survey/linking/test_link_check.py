"""The links from 2567 to 2568 and the command that checks a file of links."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring.scheme.load import parse_scheme
from survey.instrument.check import check_instrument
from survey.instrument.schema import CompiledInstrument
from survey.linking.figure_codes import read_figure_codes
from survey.linking.link_file import parse_links
from survey.linking.links import YearLinks
from survey.linking.registry import links_into
from survey.linking.wording import earlier_question_text
from tests.trial import REAL, ROOT

FILE = ROOT / "fixtures/links/2567-2568.yaml"
FIGURES = ROOT / "fixtures/benchmarks/2567.csv"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def form() -> CompiledInstrument:
    compiled, faults = check_instrument(read(REAL))
    assert compiled is not None, faults
    return compiled


@pytest.fixture(scope="module")
def links(form: CompiledInstrument) -> YearLinks:
    found, faults = parse_links(read(FILE), None, form, read_figure_codes(read(FIGURES)))
    assert faults == []
    assert found is not None
    return found


def run(path: Path, *more: str) -> str:
    out = StringIO()
    call_command("instrument", "links", "check", str(path), *more, stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The links with the form and the figures that lie beside them."""
    for name in ("links", "benchmarks"):
        shutil.copytree(ROOT / "fixtures" / name, tmp_path / name)
    (tmp_path / "instruments").mkdir()
    shutil.copy(REAL, tmp_path / "instruments")
    return tmp_path / "links" / FILE.name


def test_the_file_says_what_the_table_of_figures_says(links: YearLinks) -> None:
    with FIGURES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in ("question", "sub_pillar")]
    assert len(rows) > 150
    for row in rows:
        link = links.link_from(row["code"]) if row["kind"] == "question" else links.sub_pillar_from(row["code"])
        assert link is not None, row["code"]
        assert link.relation == row["relation"], row["code"]
        if row["kind"] == "sub_pillar":
            assert ";".join(link.new) == row["code_2568"]
        for code in filter(None, row["code_2568"].split(";")):
            assert any(q == code or code.startswith(f"{q}.") or q.startswith(f"{code}.") for q in link.new), code


def test_every_figure_that_has_a_field_is_about_one_of_its_question(links: YearLinks, form: CompiledInstrument) -> None:
    with FIGURES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "question" and row["code_2568"]]
    about = {(r["code"], r["option"]): _address(links, form, r["code"], r["option"]) for r in rows}
    assert about["1.1", "done"] == "P1.1=done"
    assert about["4.7", "e-consultation"] == "P4.6/P4.6.2/state=yes"
    assert about["6.2.1", "none"] == "P6.2.1=no", "named otherwise in this form"
    assert about["2.1.5.1", "yes"] is None, "two questions in one have no same answer"
    without = {code for (code, _option), address in about.items() if address is None}
    assert without == {"2.1.5.1", "2.1.5.2", "7.1.8"}


def _address(links: YearLinks, form: CompiledInstrument, code: str, option: str) -> str | None:
    link = links.link_from(code)
    assert link is not None
    return link.figure_address(option, form)


def test_sub_pillars_are_compared_as_the_scheme_says(links: YearLinks) -> None:
    scheme, _faults = parse_scheme(read(ROOT / "fixtures/schemes/dg-province-2568.v3.yaml"))
    assert scheme is not None
    same = {link.new[0]: link.old for link in links.sub_pillars if link.relation == "same"}
    assert same == scheme.earlier_codes[2567]


def test_the_form_finds_its_links_and_tells_them_in_a_line(form: CompiledInstrument) -> None:
    found = links_into(form)
    assert found is not None
    assert (found.year, found.published) == (2567, True)
    assert links_into(form) is found, "read once"
    assert earlier_question_text(found, "P2.1.4") == "ปี 2567: ข้อ 2.1.5.1, 2.1.5.2 (รวมจากหลายข้อ)"
    assert earlier_question_text(found, "P6.1.B") == "ปี 2567: ข้อ 6.1 (ปรับถ้อยคำหรือตัวเลือก)"
    assert earlier_question_text(found, "P8.1") == ""
    assert earlier_question_text(None, "P1.1") == ""


@pytest.mark.slow
def test_the_command_finds_no_fault_in_what_ships(db: None) -> None:
    assert "no faults (46 links)" in run(FILE)
    trial = ROOT / "tests/instruments/links/dg-trial-2570-2571.yaml"
    assert "no faults (11 links)" in run(trial)
    told = json.loads(run(FILE, "--format", "json"))
    assert (told["ok"], told["published"], told["to"]["year"], told["faults"]) == (True, True, 2568, [])
    assert {"from": ["1.5"], "to": [], "relation": "dropped", "comparable": False} in told["links"]


WRONG = [
    ("to: P1.3\n", "to: P1.33\n", "1.3: 'P1.33' is no question of the new form"),
    ('from: "4.5"', 'from: "4.6"', "4.6: no published figure has this code"),
    ("met: G2=yes", "met: G2=maybe", "3.1.1: 'G2=maybe' is no field of these questions in the new form"),
    ("met: G2=yes", "met: G3=yes", "3.1.1: 'G3=yes' is no field of these questions"),
    ("met: G2=yes", "meeting: G2=yes", "3.1.1: no published figure of 'meeting'"),
    ("P4.6/P4.6.2/state=yes", "P4.6/P4.6.9/state=yes", "4.7: 'P4.6/P4.6.9/state=yes' is no field"),
    ('from: "2.2", to: ["2.2", "2.3"]', 'from: "2.2", to: ["2.2", "2.9"]', "sub-pillar 2.2: '2.9' is no sub-pillar"),
    ("relation: merged", "relation: joined", "relation 'joined' is none of"),
    ("codes: published", "codes: own", "codes: 'own' is not 'published'"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_fault_is_told_with_its_line(form: CompiledInstrument, old: str, new: str, said: str) -> None:
    text = read(FILE)
    assert old in text
    found, faults = parse_links(text.replace(old, new, 1), None, form, read_figure_codes(read(FIGURES)))
    assert found is None
    line = text[: text.index(old)].count("\n") + 1
    (told,) = [fault for fault in faults if said in str(fault)]
    assert max(line - 8, 1) <= told.line <= line, told


def test_a_code_of_the_figures_that_is_left_out_is_told(db: None, folder: Path) -> None:
    text = read(folder)
    folder.write_text(text.replace("  - {from: 2.2.2, relation: dropped}\n", ""), encoding="utf-8")
    with pytest.raises(CommandError, match=r"2\.2\.2: nothing is said of this code of the published figures"):
        run(folder)
    folder.write_text("from: [\n", encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 fault\(s\)"):
        call_command("instrument", "links", "check", str(folder), "--format", "json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["ok"], told["faults"][0]["line"] > 0) == (False, True)
