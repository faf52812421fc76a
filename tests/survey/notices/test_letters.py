"""The post against a real mail server: nothing lost, nothing twice, whoever dies in the middle."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from accounts.post import delivery as post
from survey import tasks
from survey.models import Letter
from survey.notices import actions as notices
from survey.notices import delivery, letters
from tests.factories import UserFactory
from tests.smtp import Held, MailServer
from tests.survey.approval.test_workflow_races import at_once

LATER = timedelta(minutes=20)  # after any pause, and after any claim is stale


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    """The product's post goes to a server of ours."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server


def write(user: User, key: str = "one") -> Letter | None:
    context = {"text": "ตัวอย่าง: ใกล้กำหนดส่ง", "place": "จังหวัดเอ 2570", "url": "/notices/"}
    return letters.queue_letter(user=user, key=key, template="notice", context=context)


def write_many(count: int) -> list[User]:
    users = [UserFactory() for _ in range(count)]
    for user in users:
        assert write(user)
    return users


def waits(held: Held) -> bool:
    """Once a conversation has come to where it is held; False when none comes."""
    end = time.monotonic() + 20
    while held.left > 0 and time.monotonic() < end:
        time.sleep(0.02)
    return held.left <= 0


def later() -> int:
    return delivery.send_due_letters(timezone.now() + LATER)


@pytest.mark.django_db
def test_a_letter_is_written_and_sent_once(mail: MailServer) -> None:
    user = UserFactory()
    letter = write(user)
    assert letter is not None
    assert write(user) is None
    assert write(UserFactory()) is not None  # the same thing, told to somebody else
    assert delivery.send_due_letters() == 2
    assert (delivery.send_due_letters(), later()) == (0, 0)
    [taken] = [t for t in mail.taken if t.to == user.email]
    assert taken.id == letter.message_id
    assert str(taken.message["Subject"]).strip() == "จังหวัดเอ 2570: ตัวอย่าง: ใกล้กำหนดส่ง"
    assert "เรียน" in taken.text
    assert "จังหวัดเอ 2570" in taken.text
    assert taken.message["Auto-Submitted"] == "auto-generated"
    letter.refresh_from_db()
    assert letter.sent_at is not None


@pytest.mark.django_db
def test_the_message_id_is_made_of_the_key_alone() -> None:
    user = UserFactory()
    first = write(user)
    assert first is not None
    name = first.message_id
    first.delete()
    again, other = write(user), write(user, "two")
    assert again is not None
    assert other is not None
    assert again.message_id == name != other.message_id


@pytest.mark.django_db
def test_while_the_server_is_down_letters_wait_and_then_all_go(mail: MailServer) -> None:
    write_many(5)
    mail.stop()
    assert delivery.send_due_letters() == 0
    first = Letter.objects.first()
    assert first is not None
    assert (first.tries, first.claimed_at, first.posted_at, first.sent_at) == (1, None, None, None)
    assert "Refused" in first.fault or "refused" in first.fault
    assert Letter.objects.filter(tries=0).count() == 4  # one failure is enough to know
    assert delivery.send_due_letters() == 0  # and this one is not tried again before its pause is over
    mail.start()
    later()
    assert Letter.objects.filter(sent_at=None).count() == 0
    assert sorted(mail.times().values()) == [1] * 5


@pytest.mark.django_db
def test_pauses_grow_to_a_quarter_of_an_hour_and_end_after_days(mail: MailServer) -> None:
    [user] = write_many(1)
    mail.stop()
    now, pauses = timezone.now(), []
    for _ in range(7):
        delivery.send_due_letters(now + timedelta(days=1))
        letter = Letter.objects.get()
        assert letter.next_try_at is not None
        pauses.append(round((letter.next_try_at - timezone.now()) / timedelta(minutes=1)))
        now += timedelta(days=1)
    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    Letter.objects.update(made_at=timezone.now() - post.GIVE_UP_AFTER - timedelta(hours=1))
    delivery.send_due_letters(now + timedelta(days=1))
    assert Letter.objects.get().fault.startswith("given up")
    mail.start()
    assert delivery.send_due_letters(now + timedelta(days=9)) == 0
    assert user.email not in {t.to for t in mail.taken}


@pytest.mark.django_db
def test_a_refused_address_does_not_hold_up_the_others(mail: MailServer) -> None:
    gone, full, fine = write_many(3)
    mail.refused = {gone.email: 550, full.email: 452}
    assert delivery.send_due_letters() == 1
    assert [t.to for t in mail.taken] == [fine.email]
    assert Letter.objects.get(user=gone).fault.startswith("refused: ")
    mail.refused = {}
    assert later() == 1  # only the mailbox that was full is tried again
    assert sorted(t.to for t in mail.taken) == sorted([fine.email, full.email])


@pytest.mark.django_db
def test_closed_accounts_and_made_up_addresses_get_nothing(mail: MailServer, settings: Any) -> None:
    users = write_many(2)
    User.objects.filter(pk=users[0].pk).update(is_active=False)
    User.objects.filter(pk=users[1].pk).update(email="someone@office.example.org")
    settings.PRODUCTION = True
    assert delivery.send_due_letters() == 0
    assert mail.taken == []
    assert Letter.objects.filter(next_try_at=None, fault__startswith="not sent").count() == 2


# -- who dies in the middle -----------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone at once."""


def _dies(*args: object) -> None:
    raise Killed


