"""Where events came from is known for a while, then by nobody; the log verifies all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions.log_chain import link_account_events
from accounts.models import AccountEvent, EventCount, EventOrigin, SignIn
from accounts.security_log.actions import record_file
from accounts.security_log.forgetting import FORGET_VERB, forget_addresses
from dgready.environment import at_least
from survey.verifying.log_chain import log_chain_faults
from tests.accounts.security_log.test_log import CENTRE, HOME, as_admin, page_of, sign_in
from tests.people import People

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/116.0"


def faults() -> list[tuple[str, str]]:
    return [(fault.code, fault.subject) for fault in log_chain_faults()]


def everything() -> str:
    """All that the tables of the log hold, as text."""
    tables = (AccountEvent, EventOrigin, EventCount, SignIn, AccessLog)
    return str([list(table.objects.values()) for table in tables])


@pytest.fixture
def people_who_came(people: People, settings: Any, rf: Any) -> People:
    """One who signed in by name of browser, one who was refused, one who took a file that holds everything."""
    settings.LOG_ADDRESS_DAYS = 100
    Client(REMOTE_ADDR=HOME, HTTP_USER_AGENT=BROWSER).post(
        "/accounts/sign-in/", {"username": people.nobody.email, "password": "another-long-word-9"}
    )
    sign_in(people.nobody.email).post("/accounts/sign-out/")
    request = rf.get("/", REMOTE_ADDR="203.0.113.44")
    record_file(request=request, by=people.nobody, verb="export_file", what="journal", province=people.a)
    link_account_events()
    return people


def test_they_are_read_until_their_days_are_over(people_who_came: People) -> None:
    admin, now = as_admin(people_who_came), timezone.now()
    assert forget_addresses(now + timedelta(days=99)) == 0
    assert b">192.0.2.7<" in admin.get(CENTRE, {"address": HOME}).content
    assert faults() == []
    key = EventCount.objects.get(event__verb="sign_in_refused").key
    number = EventOrigin.objects.count()
    assert number >= 3
    assert forget_addresses(now + timedelta(days=101)) == number
    link_account_events()
    assert faults() == []
    assert HOME not in everything()
    assert "Firefox" not in everything()
    assert key not in everything(), "a hash of few possible addresses tells the address"
    assert "203.0.113.44" in page_of(admin, kind="exports"), "who took everything away is not forgotten"
    assert "sign_in" in str(list(AccountEvent.objects.values_list("verb", flat=True)))
    told = AccountEvent.objects.get(verb=FORGET_VERB).data["after"]
    assert told["number"] == number
    assert f"{number} รายการ" in page_of(admin, kind="keeping")
    assert forget_addresses(now + timedelta(days=101)) == 0


def test_other_tables_forget_too(people_who_came: People) -> None:
    now = timezone.now()
    assert AccessLog.objects.exists() or AccessLog.objects.create(ip_address=HOME, user_agent=BROWSER, attempt_time=now)
    SignIn.objects.create(user=people_who_came.nobody, session_key="gone", address=HOME, browser=BROWSER)
    alive = Session.objects.create(session_key="alive", session_data="", expire_date=now + timedelta(days=200))
    SignIn.objects.create(user=people_who_came.nobody, session_key=alive.pk, address="192.0.2.9")
    forget_addresses(now + timedelta(days=101))
    assert not AccessLog.objects.exists()
    assert [row.session_key for row in SignIn.objects.all()] == ["alive"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_eventorigin SET address = '192.0.2.250'", "DELETE FROM accounts_eventorigin"],
    ids=["edited", "taken out before its time"],
)
def test_what_somebody_changed_by_hand_is_found(people_who_came: People, statement: str) -> None:
    (event,) = AccountEvent.objects.filter(verb="sign_out")
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE event_id = %s", [event.pk])
    assert faults() == [("log.origin", "sign_out")]
    forget_addresses(timezone.now() + timedelta(days=101))
    link_account_events()
    assert faults() == []


def test_ninety_days_are_the_least() -> None:
    assert at_least("LOG_ADDRESS_DAYS", 90, 90) == 90
    with pytest.raises(ImproperlyConfigured, match="LOG_ADDRESS_DAYS is 0; it must be at least 90"):
        at_least("LOG_ADDRESS_DAYS", 0, 90)
