"""Lists of people to invite: read as people write them, checked before anything happens, invited once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts import actions, tasks
from accounts.actions import RefusedError, lists
from accounts.actions.invitations import find_open_invitation
from accounts.lists.people_list import ParsedPeople, PeopleContext, PersonEntry, parse_people_list, split_name
from accounts.models import AccountEvent, AccountLetter, Invitation
from accounts.post import delivery
from accounts.roles import Role
from dgready.sheets.uploaded import read_uploaded_sheet
from tests.factories import UserFactory
from tests.people import People

CONTEXT = PeopleContext(
    roles={"ผู้ประสานงานหน่วยงาน": "coordinator", "coordinator": "coordinator", "กรรมการ": "committee", "ผู้ว่า": "governor"},
    grantable=frozenset({"coordinator", "committee"}),
    agency_roles=("coordinator",),
    agencies={"so": ("SO", True), "สำนักงานสถิติ": ("SO", True), "old": ("OLD", False)},
    today=date(2026, 11, 26),
    refused={"me@example.org": "self", "gone@example.org": "inactive"},
)


def parse(text: str, **changes: Any) -> ParsedPeople:
    sheet, faults = read_uploaded_sheet(text.encode(), settings.WORKBOOK_LIMITS, settings.READER_LIMITS)
    assert sheet is not None
    assert not faults
    return parse_people_list(sheet, replace(CONTEXT, **changes))


def test_a_table_below_its_title() -> None:
    parsed = parse(
        "รายชื่อผู้ประสานงาน,,,,\n"
        "ลำดับ,ชื่อ-นามสกุล,อีเมล,หน่วยงาน,ถึงวันที่\n"
        "1,นางสาว มาลี ใจดี,Mali@Example.org,สำนักงานสถิติ,30 ก.ย. 2570\n"
        "2,สมชาย ตัวอย่าง,<somchai@example.org>,SO,\n"
    )
    assert parsed.faults == []
    assert parsed.entries == [
        PersonEntry("mali@example.org", "coordinator", "SO", "นางสาวมาลี", "ใจดี", None, date(2027, 9, 30)),
        PersonEntry("somchai@example.org", "coordinator", "SO", "สมชาย", "ตัวอย่าง"),
    ]


@pytest.mark.parametrize(
    "text", ["มาลี ใจดี\tmali@example.org\tSO", "mali@example.org, มาลี, ใจดี, SO", "SO;mali@example.org;มาลี ใจดี"]
)
def test_pasted_lines_without_headings(text: str) -> None:
    assert parse(text).entries == [PersonEntry("mali@example.org", "coordinator", "SO", "มาลี", "ใจดี")]


def test_rows_that_say_nothing_take_what_was_chosen() -> None:
    parsed = parse("a@example.org\nb@example.org", default_role="committee")
    assert [e.role for e in parsed.entries] == ["committee", "committee"]
    parsed = parse("a@example.org\nb@example.org", default_role="coordinator", default_agency="SO")
    assert [e.agency for e in parsed.entries] == ["SO", "SO"]


@pytest.mark.parametrize(
    ("row", "ref", "words"),
    [
        ("x,กรรมการ,,,", "A2", "not an e-mail"),
        (",กรรมการ,,,", "A2", "missing"),
        ("a@example.org,เจ้าชาย,,,", "B2", "no role"),
        ("a@example.org,ผู้ว่า,,,", "B2", "may not grant"),
        ("a@example.org,,,,", "B2", "role is missing"),
        ("a@example.org,coordinator,,,", "C2", "agency of the coordinator"),
        ("a@example.org,,XX,,", "C2", "no agency"),
        ("a@example.org,,OLD,,", "C2", "is closed"),
        ("a@example.org,กรรมการ,,วันก่อน,", "D2", ""),
        ("a@example.org,กรรมการ,,2/1/2570,1/1/2570", "E2", "before the first"),
        ("me@example.org,กรรมการ,,,", "A2", "yourself"),
        ("gone@example.org,กรรมการ,,,", "A2", "deactivated"),
    ],
)
def test_each_fault_names_its_cell(row: str, ref: str, words: str) -> None:
    parsed = parse(f"อีเมล,บทบาท,หน่วยงาน,ตั้งแต่วันที่,ถึงวันที่\n{row}\n")
    assert parsed.entries == []
    assert [f.ref for f in parsed.faults] == [ref]
    assert words in parsed.faults[0].say.en
    assert parsed.faults[0].say.th


def test_the_same_person_twice_is_a_fault() -> None:
    parsed = parse("อีเมล,บทบาท\na@example.org,กรรมการ\nA@example.org,กรรมการ\n")
    assert [f.say.en for f in parsed.faults] == ["Row 2 already has this person and role"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("นาย สมชาย ใจดี", ("นายสมชาย", "ใจดี")),
        ("นายสมชาย ใจดี", ("นายสมชาย", "ใจดี")),
        ("Mr. John van Dyke", ("Mr. John", "van Dyke")),
        ("สมชาย", ("สมชาย", "")),
    ],
)
def test_a_title_stays_with_the_first_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


# -- the pages ------------------------------------------------------------------------------------


@pytest.fixture
def list_url(client: Client, people: People) -> str:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    return reverse("accounts:people-import", args=[people.a.code])


def rows(people: People) -> str:
    return (
        f"อีเมล\tชื่อ\tนามสกุล\tบทบาท\tหน่วยงาน\nmali@example.org\tมาลี\tใจดี\t\t{people.a1.code}\n"
        "som@example.org\tสม\tหวัง\tกรรมการ PCIO\t\n"
    )


def apply(client: Client, people: People, list_url: str, text: str) -> Any:
    seen = client.post(list_url, {"pasted": text})
    assert seen.status_code == 200
    assert not Invitation.objects.exists()
    return client.post(
        reverse("accounts:people-import-apply", args=[people.a.code]), {"signed": seen.context["signed"]}
    )


def test_seen_first_then_invited_with_names(
    client: Client, people: People, list_url: str, eager: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert apply(client, people, list_url, rows(people)).status_code == 302
    assert {m.to[0] for m in mail.outbox} == {"mali@example.org", "som@example.org"}
    [letter] = [m for m in mail.outbox if m.to == ["mali@example.org"]]
    assert "มาลี ใจดี" in letter.body
    sent = Invitation.objects.get(email="mali@example.org")
    assert (sent.full_name, sent.agency, sent.to_be_sent) == ("มาลี ใจดี", people.a1, False)
    assert sent.sent_at
    link = next(word for word in letter.body.split() if "/accounts/invitation/" in word)
    form = Client().get(link.removeprefix(settings.PUBLIC_URL)).context["form"]
    assert (form["first_name"].value(), form["last_name"].value()) == ("มาลี", "ใจดี")
    assert AccountEvent.objects.filter(verb="invite").count() == 2
    again = client.post(list_url, {"pasted": rows(people)})
    assert again.context["counts"] == {"invited": 2}
    assert again.context["moved"] == 0


def test_a_fault_stops_all_of_it(client: Client, people: People, list_url: str) -> None:
    seen = client.post(list_url, {"pasted": rows(people) + "nobody\t\t\t\t\n"})
    assert seen.status_code == 422
    assert "signed" not in seen.context
    assert "A4" in seen.content.decode()
    assert client.post(list_url, {}).status_code == 422


def test_what_was_signed_serves_its_person_and_place_only(client: Client, people: People, list_url: str) -> None:
    signed = client.post(list_url, {"pasted": rows(people)}).context["signed"]
    other = Client()
    other.force_login(people.who(Role.CENTRAL_ADMIN))
    for province in (people.a, people.b):
        url = reverse("accounts:people-import-apply", args=[province.code])
        assert other.post(url, {"signed": signed}).status_code == 409
    assert client.post(reverse("accounts:people-import-apply", args=[people.a.code]), {}).status_code == 409
    assert not Invitation.objects.exists()


def test_one_refusal_invites_nobody(people: People) -> None:
    by = people.who(Role.PROVINCE_ADMIN)
    entries = [PersonEntry("a@example.org", "committee"), PersonEntry("b@example.org", "coordinator", "gone")]
    with pytest.raises(RefusedError, match="gone"):
        lists.apply_people_list(by=by, province=people.a, entries=entries)
    assert not Invitation.objects.exists()


def test_a_queued_letter_is_sent_once_and_not_when_withdrawn(people: People) -> None:
    by = people.who(Role.PROVINCE_ADMIN)
    entries = [PersonEntry(f"p{n}@example.org", "committee") for n in range(3)]
    made = lists.apply_people_list(by=by, province=people.a, entries=entries)
    assert Invitation.objects.filter(to_be_sent=True).count() == 3
    actions.withdraw_invitation(by=by, invitation=made[0])
    for _n in range(2):
        tasks.send_letters()
    assert sorted(m.to[0] for m in mail.outbox) == ["p1@example.org", "p2@example.org"]
    assert not Invitation.objects.filter(to_be_sent=True).exists()


def test_sent_again_by_hand_the_earlier_letter_is_not_sent(people: People) -> None:
    by = people.who(Role.PROVINCE_ADMIN)
    [invitation] = lists.apply_people_list(
        by=by, province=people.a, entries=[PersonEntry("p@example.org", "committee")]
    )
    token = actions.resend_invitation(by=by, invitation=invitation)
    tasks.send_letters()
    [letter] = mail.outbox
    assert token in letter.body
    assert find_open_invitation(token)


def test_an_inactive_account_is_named_with_its_cell(client: Client, people: People, list_url: str) -> None:
    UserFactory(email="gone@example.org", is_active=False)
    seen = client.post(list_url, {"pasted": "อีเมล\tบทบาท\nGone@Example.org\tกรรมการ PCIO\n"})
    assert [(f.ref, f.say.en) for f in seen.context["faults"]] == [("A2", "The account of this address is deactivated")]


def test_many_letters_go_out_in_slices(people: People, eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BATCH_SIZE", 4)
    monkeypatch.setattr(tasks, "BATCH_SIZE", 4)
    by = people.who(Role.PROVINCE_ADMIN)
    entries = [PersonEntry(f"p{n}@example.org", "committee") for n in range(10)]
    lists.apply_people_list(by=by, province=people.a, entries=entries)
    tasks.resume_letters()
    assert len(mail.outbox) == len(entries)
    assert not Invitation.objects.filter(to_be_sent=True).exists()


def test_what_an_earlier_version_queued_is_sent(people: People) -> None:
    by = people.who(Role.PROVINCE_ADMIN)
    [invitation] = lists.apply_people_list(
        by=by, province=people.a, entries=[PersonEntry("p@example.org", "committee")]
    )
    AccountLetter.objects.all().delete()
    Invitation.objects.update(token_seed="", token_hash="0" * 64)
    tasks.send_letters()
    [letter] = mail.outbox
    link = next(word for word in letter.body.split() if "/accounts/invitation/" in word)
    assert find_open_invitation(link.rstrip("/").rpartition("/")[2]) == invitation


def test_the_template_reads_back(client: Client, people: People, list_url: str) -> None:
    response = client.get(reverse("accounts:people-import-template", args=[people.a.code]))
    book = load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    for column, value in enumerate(["mali@example.org", "มาลี", "ใจดี", "กรรมการ PCIO"], 1):
        sheet.cell(2, column, value)
    out = io.BytesIO()
    book.save(out)
    seen = client.post(list_url, {"file": SimpleUploadedFile("people.xlsx", out.getvalue())})
    assert [c.entry.email for c in seen.context["changes"]] == ["mali@example.org"]
