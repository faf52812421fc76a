"""The date control and the other fields that read what is typed."""

from datetime import date

from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dgready.fields import LineField
from dgready.thai_date_field import ThaiDateField

DAY = date(2026, 12, 7)


class OneDay(forms.Form):
    day = ThaiDateField(label="วันที่")
    name = LineField(label="ชื่อ")


def test_a_day_is_typed_in_many_ways_and_said_back() -> None:
    for text in ("7/12/2569", "๗ ธ.ค. ๒๕๖๙", "7 ธันวาคม พ.ศ. 2569", "2026-12-07", "07122569"):
        form = OneDay({"day": text, "name": ""})
        assert form["day"].as_widget().count("จันทร์ 7 ธันวาคม 2569") == 1
        assert form.errors.keys() == {"name"}
        assert form.cleaned_data["day"] == DAY


def test_a_stored_day_stands_in_the_field_as_it_is_typed() -> None:
    page = OneDay(initial={"day": DAY})["day"].as_widget()
    assert 'value="7/12/2569"' in page
    assert "จันทร์ 7 ธันวาคม 2569" in page


def test_what_is_no_day_stays_in_the_field_with_the_reason() -> None:
    form = OneDay({"day": "31/2/2569", "name": "ก"})
    assert form.errors["day"] == ["กุมภาพันธ์ 2569 มี 28 วัน"]
    page = form["day"].as_widget(attrs={"class": "form-control is-invalid"})
    assert 'value="31/2/2569"' in page
    assert 'class="day-input is-invalid"' in page, "Bootstrap shows the error after it"
    with translation.override("en"):
        assert OneDay({"day": "x", "name": "ก"}).errors["day"][0].startswith("This is not a date")


def test_an_empty_control_says_how_to_type() -> None:
    page = OneDay()["day"].as_widget()
    assert "วัน/เดือน/ปี พ.ศ. เช่น" in page
    assert 'type="date"' not in page
    assert "style=" not in page
    assert "aria-describedby=" in page


def test_a_template_has_the_control_without_a_form() -> None:
    page = Template('{% load typed %}{% day_input "since" day id="since" %}').render(Context({"day": DAY}))
    assert 'name="since"' in page
    assert "จันทร์ 7 ธันวาคม 2569" in page


@given(st.text(max_size=40))
def test_no_text_crashes_a_form(text: str) -> None:
    form = OneDay({"day": text, "name": text})
    form.is_valid()
    form.as_p()
