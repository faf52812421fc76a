"""Control characters get into no name and no subject, whichever way they come."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, tasks
from accounts.actions import lists
from accounts.lists.agency_list import AgencyEntry
from accounts.lists.people_list import PersonEntry
from accounts.models import Agency, Invitation, Province, User
from accounts.models.places import AgencyKind
from accounts.roles import Role
from dgready.typed.characters import clean_line
from survey.models import CommitteeMember, CommitteeOrder, Letter
from survey.notices import delivery, letters
from tests.people import People

HOSTILE = "ชื่อ\r\nBcc: x@example.org\x00\x0b\u202e\u2028ท้าย"
CLEAN = clean_line(HOSTILE)
WAYS: dict[str, Callable[[People], object]] = {}


def way(function: Callable[[People], object]) -> Callable[[People], object]:
    """Registers a way in."""
    WAYS[function.__name__] = function
    return function


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@way
def profile_form(people: People) -> None:
    names = {"first_name": HOSTILE, "last_name": HOSTILE, "language": "th"}
    assert signed_in(people.nobody).post(reverse("accounts:profile"), names).status_code == 302


@way
def invitation_form(people: People) -> None:
    _row, token = actions.invite_user(by=None, email="n@example.org", role=Role.COMMITTEE, province=people.a)
    names = {"first_name": HOSTILE, "last_name": HOSTILE, "password1": "long-word-9-x", "password2": "long-word-9-x"}
    assert Client().post(reverse("accounts:invitation", args=[token]), names).status_code == 302


@way
def people_sheet(people: People) -> None:
    entry = PersonEntry("n@example.org", "committee", first_name=HOSTILE, last_name=HOSTILE)
    lists.apply_people_list(by=people.who(Role.PROVINCE_ADMIN), province=people.a, entries=[entry])


@way
def agency_form(people: People) -> None:
    values = {"code": "NEW", "name_th": HOSTILE, "name_en": HOSTILE, "kind": AgencyKind.OTHER}
    address = reverse("accounts:agency-new", args=[people.a.code])
    assert signed_in(people.who(Role.PROVINCE_ADMIN)).post(address, values).status_code == 302


@way
def agency_sheet(people: People) -> None:
    entry = AgencyEntry("NEW", HOSTILE, HOSTILE)
    lists.apply_agency_list(by=people.who(Role.PROVINCE_ADMIN), province=people.a, entries=[entry])


@way
def admin_command(people: People) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        patched.setattr("accounts.management.commands.create_admin.getpass", lambda prompt: "another-long-word-9")
        call_command("create_admin", email="n@example.org", first_name=HOSTILE, last_name=HOSTILE)


@way
def province_command(people: People) -> None:
    file = Path(people.folder) / "p.yaml"  # type: ignore[attr-defined]
    file.write_text('- {code: TH-99, name_th: "ก\\r\\nข", name_en: "a\\x0bb", region: north}\n', encoding="utf-8")
    call_command("load_provinces", str(file))


@way
def bulk_writes(people: People) -> None:
    User.objects.filter(pk=people.nobody.pk).update(first_name=HOSTILE, last_name=HOSTILE)
    Agency.objects.bulk_create([Agency(province=people.a, code="NEW", name_th=HOSTILE, name_en=HOSTILE)])
    Province.objects.filter(pk=people.b.pk).update(name_th=HOSTILE)


@way
def committee_rows(people: People) -> None:
    today = timezone.localdate()
    made = {"by": people.nobody, "at": timezone.now()}
    dates = {"signed_on": today, "starts_on": today}
    order = CommitteeOrder.objects.create(province=people.a, number=HOSTILE, **dates, **made)
    CommitteeMember.objects.create(order=order, post=HOSTILE, office=HOSTILE, name=HOSTILE, starts_on=today)


NAMES = {
    User: ("first_name", "last_name"),
    Invitation: ("first_name", "last_name"),
    Agency: ("name_th", "name_en"),
    Province: ("name_th", "name_en"),
    CommitteeOrder: ("number",),
    CommitteeMember: ("post", "office", "name"),
}


@pytest.mark.parametrize("name", WAYS)
def test_every_way_in(people: People, tmp_path: Path, name: str) -> None:
    object.__setattr__(people, "folder", tmp_path)
    WAYS[name](people)
    stored = [
        value
        for model, fields in NAMES.items()
        for row in model._default_manager.values_list(*fields)  # type: ignore[attr-defined]
        for value in row
    ]
    assert [value for value in stored if value != clean_line(value)] == []
    assert any("Bcc" in value or value in ("ก ข", "ab", "a b") for value in stored)


def test_an_instance_shows_what_is_stored(people: People) -> None:
    user = people.nobody
    user.first_name = HOSTILE
    user.save()
    assert user.first_name == CLEAN == User.objects.get(pk=user.pk).first_name
    user.first_name = HOSTILE
    user.full_clean(exclude=["password"])
    assert user.first_name == CLEAN


def test_what_stands_in_old_rows_does_not_get_into_headers(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "get_full_name", lambda self: HOSTILE)
    monkeypatch.setattr(Invitation, "full_name", HOSTILE)
    context = {"text": f"{HOSTILE}", "place": HOSTILE}
    letter = letters.queue_letter(user=people.nobody, key="x", template="notice", context=context)
    assert letter is not None
    Letter.objects.update(subject=HOSTILE.replace("\x00", ""))  # which PostgreSQL has never stored
    actions.invite_user(by=None, email="n@example.org", role=Role.COMMITTEE, province=people.a)
    assert delivery.send_due_letters(timezone.now() + timedelta(minutes=1)) == 1
    tasks.send_letters()
    assert len(mail.outbox) == 2
    sent: Any
    for sent in mail.outbox:
        assert sent.subject == clean_line(sent.subject)
        assert not {"Bcc", "Cc"} & set(sent.message().keys())
