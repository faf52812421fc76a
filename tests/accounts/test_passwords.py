"""Passwords that are guessed first are refused, each with its reason; others are not."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from accounts.roles import Role
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("dgready2568", "context"),
        ("DGReady-2569!", "context"),
        ("nongkhai2568", "context"),
        ("Nong Khai 2569", "context"),
        ("จังหวัดหนองคาย2568", "context"),
        ("pcio-dga-2025", "context"),
        ("sawasdee-dgready", "context"),
        ("password12345", "disguised"),
        ("P@ssw0rd2024!!", "disguised"),
        ("$unsh1ne!!99", "disguised"),
        ("monkeymonkey", "disguised"),
        ("!!!!football!!!!", "disguised"),
    ],
)
def test_guessed_first(people: People, password: str, code: str) -> None:
    people.a.name_th, people.a.name_en = "หนองคาย", "Nong Khai"
    people.a.save()
    with pytest.raises(ValidationError) as refused:
        validate_password(password, people.who(Role.SECRETARIAT))
    assert code in {fault.code for fault in refused.value.error_list}


@pytest.mark.parametrize(
    "password", ["another-long-word-9", "ปลาทู-ว่ายทวน-น้ำ", "correct horse battery", "หนองน้ำใสในฝนแรก"]
)
def test_others_are_taken(people: People, password: str) -> None:
    validate_password(password, people.who(Role.SECRETARIAT))


def test_the_form_says_the_rules_before_they_are_broken() -> None:
    assert {"ไม่ใช้ชื่อระบบ สถานที่ หน่วยงาน หรือปี"} <= set(password_validators_help_texts())
