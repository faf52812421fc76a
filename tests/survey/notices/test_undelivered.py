"""One bad letter never stops the others; what is given up is seen by administrators, who can send it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts import tasks as account_tasks
from accounts.models import AccountEvent, AccountLetter, Invitation, User
from accounts.models.post import GivenUp
from accounts.post import account_letters
from accounts.post import delivery as post
from accounts.roles import Role
from survey.models import Letter, Notice
from survey.notices import delivery, letters
from survey.notices.notice_texts import notice_text
from survey.notices.undelivered import notify_given_up
from tests.people import People
from tests.smtp import MailServer


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    """The product's post goes to a server of ours."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server


def write(user: User, text: str = "ใกล้กำหนดส่ง") -> Letter:
    letter = letters.queue_letter(user=user, key="one", template="notice", context={"text": text})
    assert letter is not None
    return letter


@pytest.fixture
def three(people: People) -> list[Letter]:
    """Letters to three people of province a."""
    return [write(people.who(role)) for role in (Role.SECRETARIAT, Role.GOVERNOR, Role.COMMITTEE)]


BAD_ADDRESSES = ["a@" + "ก" * 80 + ".th", "a@b\r\nbcc: x@example.org", ""]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_letter_that_cannot_be_written_hinders_nobody(mail: MailServer, three: list[Letter], address: str) -> None:
    User.objects.filter(pk=three[0].user_id).update(email=address)
    assert delivery.send_due_letters() == 2
    bad = Letter.objects.get(pk=three[0].pk)
    assert (bad.sent_at, bad.faults, bad.claimed_at, bad.posted_at) == (None, 1, None, None)
    assert bad.next_try_at is not None
    assert bad.fault


def test_a_subject_stored_with_line_ends_is_sent_on_one_line(mail: MailServer, three: list[Letter]) -> None:
    Letter.objects.filter(pk=three[0].pk).update(subject="หนึ่ง\r\nBcc: x@example.org\x0b")
    assert delivery.send_due_letters() == 3
    [taken] = [one for one in mail.taken if "Bcc" in str(one.message["Subject"])]
    assert str(taken.message["Subject"]) == "หนึ่ง Bcc: x@example.org"
    assert taken.message["Bcc"] is None


