"""The pages of the letters: making files, wording, what two people change at once, undoing, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed
from accounts.models import AccountEvent, User
from accounts.roles import Role
from reports.letters import actions
from reports.letters.queries import TEXT_FIELDS, current_text
from reports.letters.shipped import shipped_text
from reports.letters.wording import LetterText
from reports.models import Job, LetterKind, LetterTemplate, ReportKind
from survey.models import Assignment
from tests.factories import AgencyFactory
from tests.flow import Flow
from tests.reports.conftest import make_job

INVITE = LetterKind.INVITE


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(flow: Flow) -> Client:
    """The secretariat's, with a part for the first agency."""
    Assignment.objects.create(round=flow.round, agency=flow.people.a1, question=flow.question("T1"))
    return signed_in(flow.secretariat)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    keys: list[int] = []
    monkeypatch.setattr("reports.jobs.actions.enqueue_job", keys.append)
    return keys


def url(flow: Flow, name: str = "letter", *more: Any) -> str:
    where = [flow.province.code, flow.round.year]
    return reverse(f"reports:{name}", args=[*where, *(more or ([INVITE.value] if name == "letter" else []))])


def typed(text: LetterText, revision: int, **changed: Any) -> dict[str, Any]:
    data = {name: getattr(text, name) for name in TEXT_FIELDS if name != "thai_digits"}
    return {**data, "thai_digits": "on", "revision": revision, **changed}


def save(desk: Client, flow: Flow, revision: int = 0, **changed: Any) -> Any:
    return desk.post(url(flow), typed(shipped_text(INVITE), revision, _do="save", **changed))


def test_making_files(flow: Flow, desk: Client, queued: list[int]) -> None:
    page = desk.get(url(flow, "letters")).content.decode()
    for kind in LetterKind:
        assert f'value="{kind.value}"' in page
        assert url(flow, "letter", kind.value) in page
    given = {"letter": "invite", "agency": flow.people.a1.code, "number": "นค 1", "day": "27/11/2569", "language": "th"}
    answer = desk.post(url(flow, "letters-make"), given)
    job = Job.objects.get()
    assert answer["Location"] == f"{url(flow, 'letters')}#job-{job.public_id}"
    assert (job.kind, job.response) == (ReportKind.LETTERS, flow.response)
    assert job.params == {"letter": "invite", "agency": flow.people.a1.code, "number": "นค 1", "day": "2026-11-27"}
    assert queued == [job.pk]
    assert str(job.public_id) in desk.get(url(flow, "letters")).content.decode()
    for wrong in ({"agency": flow.people.a2.code}, {"day": "x"}, {"number": "1" * 61}):
        assert desk.post(url(flow, "letters-make"), {**given, **wrong}).status_code == 422
    assert desk.post(url(flow, "letters-make"), {"letter": "x"}).status_code == 404
    assert Job.objects.count() == 1
    assert url(flow, "letters") in desk.get(reverse("reports:list", args=[flow.response.pk])).content.decode()
    assert url(flow, "letters") in desk.get(url_of_board(flow)).content.decode()


def url_of_board(flow: Flow) -> str:
    return reverse("survey:board", args=[flow.province.code, flow.round.year])


