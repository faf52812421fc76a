"""The security log: what it tells, to whom, how refusals are kept from filling it, and its files."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.actions import grant_role
from accounts.actions.log import record_account_event
from accounts.actions.log_chain import link_account_events
from accounts.actions.origins import new_origin
from accounts.models import AccountEvent, AccountLink, EventCount
from accounts.models.log import VERB_LABELS
from accounts.roles import Role
from accounts.security_log import actions
from accounts.security_log.kinds import DAILY_VERBS, SECURITY_VERBS
from demo.people import DEMO_PASSWORD, create_sample_people
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.people import People

pytestmark = pytest.mark.django_db
SIGN_IN, CENTRE = "/accounts/sign-in/", "/central/security-log/"
HOME = "192.0.2.7"


def sign_in(email: str, password: str = PASSWORD, address: str = HOME) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post(SIGN_IN, {"username": email, "password": password})
    return client


def as_admin(people: People, place: str = "") -> Client:
    client = Client(REMOTE_ADDR="203.0.113.1")
    client.force_login(people.who(Role.PROVINCE_ADMIN if place else Role.CENTRAL_ADMIN, place))
    return client


def page_of(client: Client, address: str = CENTRE, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def of_verb(verb: str) -> list[AccountEvent]:
    return list(AccountEvent.objects.filter(verb=verb).order_by("pk"))


def test_every_verb_of_it_has_words() -> None:
    assert set(SECURITY_VERBS) <= set(VERB_LABELS)
    assert set(DAILY_VERBS) <= set(SECURITY_VERBS)


def test_coming_and_going_is_told_with_way_and_address(people: People) -> None:
    client = sign_in(people.nobody.email)
    client.post("/accounts/sign-out/")
    came, went = of_verb("sign_in"), of_verb("sign_out")
    assert [(e.subject, e.came_from, e.data["after"]["way"]) for e in came] == [(people.nobody, HOME, "password")]
    assert [(e.by, e.came_from) for e in went] == [(people.nobody, HOME)]
    assert HOME not in str([e.data for e in (*came, *went)])
    link_account_events()
    assert set(AccountLink.objects.values_list("event", flat=True)) >= {came[0].pk, went[0].pk}  # in the chain


def test_refused_sign_ins_are_one_row_an_hour_and_address(people: People, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 1000
    email = people.nobody.email
    for _ in range(4):
        sign_in(email, "wrong")
    sign_in(email, "wrong", "192.0.2.8")
    for typed in ("my-secret-password", "other@example.org"):
        sign_in(typed, "wrong")
    for _ in range(3):
        sign_in(email, "wrong")
    told = [(e.subject, e.came_from, e.repeats.number) for e in of_verb("sign_in_refused")]
    assert told == [(people.nobody, HOME, 4), (people.nobody, "192.0.2.8", 1), (None, HOME, 2)]
    assert of_verb("sign_in_wait")[0].repeats.number == 3
    assert "my-secret-password" not in str(list(AccountEvent.objects.values_list("data", flat=True)))
    page = page_of(as_admin(people), kind="refused")
    assert "4 ครั้งในชั่วโมงนั้น" in page
    assert "ไม่ทราบบัญชี" in page


def test_made_up_accounts_that_knock_are_told(people: People, settings: Any) -> None:
    row = {"email": "s@example.org", "role": "secretariat", "first_name": "ก", "last_name": "ข"}
    create_sample_people(province=people.a, agencies=[], rows=[row])
    settings.DEMO = False
    sign_in("s@example.org", DEMO_PASSWORD)
    sign_in("s@example.org", "wrong")
    assert [len(of_verb(verb)) for verb in ("sign_in_sample", "sign_in_refused", "sign_in")] == [1, 1, 0]


def test_pages_that_are_not_theirs_are_counted_not_flooded(people: People) -> None:
    stranger = Client(REMOTE_ADDR=HOME)
    stranger.force_login(people.who(Role.COORDINATOR))
    for _ in range(5):
        assert stranger.get(CENTRE).status_code == 404
    assert stranger.get("/p/TH-92/people/").status_code == 404
    assert Client().get("/no-such-page/").status_code == 404
    (told,) = of_verb("page_refused")
    assert (told.subject, told.repeats.number, told.data["after"]["path"]) == (
        people.who(Role.COORDINATOR),
        6,
        CENTRE,
    )


def test_whoever_comes_from_everywhere_does_not_fill_it(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 3)
    for number in range(8):
        sign_in(people.nobody.email, "wrong", f"198.51.100.{number}")
    rest = of_verb("events_dropped")
    assert len(rest) == 1
    assert len(of_verb("sign_in_refused")) == 3
    assert rest[0].repeats.number + 3 == 8
    assert EventCount.objects.count() == 4


def test_a_province_sees_what_concerns_its_accounts_alone(people: People) -> None:
    here, there = people.who(Role.SECRETARIAT), people.who(Role.SECRETARIAT, "b")
    both = UserFactory(first_name="สองจังหวัด", last_name="")
    for province in (people.a, people.b):
        MembershipFactory(user=both, role=Role.COMMITTEE, province=province)
    centre = people.who(Role.CENTRAL_ADMIN)
    grant_role(by=centre, user=both, role=Role.SECRETARIAT, province=people.b)
    for user in (here, there, both, centre):
        sign_in(user.email)
    shown = {
        row["by_email"] or row["subject_email"] for row in exported(as_admin(people, "a"), "/p/TH-91/security-log/")
    }
    assert shown == {here.email, both.email, people.who(Role.PROVINCE_ADMIN).email}
    verbs = {row["verb"] for row in exported(as_admin(people, "a"), "/p/TH-91/security-log/")}
    assert "grant" not in verbs  # of the other province
    assert as_admin(people, "a").get("/p/TH-92/security-log/").status_code == 404
    assert as_admin(people, "a").get(CENTRE).status_code == 404
    everybody = {row["by_email"] for row in exported(as_admin(people), CENTRE)}
    assert {here.email, there.email, both.email, centre.email} <= everybody


def exported(client: Client, page: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(f"{page}export/csv/", query)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    keys = "at event by by_email subject subject_email province address times details verb number".split()
    return [dict(zip(keys, row, strict=True)) for row in rows[1:]]


def test_it_is_filtered_by_person_kind_day_and_address(people: People) -> None:
    governor, client = people.who(Role.GOVERNOR), as_admin(people)
    sign_in(governor.email, address="198.51.100.9")
    sign_in(people.nobody.email)
    sign_in(governor.email)

    def numbers(**query: str) -> list[str]:
        return [row["verb"] for row in exported(client, CENTRE, **query)]

    assert numbers(person=governor.email[:14], kind="sign_in") == ["sign_in", "sign_in"]
    assert numbers(address="198.51.100.9") == ["sign_in"]
    assert numbers(kind="roles") == []
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert numbers(since=tomorrow) == []
    assert client.get(CENTRE, {"address": "not-one"}).status_code == 422
    assert client.get(CENTRE, {"since": tomorrow, "until": timezone.localdate().isoformat()}).status_code == 422
    assert client.get(f"{CENTRE}export/exe/").status_code == 404


def test_its_files_hold_no_formula_and_are_told_themselves(people: People) -> None:
    evil = UserFactory(email="evil@example.org", first_name="＝cmd|' /C calc'!A0", last_name="")
    sign_in(evil.email)
    client = as_admin(people)
    (row,) = exported(client, CENTRE, kind="sign_in")
    assert row["by"].startswith("'＝")
    sheet = load_workbook(io.BytesIO(client.get(f"{CENTRE}export/xlsx/").content)).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
    (told,) = of_verb("export_log")
    assert (told.by, told.repeats.number) == (people.who(Role.CENTRAL_ADMIN), 2)


@pytest.mark.parametrize("size", [1, 3, 76])
def test_the_page_asks_as_little_whatever_it_holds(
    people: People, size: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(size):
        user = UserFactory()
        origin = new_origin(HOME, "Firefox")
        record_account_event(by=user, verb="sign_in", subject=user, province=people.a, origin=origin)
    client = as_admin(people)
    with django_assert_max_num_queries(10):
        page = client.get(CENTRE, {"person": "a"})
    assert page.content.count(b"<tr>") == 1 + min(size, 30)
    assert len(page.content) < 150_000


def test_the_command_writes_it_all(people: People) -> None:
    sign_in(people.nobody.email)
    today = timezone.localdate().isoformat()
    out = io.StringIO()
    call_command("accounts", "log", "--since", today, stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(row["verb"], row["subject_email"]) for row in rows] == [("sign_in", people.nobody.email)]
    table = io.StringIO()
    call_command("accounts", "log", "--since", today, "--format", "csv", "--kind", "sign_in", stdout=table)
    assert len(list(csv.reader(io.StringIO(table.getvalue())))) == 2
