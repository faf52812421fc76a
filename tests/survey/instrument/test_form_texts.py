"""What the head of a form's file gives to its texts: the years and days of the round, and the terms defined once."""

from __future__ import annotations

from datetime import date

import pytest

from dgready.localized_text import LocalizedText
from survey.instrument.check import check_instrument
from survey.instrument.placeholders import FormYear, form_year
from survey.instrument.spelling import spelling_warnings
from tests.trial import REAL, TRIAL

YEAR = FormYear(2568, date(2024, 6, 12), date(2025, 5, 30))


@pytest.mark.parametrize(
    ("typed", "th", "en"),
    [
        ("{year}", "2568", "2568"),
        ("{year-1}/{year+1}", "2567/2569", "2567/2569"),
        ("{fiscal}", "2568", "2568"),
        ("{from} – {to}", "12 มิถุนายน 2567 – 30 พฤษภาคม 2568", "12 June 2567 BE – 30 May 2568 BE"),
        ("พ.ศ. 2562", "พ.ศ. 2562", "พ.ศ. 2562"),
    ],
)
def test_a_placeholder_becomes_the_year_or_day_of_the_form(typed: str, th: str, en: str) -> None:
    assert YEAR.fill(LocalizedText(typed, typed)) == (LocalizedText(th, en), [])


def test_the_fiscal_year_of_an_autumn_is_the_next_one() -> None:
    autumn = form_year({"year": 2568, "period": {"from": "2024-10-01", "to": date(2025, 10, 1)}})
    assert autumn.fill(LocalizedText("{fiscal} {fiscal-1}")) == (LocalizedText("2569 2568"), [])


def test_no_year_of_the_real_form_is_typed_that_the_next_form_would_have_to_change() -> None:
    text = REAL.read_text(encoding="utf8").split("\nanswers:")[1]
    assert "2567 –" not in text
    assert "12 มิถุนายน" not in text
    assert "พ.ศ. 2568" not in text


def test_every_page_of_the_real_form_that_names_the_parent_department_says_what_that_means() -> None:
    compiled, faults = check_instrument(REAL.read_text(encoding="utf8"))
    assert compiled is not None, faults
    for section in compiled.sections:
        asked = [item.ask.th for item in compiled.items.values() if item.section == section.id]
        keys = {definition.key for definition in section.definitions}
        assert "province" in keys
        assert ("beyond" in keys) or not any("กรมต้นสังกัด" in ask for ask in asked), section.id


def test_doubtful_thai_is_a_warning_and_no_fault() -> None:
    text = TRIAL.read_text(encoding="utf8").replace("th: ช่องทางติดต่อ,", "th: ช่องทางอื่นๆ ทางเวปไซต์,", 1)
    assert spelling_warnings(TRIAL.read_text(encoding="utf8")) == []
    line = text.split("ช่องทางอื่นๆ")[0].count("\n") + 1
    assert [str(w) for w in spelling_warnings(text)] == [
        f"line {line}: T0: “ช่องทางอื่นๆ”: write “ช่องทางอื่น ๆ”",
        f"line {line}: T0: “เวปไซต์”: write “เว็บไซต์”",
    ]
    assert check_instrument(text)[1] == []
    assert spelling_warnings("a: [") == []
