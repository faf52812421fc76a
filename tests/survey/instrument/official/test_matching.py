"""A paper form is matched place by place; another form is not."""

from pathlib import Path

import pytest

from survey.instrument.check import check_instrument_data
from survey.instrument.official.matching import MatchState, OfficialMatch, match_official_text
from survey.instrument.official.paper import normalise_code, read_paper
from survey.instrument.official.places import OfficialPlace, sought_places
from survey.instrument.official.report import match_as_json, report_lines
from survey.instrument.official.shown import OfficialTexts, OfficialTextShown, same_wording
from survey.instrument.official.vocabulary import thai_runs
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import read_yaml
from tests.survey.instrument.official.printed import BOX, DEFINITION, NOTE, printed_form

TRIAL = Path(__file__).parents[3] / "instruments" / "dg-trial-2570.yaml"


def _words() -> set[str]:
    """The words between the spaces and signs of the made-up form and of what the paper adds."""
    compiled = check_instrument_data(read_yaml(TRIAL.read_text(encoding="utf8")))[0]
    assert compiled
    text = printed_form(compiled).replace("หลกัฐาน", " ") + " หลักฐาน แนบ เอกสาร คำถามที่แบบนี้ไม่มี"
    return {word for start, end in thai_runs(text) for word in text[start:end].split()}


WORDS = _words()


@pytest.fixture(scope="module")
def trial() -> CompiledInstrument:
    """The made-up form."""
    compiled, faults = check_instrument_data(read_yaml(TRIAL.read_text(encoding="utf8")))
    assert compiled, faults
    return compiled


@pytest.fixture(scope="module")
def match(trial: CompiledInstrument) -> OfficialMatch:
    """The made-up form matched with its own paper."""
    return match_official_text(trial, printed_form(trial), WORDS)


def texts(match: OfficialMatch) -> dict[OfficialPlace, str]:
    return {w.place: w.text for w in match.wordings}


def test_every_place_gets_its_own_words(trial: CompiledInstrument, match: OfficialMatch) -> None:
    found = texts(match)
    assert match.is_enough
    assert not match.missing
    for place in sought_places(trial):
        if place.place.kind == "question" and place.code:
            assert found[place.place].startswith(place.label), place
        elif place.place.kind in ("option", "row"):
            assert place.label.split("(")[0].strip() in found[place.place], place


def test_notes_and_definitions_have_their_places(trial: CompiledInstrument, match: OfficialMatch) -> None:
    found = texts(match)
    assert found[OfficialPlace("note", "T1")] == NOTE
    assert found[OfficialPlace("definition", "1.1")] == DEFINITION
    assert all(OfficialPlace("definition", s.id) in found for s in trial.sections if s.items)


def test_broken_words_are_mended(match: OfficialMatch) -> None:
    assert "หลักฐาน" in texts(match)[OfficialPlace("option", "T1", "done")]
    assert not any("หลกั" in w.text for w in match.wordings)
    assert match.mended > 10


def test_another_form_is_refused(trial: CompiledInstrument) -> None:
    paper = printed_form(trial)
    half = match_official_text(trial, paper[: len(paper) // 2], WORDS)
    assert not half.is_enough
    assert not match_official_text(trial, "", WORDS).is_enough
    assert not match_official_text(trial, "จดหมายถึงเพื่อน\n" * 50, WORDS).is_enough


def test_the_same_codes_with_other_questions_are_refused(trial: CompiledInstrument) -> None:
    lines = []
    for number, place in enumerate(sought_places(trial)):
        head = f"{place.code} " if place.code else f"{BOX} "
        lines += [f"{head}zz yy {number} xx ww", ""]
    assert not match_official_text(trial, "\n".join(lines), WORDS).is_enough


def test_the_report_says_what_is_missing_and_foreign(trial: CompiledInstrument) -> None:
    paper = printed_form(trial).replace(f"{BOX} ช่วงค่ำ (แนบเอกสารหลกัฐาน)", "")
    match = match_official_text(trial, paper + "\n\nT99 คำถามที่แบบนี้ไม่มี\n", WORDS)
    report = match_as_json(match)
    assert match.is_enough
    assert report["missing"] == 1
    entry = next(e for e in report["questions"]["T2"] if e["state"] == MatchState.MISSING)
    assert (entry["kind"], entry["item"], entry["part"]) == ("option", "T2", "evening")
    assert [f["code"] for f in report["foreign"]] == ["t99"]
    lines = "\n".join(report_lines(match))
    assert "missing option T2 evening" in lines
    assert "foreign, in the text only: 1" in lines


def test_codes_are_read_through_the_papers_mistakes() -> None:
    assert {normalise_code(c) for c in ("P2.1.4", "P. 2.1.4", "P.2.1.4", "P2. 1.4")} == {"p2-1-4"}
    segments = read_paper("P1. 7 หนึ่ง\n\n\uf081 ไม่มี  \uf081 มี\n 8.4.2. สอง\nต่อบรรทัด\n")
    assert [(s.code, s.number, s.box, s.text) for s in segments] == [
        ("p1-7", "", False, "หนึ่ง"),
        ("", "", True, "ไม่มี"),
        ("", "", True, "มี"),
        ("", "8.4.2", False, "สองต่อบรรทัด"),
    ]


def test_ours_is_left_out_where_it_says_the_same(trial: CompiledInstrument) -> None:
    assert same_wording("มีแผนแล้ว", "มีแผน แล้ว (แนบเอกสารหลักฐาน)")
    assert not same_wording("มีแผนแล้ว", "มีแผนงานแล้ว")
    item = trial.items["T1"]
    shown = OfficialTexts(
        {
            OfficialPlace("question", "T1"): OfficialTextShown("จังหวัดของท่านมีแผนฆฌหรือไม่", ((18, 20),)),
            OfficialPlace("option", "T1", "none"): OfficialTextShown("ไม่มีแผน (โปรดระบุ …)"),
            OfficialPlace("option", "T1", "doing"): OfficialTextShown("อยู่ระหว่างจัดทำ"),
        }
    )
    assert list(shown.of_question(item)[0].pieces()) == [
        ("จังหวัดของท่านมีแผน"[:18], False),
        (("จังหวัดของท่านมีแผนฆฌหรือไม่")[18:20], True),
        (("จังหวัดของท่านมีแผนฆฌหรือไม่")[20:], False),
    ]
    assert [t.label for t in shown.of_options(item, item.options)] == ["กำลังจัดทำ"]
    assert shown.definition("1.1") is None
