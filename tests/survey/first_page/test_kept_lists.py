"""Lists that are kept by what they are made of show each change at once, and to each person what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.actions.people import change_profile
from accounts.models import Agency, User
from accounts.roles import Role
from evidence.models import Attachment, Document, File, FileText, ResumableUpload, Verdict
from survey.models import Assignment, Comment, Meeting
from survey.threads import actions as threads
from tests.assigned import Assigned, make_assigned
from tests.kept_pages import Written, change_and_read, forget, page_text
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

PAGES = ("threads/", "journal/", "check/", "fill/", "history/", "province journal/", "board/", "library/")
Change = tuple[str, Callable[[], object]]


@pytest.fixture
def world(people: People) -> Assigned:
    """Answers, a part that was returned, threads of two people, and a document that stands as evidence."""
    made = make_assigned(people)
    flow = made.flow
    flow.save("T8", {"T8": "yes"})
    flow.save("T6", {"T6": ["r1"], "T6#r1/T6.name": "หลักสูตรตัวอย่าง", "T6#r1/T6.form": "room"})
    made.submitted()
    made.move("return", reason="ขอเอกสาร")
    first = threads.start_thread(
        by=flow.governor, response=flow.response, text="โปรดตรวจ", must_answer=True, mentions=[flow.secretariat]
    )
    threads.reply_to_thread(by=flow.governor, response=flow.response, thread=first, text="ตรวจด้วย")
    row = flow.prove()
    assert row.file is not None
    Document.objects.create(
        province=flow.province, file=row.file, name=row.name, added_by=flow.secretariat, added_at=row.added_at
    )
    return made


def _of_threads(world: Assigned) -> Iterator[Change]:
    flow = world.flow
    first = Comment.objects.get(parent=None, response=flow.response)
    given = {"by": flow.secretariat, "response": flow.response, "thread": first}

    yield "threads/", lambda: _rename(flow.governor, first_name="ชื่อใหม่")
    yield "threads/", lambda: threads.reply_to_thread(**given, text="ตอบแล้ว", mentions=[flow.governor])  # type: ignore[arg-type]
    yield "threads/", lambda: threads.resolve_thread(**given)  # type: ignore[arg-type]
    yield "threads/", lambda: threads.reopen_thread(**given)  # type: ignore[arg-type]
    yield "threads/", Written(flow.response, lambda: Comment.objects.filter(pk=first.pk).update(text="ถ้อยคำอื่น"))
    yield "threads/", lambda: _rename(flow.who(Role.COMMITTEE), first_name="กรรมการใหม่")


def _of_answers(world: Assigned) -> Iterator[Change]:
    flow, people = world.flow, world.people
    now = timezone.now()

    yield "journal/", lambda: flow.save("T8", {"T8": "no"})
    yield "province journal/", lambda: flow.save("T1", {"T1": "none", "T1.1": "ยังไม่มีงบ"})
    yield "history/", lambda: flow.save("T8", {"T8": "yes"})
    yield "history/", lambda: _rename(flow.secretariat, last_name="นามสกุลใหม่")
    yield "fill/", lambda: _rename(flow.secretariat, last_name="นามสกุลอื่น")
    yield "check/", lambda: flow.save("T5.1", {"T5.1": "none"})
    yield (
        "check/",
        lambda: Meeting.objects.create(round=flow.round, held_at=now + timedelta(days=1), by=flow.secretariat),
    )
    yield "journal/", lambda: _rename(flow.secretariat, first_name="เลขานุการใหม่")
    yield "province journal/", lambda: _set(people.a1, name_th="หน่วยงานชื่อใหม่")
    yield "board/", lambda: _set(people.a1, name_th="หน่วยงานอีกชื่อ")
    yield "board/", lambda: Assignment.objects.filter(round=flow.round).update(due=timezone.localdate() - timedelta(9))
    yield (
        "board/",
        lambda: Assignment.objects.create(round=flow.round, agency=people.a2, question=flow.question("T5.2")),
    )


def _of_the_end(world: Assigned) -> Iterator[Change]:
    """The round closes, which the clock alone tells: nothing is put back any more."""
    yield "history/", world.flow.close


def _of_documents(world: Assigned) -> Iterator[Change]:
    province, by = world.flow.province, world.flow.secretariat
    now = timezone.now()
    upload = {"user": by, "target": "library", "destination": {"province": province.code, "office": "own"}}

    def every(rows: type[Model], **values: object) -> Callable[[], int]:
        return lambda: rows._default_manager.update(**values)

    yield "library/", every(Document, name="ชื่ออื่น.pdf")
    yield "library/", every(Document, document_date=now.date())
    yield "library/", every(Document, document_date=None)
    yield "library/", lambda: FileText.objects.create(file=File.objects.get(), document_date=now.date())
    yield "library/", every(File, pages=7)
    yield "library/", Written(world.flow.response, every(File, scan_state="infected", scan_detail="Eicar"))
    yield "library/", Written(world.flow.response, every(File, active_content=["macro"]))
    judged = {"verdict": Verdict.OUT_OF_DATE, "verdict_by": by, "verdict_at": now}
    yield "library/", Written(world.flow.response, every(Attachment, **judged))
    yield "library/", Written(world.flow.response, every(Attachment, removed_by=by, removed_at=now))
    yield "library/", lambda: Agency.objects.filter(pk=world.people.a2.pk).update(name_th="ชื่อใหม่ของคลัง")
    yield "library/", lambda: _rename(by, first_name="ผู้เพิ่มใหม่")
    yield (
        "library/",
        lambda: ResumableUpload.objects.create(
            **upload, name="ค้าง.pdf", length=90, offset=9, expires_at=now + timedelta(days=1)
        ),
    )
    yield "library/", every(Document, removed_by=by, removed_at=now)


def _set(row: Agency, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _rename(user: User, **names: str) -> None:
    told = {"first_name": user.first_name, "last_name": user.last_name, "language": user.language}
    change_profile(by=user, user=user, **told | names)


def test_every_change_is_shown_at_once(world: Assigned) -> None:
    reader = _signed_in(world.flow.secretariat)
    before, addresses = _pages(world, reader), _addresses(world)
    assert all(before.values())
    for shown_on, change in (*_of_threads(world), *_of_answers(world), *_of_documents(world), *_of_the_end(world)):
        at_once = change_and_read(change, partial(page_text, reader, addresses.get(shown_on, "/")))
        kept = _pages(world, reader)
        forget()
        assert kept == _pages(world, reader), f"what is kept is not what is, after a change of {shown_on}"
        assert at_once in (None, kept[shown_on]), f"{shown_on} does not compare the rows it shows"
        assert kept[shown_on] != before[shown_on], f"{shown_on} does not show its change"
        before = kept


def test_what_is_kept_for_one_is_not_shown_to_another(world: Assigned) -> None:
    people = [world.flow.who(role) for role in (Role.SECRETARIAT, Role.COMMITTEE, Role.GOVERNOR, Role.PROVINCE_ADMIN)]
    alone = {}
    for person in people:
        forget()
        alone[person.pk] = _pages(world, _signed_in(person))
    for person in people:
        assert _pages(world, _signed_in(person)) == alone[person.pk]


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _pages(world: Assigned, reader: Client) -> dict[str, str]:
    return {name: page_text(reader, address) for name, address in _addresses(world).items()}


def _addresses(world: Assigned) -> dict[str, str]:
    province, year = world.people.a.code, world.flow.round.year
    of_response, of_province = f"/r/{world.flow.response.pk}/", f"/p/{province}/"
    addresses = (
        *(of_response + name for name in ("threads/", "journal/", "check/", "fill/2.1/", "history/T8/")),
        *(of_province + name for name in ("journal/", f"{year}/board/", "library/")),
    )
    return dict(zip(PAGES, addresses, strict=True))
