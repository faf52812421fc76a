"""The date control and the other fields that read what is typed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from dgready.fields import LineField, LinesField, NumberField, TypedEmailField, WholeNumberField
from dgready.thai_date_field import ThaiDateField
from tests.factories import UserFactory

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


def test_two_digits_are_read_near_today() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    text = f"{tomorrow.day}/{tomorrow.month}/{(tomorrow.year + 543) % 100}"
    assert ThaiDateField().clean(text) == tomorrow


def test_a_template_has_the_control_without_a_form() -> None:
    page = Template('{% load typed %}{% day_input "since" day id="since" %}').render(Context({"day": DAY}))
    assert 'name="since"' in page
    assert "จันทร์ 7 ธันวาคม 2569" in page


@pytest.mark.django_db
def test_the_page_asks_what_a_day_means(client: Client) -> None:
    url = reverse("read_day")
    assert client.get(url, {"text": "1/1/69"}).status_code in (302, 401), "for people who are signed in"
    client.force_login(UserFactory())
    assert client.get(url, {"text": "7 ธ.ค. 2569"}).json() == {"words": "จันทร์ 7 ธันวาคม 2569", "day": "2026-12-07"}
    refused = client.get(url, {"text": "31/2/2569"})
    assert (refused.status_code, refused.json()) == (422, {"reason": "กุมภาพันธ์ 2569 มี 28 วัน"})
    assert client.get(url).status_code == 422


def test_numbers_are_read_and_an_unclear_one_is_asked_back() -> None:
    assert NumberField().clean("๑,๒๓๔.๕") == Decimal("1234.5")
    assert WholeNumberField().clean("１２３") == 123
    for field in (NumberField(), WholeNumberField()):
        with pytest.raises(ValidationError, match=r"หมายถึง 4\.5 หรือ 45 โปรด"):
            field.clean("4,5")
    with pytest.raises(ValidationError, match="ทศนิยมได้ไม่เกิน 2"):
        NumberField(decimal_places=2).clean("1.234")


def test_texts_and_addresses_are_clean() -> None:
    assert LineField().clean("\u2066สำนักงาน\t\x07ก\u2069") == "สำนักงาน ก"
    assert LinesField().clean("ก\r\nข\u200b\x00") == "ก\nข"
    assert TypedEmailField().clean("<A@Example.org>,\u200e") == "a@example.org"
    with pytest.raises(ValidationError, match="ตัวอักษรอังกฤษ"):
        TypedEmailField().clean("ก@คน.ไทย")


@given(st.text(max_size=40))
def test_no_text_crashes_a_form(text: str) -> None:
    form = OneDay({"day": text, "name": text})
    form.is_valid()
    form.as_p()