def test_a_letter_at_which_the_server_hangs_up_hinders_nobody(
    mail: MailServer, three: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(letter: Letter) -> Any:
        message = build_message(letter)
        if letter.pk == three[0].pk:
            monkeypatch.setattr(message, "message", lambda *args, **options: _hang_up())
        return message

    def _hang_up() -> None:
        raise ConnectionResetError("the server does not like it")

    build_message = delivery.OUTBOX.build
    monkeypatch.setattr(delivery, "OUTBOX", post.Outbox("", delivery.OUTBOX.rows, build, delivery.OUTBOX.why_not))
    assert delivery.send_due_letters() == 2


def test_pauses_grow_and_end_with_a_reason(mail: MailServer, three: list[Letter]) -> None:
    letter, pauses = three[0], []
    mail.refused = {letter.user.email: 451}
    now = timezone.now()
    for _turn in range(post.MAX_FAULTS):
        now += timedelta(days=1)
        delivery.send_due_letters(now)
        letter.refresh_from_db()
        if letter.next_try_at is not None:
            pauses.append(round((letter.next_try_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, *[360] * 6]
    assert (letter.given_up, letter.next_try_at) == (GivenUp.REFUSED, None)
    assert letter.fault.startswith("given up: ")
    assert Letter.objects.filter(sent_at=None).count() == 1


def test_a_server_that_refuses_our_sender_is_no_letters_fault(
    mail: MailServer, three: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smtplib.SMTP.mail", lambda *args, **options: (550, b"not from you"))
    assert delivery.send_due_letters() == 0
    assert set(Letter.objects.values_list("faults", "given_up")) == {(0, "")}


# -- the page of what was given up ----------------------------------------------------------------


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("survey:letters")).content.decode()


def test_admins_see_what_was_given_up_in_their_province(
    mail: MailServer, people: People, three: list[Letter], django_assert_max_num_queries
) -> None:
    mail.refused = {three[0].user.email: 550, three[1].user.email: 452}
    delivery.send_due_letters()
    for user in (people.who(Role.PROVINCE_ADMIN), people.who(Role.CENTRAL_ADMIN)):
        text = page(user)
        assert three[0].user.email in text
        assert "ระบบอีเมลปลายทางไม่รับ" in text
        assert "refused: 550 no" in text
        assert three[0].subject in text
        assert "อีก 1 ฉบับยังส่งไม่ได้" in text
        assert three[2].user.email not in text
    assert three[0].user.email not in page(people.who(Role.PROVINCE_ADMIN, "b"))
    client = Client()
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    client.get(reverse("survey:letters"))
    with django_assert_max_num_queries(10):
        client.get(reverse("survey:letters"))


def test_sent_again_it_arrives_and_the_log_knows(mail: MailServer, people: People, three: list[Letter]) -> None:
    mail.refused = {three[0].user.email: 550}
    delivery.send_due_letters()
    Letter.objects.update(made_at=timezone.now() - timedelta(days=30))
    mail.refused = {}
    admin = people.who(Role.PROVINCE_ADMIN)
    client = Client()
    client.force_login(admin)
    address = reverse("survey:letter-again", args=["notice", three[0].pk])
    assert "อีกครั้ง" in client.post(address, follow=True).content.decode()
    event = AccountEvent.objects.get(verb="resend_letter")
    assert (event.by, event.subject) == (admin, three[0].user)
    assert delivery.send_due_letters() == 1
    assert "ส่งแล้ว" in client.post(address, follow=True).content.decode()
    assert AccountEvent.objects.filter(verb="resend_letter").count() == 1
    client.force_login(people.who(Role.PROVINCE_ADMIN, "b"))
    assert client.post(address).status_code == 404
    assert client.post(reverse("survey:letter-again", args=["x", three[0].pk])).status_code == 404


def test_administrators_are_told_of_each_new_one(mail: MailServer, people: People, three: list[Letter]) -> None:
    assert notify_given_up() == 0
    mail.refused = {three[0].user.email: 550}
    delivery.send_due_letters()
    assert [notify_given_up() for _n in range(2)] == [1, 0]
    [notice] = Notice.objects.filter(kind="letters.given_up")
    assert (notice.user, notice.url) == (people.who(Role.PROVINCE_ADMIN), reverse("survey:letters"))
    assert notice_text(notice.kind, notice.data) == "มีอีเมลส่งไม่สำเร็จ 1 ฉบับ"
    other = invite(people, "gone@dgready.go.th")
    AccountLetter.objects.filter(invitation=other).update(given_up=GivenUp.REFUSED, next_try_at=None)
    assert notify_given_up() == 1


# -- letters about accounts -----------------------------------------------------------------------


def invite(people: People, email: str) -> Invitation:
    offer = {"email": email, "role": Role.COMMITTEE, "province": people.a}
    return accounts.invite_user(by=people.who(Role.PROVINCE_ADMIN), **offer)[0]


def test_an_invitation_is_tried_again_until_the_server_takes_it(mail: MailServer, people: People) -> None:
    first, second = invite(people, "first@dgready.go.th"), invite(people, "second@dgready.go.th")
    mail.refused = {first.email: 450}
    account_tasks.send_letters()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.sent_at, first.to_be_sent, second.sent_at is not None) == (None, False, True)
    mail.refused = {}
    account_letters.send_due_letters(timezone.now() + timedelta(minutes=2))
    first.refresh_from_db()
    assert first.sent_at is not None
    assert [one.to for one in mail.taken] == [second.email, first.email]


def test_an_invitation_refused_for_good_is_on_the_page(mail: MailServer, people: People) -> None:
    invitation = invite(people, "gone@dgready.go.th")
    mail.refused = {invitation.email: 550}
    account_tasks.send_letters()
    text = page(people.who(Role.PROVINCE_ADMIN))
    assert invitation.email in text
    assert "คำเชิญเข้าใช้ระบบ" in text
    assert invitation.email not in page(people.who(Role.PROVINCE_ADMIN, "b"))
    mail.refused = {}
    client = Client()
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    client.post(reverse("survey:letter-again", args=["account", AccountLetter.objects.get().pk]))
    account_tasks.send_letters()
    assert [one.to for one in mail.taken] == [invitation.email]


def test_who_is_closed_out_is_told_although_the_account_is_closed(mail: MailServer, people: People) -> None:
    user = people.who(Role.COMMITTEE)
    accounts.deactivate_user(by=people.who(Role.PROVINCE_ADMIN), user=user)
    account_tasks.send_letters()
    [taken] = mail.taken
    assert taken.to == user.email
    assert str(taken.message["Subject"]).strip() == "บัญชีของท่านในระบบ dgready ถูกปิดแล้ว"
    account_tasks.send_letters()
    assert len(mail.taken) == 1


def test_an_account_opened_again_before_the_letter_is_not_told_of_its_end(mail: MailServer, people: People) -> None:
    user, admin = people.who(Role.COMMITTEE), people.who(Role.PROVINCE_ADMIN)
    accounts.deactivate_user(by=admin, user=user)
    accounts.reactivate_user(by=admin, user=user)
    account_tasks.send_letters()
    assert mail.taken == []
    assert AccountLetter.objects.get().given_up == GivenUp.VOID


def test_the_list_says_how_many_letters_it_leaves_out(people: People) -> None:
    """Guards against a list that stopped silently at 60 letters."""
    for number in range(62):
        who = people.who(Role.COMMITTEE)
        letters.queue_letter(user=who, key=f"x{number}", template="notice", context={"text": "x"})
    Letter.objects.update(next_try_at=None, given_up=GivenUp.REFUSED)
    assert "และอีก 2 รายการที่ไม่ได้แสดง" in page(people.who(Role.PROVINCE_ADMIN))
    Letter.objects.filter(pk__in=Letter.objects.values("pk")[:2]).delete()
    assert "รายการที่ไม่ได้แสดง" not in page(people.who(Role.PROVINCE_ADMIN))
