"""Days, numbers and texts as a page reads them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dgready.fields import LineField, LinesField, NumberField, TypedEmailField, WholeNumberField
from dgready.thai_date_field import ThaiDateField
from tests.factories import UserFactory


def test_two_digits_are_read_near_today() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    text = f"{tomorrow.day}/{tomorrow.month}/{(tomorrow.year + 543) % 100}"
    assert ThaiDateField().clean(text) == tomorrow


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