def test_wording_a_letter_is_looked_at_before_it_is_saved(flow: Flow, desk: Client) -> None:
    looked = desk.post(url(flow), typed(shipped_text(INVITE), 0, subject="เรื่อง <b>ใหม่</b> {year}", _do="preview"))
    page = looked.content.decode()
    assert f"เรื่อง &lt;b&gt;ใหม่&lt;/b&gt; {flow.round.year}" not in page  # in Thai digits
    assert "เรื่อง &lt;b&gt;ใหม่&lt;/b&gt; ๒๕๗๐" in page
    assert not LetterTemplate.objects.exists()
    first_submit = page[page.index('type="submit"', page.index("placeholders")) :]
    assert first_submit.index('value="preview"') < first_submit.index('value="save"')
    answer = save(desk, flow, subject="เรื่อง <b>ใหม่</b> {year}")
    assert answer["Location"] == f"{url(flow)}?done=save"
    row = LetterTemplate.objects.get()
    assert (row.letter, row.revision, row.shipped, row.by) == ("invite", 1, False, flow.secretariat)
    event = AccountEvent.objects.get(verb="letter_text")
    assert (event.by, event.province) == (flow.secretariat, flow.province)
    assert event.data["before"]["subject"] == shipped_text(INVITE).subject
    assert event.data["after"]["subject"] == "เรื่อง <b>ใหม่</b> {year}"
    again = save(desk, flow, 1, subject="เรื่อง <b>ใหม่</b> {year}")
    assert again["Location"] == url(flow)  # nothing changed, nothing saved
    assert LetterTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "เรียน {agncy} และ {year}"}, "ไม่รู้จัก {agncy} ในหนังสือนี้"),
        ({"subject": "{open_points}"}, "ไม่รู้จัก {open_points}"),
        ({"signatory": "{agency"}, "วงเล็บปีกกาไม่ครบคู่"),
        ({"subject": ""}, 'id="id_subject"'),
        ({"body": "ก" * 6001}, "6000"),
        ({"subject": "ก" * 301}, "300"),
    ],
)
def test_what_is_refused(flow: Flow, desk: Client, changed: dict[str, str], said: str) -> None:
    answer = save(desk, flow, **changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LetterTemplate.objects.exists()


def test_a_stale_text_is_shown_beside_the_newer_one_and_overwrites_nothing(flow: Flow, desk: Client) -> None:
    save(desk, flow, subject="ของคนแรก")
    other = signed_in(flow.who(Role.PROVINCE_ADMIN))
    answer = other.post(url(flow), typed(shipped_text(INVITE), 0, subject="ของคนที่สอง", signatory="ตำแหน่ง", _do="save"))
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("ของคนแรก", "ของคนที่สอง", "แก้ทั้งสองคน", 'name="revision" value="1"', flow.secretariat.get_full_name()):
        assert words in page, words
    assert current_text(flow.province, INVITE).text.subject == "ของคนแรก"
    assert LetterTemplate.objects.count() == 1
    data = typed(shipped_text(INVITE), 1, subject="ของคนที่สอง", signatory="ตำแหน่ง", _do="save")
    assert other.post(url(flow), data).status_code == 302
    assert current_text(flow.province, INVITE).text.signatory == "ตำแหน่ง"


def test_the_shipped_text_comes_back_and_that_is_undone(flow: Flow, desk: Client) -> None:
    save(desk, flow, subject="ของจังหวัด")
    restore = url(flow, "letter-restore", INVITE.value)
    answer = desk.post(restore, {"revision": "1"}, follow=True)
    assert current_text(flow.province, INVITE).text == shipped_text(INVITE)
    page = answer.content.decode()
    undo = url(flow, "letter-undo", INVITE.value, 2)
    assert f'action="{undo}"' in page
    desk.post(undo)
    assert current_text(flow.province, INVITE).text.subject == "ของจังหวัด"
    desk.post(undo)  # a second press finds another newest revision
    assert current_text(flow.province, INVITE).revision == 3
    desk.post(url(flow, "letter-undo", INVITE.value, 3))
    assert current_text(flow.province, INVITE).is_shipped
    verbs = list(
        AccountEvent.objects.filter(verb__startswith="letter_text").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["letter_text", "letter_text_restore", "letter_text_undo", "letter_text_undo"]
    for stale in ("0", "x", ""):
        assert desk.post(restore, {"revision": stale}).status_code == (302 if stale == "0" else 404)
    assert LetterTemplate.objects.count() == 4


def test_a_memo_has_no_owner_below_and_the_others_their_words(flow: Flow, desk: Client) -> None:
    memo = desk.get(url(flow, "letter", "memo")).content.decode()
    assert 'name="contact"' not in memo
    assert "{score}" in memo
    assert "{score}" not in desk.get(url(flow, "letter", "cover")).content.decode()
    data = {**typed(shipped_text("memo"), 0, subject="ใหม่", _do="save")}
    assert desk.post(url(flow, "letter", "memo"), data).status_code == 302
    assert current_text(flow.province, INVITE).is_shipped
    assert desk.get(url(flow, "letter", "nothing")).status_code == 404


def test_who_may_word_letters(flow: Flow, queued: list[int]) -> None:
    people = [flow.who(Role.COMMITTEE), flow.governor, flow.who(Role.COORDINATOR)]
    for user in people:
        client = signed_in(user)
        assert client.get(url(flow, "letters")).status_code == 404
        assert client.post(url(flow), typed(shipped_text(INVITE), 0, _do="save")).status_code == 404
        job = make_job(flow, ReportKind.LETTERS)
        assert client.get(reverse("reports:download", args=[job.public_id])).status_code == 404
        assert client.get(reverse("reports:job", args=[job.public_id])).status_code == 404
        with pytest.raises(NotAllowed):
            actions.restore_shipped(by=user, province=flow.province, letter=INVITE, base=0)
    assert not LetterTemplate.objects.exists()


def test_pages_cost_few_queries_whatever_there_is(flow: Flow, desk: Client, django_assert_max_num_queries) -> None:
    pages = [url(flow, "letters"), *(url(flow, "letter", kind.value) for kind in LetterKind)]
    for page in pages:
        desk.get(page)
    for number in range(3):
        agency = AgencyFactory(province=flow.province)
        Assignment.objects.create(round=flow.round, agency=agency, question=flow.question("T1"))
        save(desk, flow, number, subject=f"ครั้งที่ {number}")
        make_job(flow, ReportKind.LETTERS)
    for page in pages:
        with django_assert_max_num_queries(10):
            assert desk.get(page).status_code == 200
