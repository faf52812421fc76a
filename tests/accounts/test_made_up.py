"""Accounts of a demonstration: no sign-in where there is none, and the deployment check names them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from accounts.made_up import made_up_users
from accounts.single_sign_on.linking import find_or_link_account
from demo.people import DEMO_PASSWORD, create_sample_people
from tests.people import People

pytestmark = pytest.mark.django_db
ROWS = [{"email": "s@example.org", "role": "secretariat", "first_name": "ก", "last_name": "ข"}]


def found(**options: Any) -> set[str]:
    checks = run_checks(include_deployment_checks=True)
    return {str(one.id) for one in checks if str(one.id).startswith("accounts.")}


def test_made_up_accounts_do_not_sign_in_outside_a_demonstration(people: People, settings: Any) -> None:
    settings.DEMO = False
    assert found() == set()
    create_sample_people(province=people.a, agencies=[], rows=ROWS)
    given = {"username": "s@example.org", "password": DEMO_PASSWORD}
    refused = Client().post("/accounts/sign-in/", given)
    assert refused.status_code == 422
    assert "อีเมลหรือรหัสผ่านไม่ถูกต้อง" in refused.content.decode()
    assert found() == {"accounts.E002"}
    settings.DEMO = True
    assert Client().post("/accounts/sign-in/", given).status_code == 302
    assert found() == {"accounts.E001"}
    settings.DEMO = False
    made_up_users().update(is_active=False)
    assert found() == set()


def test_a_sign_in_service_does_not_let_them_in_either(people: People, settings: Any) -> None:
    create_sample_people(province=people.a, agencies=[], rows=ROWS)
    identity = {"provider": "sso", "uid": "1", "email": "s@example.org"}
    settings.DEMO = False
    assert find_or_link_account(**identity) is None
    settings.DEMO = True
    assert find_or_link_account(**identity) is not None
    settings.DEMO = False
    assert find_or_link_account(**identity) is None
