"""The daily letter: one a day, what it leaves out, and stopping it from the letter."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.roles import Role
from survey.models import Letter, MailChoice, Notice
from survey.notices import actions as notices
from survey.notices import letters
from survey.rounds import deadlines
from survey.rounds.daily_letters import MAX_LINES, write_daily_letters
from tests.assigned import Assigned
from tests.factories import UserFactory
from tests.survey.notices.told import morning, tell, text_of


@pytest.mark.django_db
def test_one_letter_a_day_and_the_rest_tomorrow() -> None:
    user = UserFactory()
    tell(user, 3)
    assert write_daily_letters(morning()) == 1
    [letter] = Letter.objects.all()
    assert all(f"P{n}" in letter.body for n in range(3))
    assert "สรุปประจำวัน" in letter.subject
    assert write_daily_letters(morning()) == 0
    tell(user, 1, start=7)
    assert write_daily_letters(morning()) == 0
    assert write_daily_letters(morning(1)) == 1
    newest = Letter.objects.latest("pk")
    assert "P7" in newest.body
    said = [line for line in newest.body.splitlines() if "://" not in line]  # a random token may hold any two letters
    assert "P2" not in "\n".join(said)
    assert write_daily_letters(morning(2)) == 0  # nothing new, no letter


@pytest.mark.django_db
def test_a_flood_is_one_letter_that_counts_the_rest() -> None:
    user = UserFactory()
    tell(user, MAX_LINES + 12)
    write_daily_letters(morning())
    letter = Letter.objects.get()
    assert letter.body.count("- ได้รับมอบหมาย") == MAX_LINES
    assert "และอีก 12 เรื่อง" in letter.body


@pytest.mark.django_db
def test_what_was_read_in_the_app_does_not_come_by_post() -> None:
    user = UserFactory()
    tell(user, 2)
    notices.mark_notices_read(by=user, notice=Notice.objects.filter(key="assignment:0").get())
    write_daily_letters(morning())
    body = Letter.objects.get().body
    listed = [line for line in body.splitlines() if line.startswith("- ")]  # a signed address may spell anything
    assert len(listed) == 1
    assert "P1" in listed[0]


@pytest.mark.django_db
def test_the_letter_speaks_the_persons_language_and_says_days_in_their_way() -> None:
    thai, english = UserFactory(language="th"), UserFactory(language="en")
    for user in (thai, english):
        tell(user, kind="assignment.due")
    write_daily_letters(morning())
    assert "1 ก.ค. 69" in Letter.objects.get(user=thai).body
    assert "1 Jul 2569 BE" in Letter.objects.get(user=english).body
    assert not re.search("[ก-๙]", text_of(Letter.objects.get(user=english)).replace(english.get_full_name(), ""))


@pytest.mark.django_db
def test_who_stopped_the_digest_gets_deadlines_and_nothing_else() -> None:
    user = UserFactory()
    notices.set_digest_preference(user=user, digest=False)
    tell(user, 2)
    assert write_daily_letters(morning()) == 0
    tell(user, 1, kind="part.due")
    tell(user, 1, start=5)
    assert write_daily_letters(morning(1)) == 1
    body = Letter.objects.get().body
    assert "กำหนดเวลา" in body
    assert "ได้รับมอบหมาย" not in body
    assert "หยุดรับสรุปประจำวัน" not in body  # there is nothing left to stop


def test_what_is_late_comes_every_day_with_the_digest_but_once_without(world: Assigned) -> None:
    other = world.people.who(Role.COORDINATOR, "a2")
    notices.set_digest_preference(user=other, digest=False)
    world.due(-1)
    for day in range(3):
        deadlines.create_deadline_notices(morning(day))
        write_daily_letters(morning(day))
    assert Letter.objects.filter(user=world.coordinator).count() == 3
    assert Letter.objects.filter(user=other).count() == 1
    assert "เลยกำหนด" in Letter.objects.filter(user=other).get().body


# -- stopping it from the letter ------------------------------------------------------------------


@pytest.mark.django_db
def test_the_link_in_the_letter_stops_the_digest_without_signing_in() -> None:
    user = UserFactory()
    tell(user)
    write_daily_letters(morning())
    [link] = re.findall(r"https?://[^/\s]+(/mail/digest/\S+)", Letter.objects.get().body)
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(link)
    assert page.status_code == 200
    assert not MailChoice.objects.exists()  # looking (or a mail program looking ahead) stops nothing
    assert user.email not in page.content.decode()
    assert visitor.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailChoice.objects.get().digest is False
    tell(user, 1, kind="part.due")
    assert write_daily_letters(morning(1)) == 1  # deadlines come all the same


@pytest.mark.django_db
def test_a_made_up_link_stops_nothing(client: Client) -> None:
    user = UserFactory()
    link = letters.unsubscribe_url(user)
    for wrong in (link[:-3] + "xx/", "/mail/digest/1/", "/mail/digest/a:b/"):
        assert client.post(wrong).status_code == 404
    assert not MailChoice.objects.exists()