@pytest.mark.django_db
def test_killed_before_the_last_line_it_is_sent_again(mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(1)
    with monkeypatch.context() as patched:
        patched.setattr(post, "_mark_posted", _dies)
        with pytest.raises(Killed):
            delivery.send_due_letters()
    assert mail.taken == []  # the text without its end is no letter
    assert delivery.send_due_letters() == 0  # somebody may still hold it
    assert later() == 1
    assert sorted(mail.times().values()) == [1]


@pytest.mark.django_db
def test_killed_between_sending_and_marking_it_is_not_sent_twice(
    mail: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_many(1)
    with monkeypatch.context() as patched:
        patched.setattr(post, "_mark_sent", _dies)
        with pytest.raises(Killed):
            delivery.send_due_letters()
    assert sorted(mail.times().values()) == [1]
    assert (later(), post.release_claims(delivery.OUTBOX), later()) == (0, 0, 0)
    assert sorted(mail.times().values()) == [1]
    Letter.objects.update(posted_at=timezone.now() - LATER)
    tasks.send_letters()
    assert Letter.objects.get().fault == post.UNCONFIRMED_FAULT
    assert "1 letters were handed over without an answer" in caplog.text
    caplog.clear()
    tasks.send_letters()
    assert "without an answer" not in caplog.text  # told once


@pytest.mark.django_db
def test_who_stood_still_leaves_the_letter_to_who_claimed_it_since(mail: MailServer) -> None:
    """Between claiming a letter and reading it another worker finds the claim stale, and sends."""
    write_many(1)
    reads = count()

    def rows() -> Any:
        if next(reads) == 1:  # the one before chose what is due
            assert later() == 1
        return delivery.OUTBOX.rows()

    assert post.send_due(replace(delivery.OUTBOX, rows=rows)) == 0
    assert sorted(mail.times().values()) == [1]
    letter = Letter.objects.get()
    assert None not in (letter.sent_at, letter.posted_at, letter.claimed_at)


@pytest.mark.django_db
def test_a_lost_claim_changes_nothing_of_a_letter_that_is_handed_over(mail: MailServer) -> None:
    """Another handed it over under the same claim, and has not heard the answer: it is not set free again."""
    write_many(1)

    def build(letter: Letter) -> Any:
        Letter.objects.update(posted_at=timezone.now())
        return delivery.OUTBOX.build(letter)

    assert post.send_due(replace(delivery.OUTBOX, build=build)) == 0
    [letter] = Letter.objects.all()
    assert letter.posted_at is not None
    assert (letter.faults, letter.fault) == (0, "")
    assert mail.taken == []
    assert later() == 0


@pytest.mark.django_db
def test_the_server_hangs_up_before_the_text(mail: MailServer) -> None:
    write_many(3)
    with mail.held("rcpt", at=2) as held:
        sent: list[int] = []
        stopper = threading.Thread(target=lambda: (waits(held), mail.stop()))
        stopper.start()
        sent.append(delivery.send_due_letters())
        stopper.join()
    assert sent == [1]
    mail.start()
    later()
    assert sorted(mail.times().values()) == [1, 1, 1]


@pytest.mark.django_db
def test_the_server_dies_after_taking_a_letter_without_saying_so(mail: MailServer) -> None:
    write_many(3)
    with mail.held("data", at=2) as held:
        stopper = threading.Thread(target=lambda: (waits(held), mail.stop()))
        stopper.start()
        delivery.send_due_letters()
        stopper.join()
    mail.start()
    later()
    later()
    assert sorted(mail.times().values()) == [1, 1, 1]
    assert Letter.objects.filter(fault=post.UNCONFIRMED_FAULT, sent_at=None).count() == 1


def _worker() -> None:
    connections.close_all()
    delivery.send_due_letters()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "unknown"), [("rcpt", 0), ("data", 1)])
def test_a_worker_killed_for_good(mail: MailServer, moment: Any, unknown: int) -> None:
    """A process of its own, ended with SIGKILL before, or just after, the server has the second letter."""
    write_many(4)
    connections.close_all()
    with mail.held(moment, at=2) as held:
        worker = multiprocessing.get_context("fork").Process(target=_worker)
        worker.start()
        assert waits(held)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(10)
    assert worker.exitcode == -signal.SIGKILL
    later()
    assert sorted(mail.times().values()) == [1] * 4  # nothing lost, nothing twice
    assert Letter.objects.filter(sent_at=None).count() == unknown


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_share_the_letters(mail: MailServer) -> None:
    write_many(12)
    given = at_once(delivery.send_due_letters, delivery.send_due_letters, delivery.send_due_letters)
    delivery.send_due_letters()
    assert None not in given
    assert sorted(mail.times().values()) == [1] * 12
    assert not Letter.objects.filter(sent_at=None).exists()


# -- the queue ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_queue_sends_what_is_told_at_once(mail: MailServer, worker: None) -> None:
    user = UserFactory()
    notices.notify(users=[user], kind="response.approve", key="k", data={"who": "ผู้ว่าฯ"}, at_once=True)
    end = time.monotonic() + 20
    while not mail.taken and time.monotonic() < end:
        time.sleep(0.05)
    assert [t.to for t in mail.taken] == [user.email]


@pytest.mark.slow
def test_what_waited_for_the_server_goes_with_the_clock(mail: MailServer, worker: None) -> None:
    mail.stop()
    user = UserFactory()
    notices.notify(users=[user], kind="response.approve", key="k", data={"who": "ผู้ว่าฯ"}, at_once=True)
    end = time.monotonic() + 20
    while not Letter.objects.filter(tries=1, claimed_at=None).exists() and time.monotonic() < end:
        time.sleep(0.05)
    mail.start()
    Letter.objects.update(next_try_at=timezone.now())
    tasks.send_letters.delay()
    while not mail.taken and time.monotonic() < end:
        time.sleep(0.05)
    assert sorted(mail.times().values()) == [1]
