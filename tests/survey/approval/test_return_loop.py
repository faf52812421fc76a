"""The return loop: the governor sees the own remarks with their replies, and what changed since, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from evidence.attaching.actions.attachments import remove_attachment
from survey.approval.actions import (
    approve_response,
    reopen_response,
    return_response,
    submit_response,
    withdraw_response,
)
from survey.approval.changes import AnswerChanges, describe_changes
from survey.approval.return_loop import read_return_loop
from survey.approval.review import read_evidence_and_score
from survey.approval.review_events import read_review_events
from survey.journal import actions as journal
from survey.models import Comment, Event, Response
from survey.threads import actions as threads
from survey.threads.comments import NewComment
from tests.committee import endorsed, today
from tests.factories import MembershipFactory
from tests.flow import COURSE, Flow, outside, submit_with_reasons, text

REMARK, REPLY = "จำนวนไม่ตรงกับเอกสาร", "แก้ตามรายงานปี 2567 แล้ว"


def submit(flow: Flow) -> None:
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})


def changes_since(flow: Flow, seq: int) -> AnswerChanges:
    return describe_changes(flow.response, read_review_events(flow.response).additions_after(seq), "th")


def loop_of(flow: Flow) -> Any:
    return read_return_loop(flow.response, read_review_events(flow.response), "th")


@pytest.fixture
def returned(flow: Flow) -> Flow:
    """Submitted, and returned with a remark on T4 and one on the whole."""
    flow.submit()
    remarks = [NewComment(flow.question("T4"), REMARK)]
    return_response(by=flow.governor, response=flow.response, comments=remarks, text="ขอแก้ 1 ข้อ")
    return flow


# -- what changed ---------------------------------------------------------------------------------


def test_fields_are_told_from_the_old_to_the_new_value_with_who(returned: Flow) -> None:
    other = MembershipFactory(role=Role.SECRETARIAT, province=returned.province).user
    returned.save("T8", {"T8": "yes", "T8.1": "4", "T8.1.of": "5"})
    returned.save("T8", {"T8": "yes", "T8.1": "5", "T8.1.of": "5"}, by=other)
    returned.save("T0.mail", {"T0.mail": "new@example.org"})
    changes = changes_since(returned, Event.objects.get(verb="response.submit").seq)
    assert [q.question for q in changes.questions] == ["T0.mail", "T8"]
    mail, service = changes.questions
    assert [(f.before, f.after) for f in mail.fields] == [("office@example.org", "new@example.org")]
    assert service.by == (returned.secretariat.get_full_name(), other.get_full_name())
    told = {f.label: (f.before, f.after) for f in service.fields}
    assert len(told) == 3
    assert ("", "5") in [(before, after.split()[0]) for before, after in told.values() if after]
    assert not any(after.startswith("4") for _before, after in told.values())


def test_what_is_changed_back_is_no_change(returned: Flow) -> None:
    seq = Event.objects.get(verb="response.submit").seq
    returned.save("T8", {"T8": "yes"})
    returned.save("T8", {"T8": "no"})
    assert not changes_since(returned, seq)


def test_a_cleared_answer_says_so(returned: Flow) -> None:
    seq = Event.objects.get(verb="response.submit").seq
    returned.save("T8", {})
    ((field,),) = [q.fields for q in changes_since(returned, seq).questions]
    assert field.before
    assert field.after == ""


def event(flow: Flow, verb: str, attachment: str, **data: Any) -> None:
    """An event of evidence, as evidence.attaching records it."""
    with transaction.atomic():
        journal.record_event(
            by=flow.secretariat,
            response=journal.lock_response(flow.response.pk),
            verb=f"evidence.{verb}",
            question=flow.question("T6"),
            data={
                "address": COURSE,
                "attachment": attachment,
                "name": f"{attachment}.pdf",
                "before": {},
                "after": {},
                **data,
            },
        )
    flow.response.refresh_from_db(fields=["version", "head"])


@pytest.mark.parametrize(
    ("verbs", "kind"),
    [
        (["attach"], "added"),
        (["attach", "mark"], "added"),
        (["adopt"], "added"),
        (["remove"], "removed"),
        (["mark", "remove"], "removed"),
        (["unmark"], "changed"),
        (["remove", "restore"], "changed"),
        (["attach", "remove"], None),
        (["restore"], "added"),
    ],
)
def test_evidence_that_came_went_or_changed(verbs: list[str], kind: str | None, returned: Flow) -> None:
    for verb in verbs:
        event(returned, verb, "รายงาน")
    seq = Event.objects.get(verb="response.submit").seq
    found = [e for q in changes_since(returned, seq).questions for e in q.evidence]
    assert [(e.kind, e.name) for e in found] == ([(kind, "รายงาน.pdf")] if kind else [])
    if found:
        assert found[0].place


def test_the_events_are_those_that_evidence_records(returned: Flow) -> None:
    attachment = returned.prove()
    seq = Event.objects.order_by("-seq")[0].seq
    remove_attachment(by=returned.secretariat, attachment=attachment)
    ((one,),) = [q.evidence for q in changes_since(returned, seq).questions]
    assert (one.kind, one.name) == ("removed", attachment.name)


# -- the loop ---------------------------------------------------------------------------------------


def test_there_is_none_at_the_first_submission(flow: Flow) -> None:
    assert loop_of(flow) is None
    flow.submit()
    assert loop_of(flow) is None


def test_remarks_come_back_with_their_replies(returned: Flow) -> None:
    thread = Comment.objects.get(text=REMARK)
    threads.reply_to_thread(by=returned.secretariat, response=returned.response, thread=thread, text=REPLY)
    threads.start_thread(by=returned.governor, response=returned.response, text="เรื่องอื่น")
    loop = loop_of(returned)
    assert [(r.code or r.question, r.comment.text, r.is_answered) for r in loop.remarks] == [
        ("", "ขอแก้ 1 ข้อ", False),
        (loop.remarks[1].code, REMARK, True),
    ]
    assert [r.text for r in loop.remarks[1].replies] == [REPLY]
    assert loop.remarks[1].code


def test_changes_count_from_the_submission_that_was_returned_even_after_a_withdrawal(returned: Flow) -> None:
    returned.answer_remarks()
    returned.save("T8", {"T8": "yes"})
    submit(returned)
    withdraw_response(by=returned.secretariat, response=returned.response)
    returned.save("T0.mail", {"T0.mail": "new@example.org"})
    submit(returned)
    loop = loop_of(returned)
    assert [q.question for q in loop.changes.questions] == ["T0.mail", "T8"]
    assert len(loop.remarks) == 2


def test_after_an_approval_a_new_loop_begins(returned: Flow) -> None:
    returned.answer_remarks()
    submit(returned)
    approve_response(by=returned.governor, response=returned.response, compose=outside)
    reopen_response(by=returned.governor, response=returned.response, reason="พบข้อผิดพลาด")
    returned.save("T8", {"T8": "yes"})
    submit(returned)
    loop = loop_of(returned)
    assert loop.returned is None
    assert [q.question for q in loop.changes.questions] == ["T8"]


# -- on the pages -----------------------------------------------------------------------------------


def test_the_governor_reads_it_before_the_act(returned: Flow, ask: Any) -> None:
    returned.save("T0.mail", {"T0.mail": "new@example.org"})
    returned.answer_remarks(REPLY)
    submit(returned)
    for name in ("brief", "approve"):
        page = text(ask(returned.governor, name, returned.response))
        for words in (REMARK, REPLY, "office@example.org", "new@example.org", "ตอบแล้ว", "สิ่งที่เปลี่ยนตั้งแต่เสนอครั้งก่อน"):
            assert words in page, (name, words)
        assert reverse("survey:history", args=[returned.response.pk, "T0.mail"]) in page
    page = text(ask(returned.who(Role.COMMITTEE), "changes", returned.response))
    assert "new@example.org" in page


def test_many_changes_are_on_a_page_of_their_own(returned: Flow, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.approval.views.decision.SHOWN_QUESTIONS", 1)
    returned.save("T0.mail", {"T0.mail": "new@example.org"})
    returned.save("T8", {"T8": "yes"})
    returned.answer_remarks()
    submit(returned)
    page = text(ask(returned.governor, "approve", returned.response))
    assert reverse("survey:changes", args=[returned.response.pk]) in page
    assert page.count('class="changed-q"') == 1
    assert text(ask(returned.governor, "changes", returned.response)).count('class="changed-q"') == 2


def test_the_form_of_a_return_blocks_unless_told_otherwise(flow: Flow, ask: Any) -> None:
    flow.submit()
    data = {"rows": "5", "text": "ขอแก้", "question-0": "T4", "text-0": "แผน", "free-0": "1"}
    assert ask(flow.governor, "return", flow.response, data=data).status_code == 302
    made = dict(Comment.objects.values_list("text", "must_answer"))
    assert made == {"ขอแก้": True, "แผน": False}
    assert Response.objects.get().state == Response.State.RETURNED


@pytest.mark.parametrize("name", ["brief", "approve", "changes"])
def test_the_pages_take_few_queries_however_much_changed(name: str, real: Flow, client: Client) -> None:
    endorsed(real.secretariat, real.round, today(1))
    real.response.refresh_from_db()
    submit_with_reasons(real)
    remarks = [NewComment(real.question(q), REMARK) for q in ("P1.1", "P1.3")]
    return_response(by=real.governor, response=real.response, comments=remarks, text="ขอแก้")
    for value in ("done", "none", "done"):
        real.save("P1.3", {"P1.3": value}, unsure=value == "done", note="ดู")
    real.prove("P1.3=done")
    real.answer_remarks()
    real.response.refresh_from_db()
    submit_with_reasons(real)
    client.force_login(real.governor)
    client.get("/healthz")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(f"survey:{name}", args=[real.response.pk]))
    assert page.status_code == 200
    assert len(page.content) < 150_000
    assert len(queries) <= 10, "\n".join(q["sql"][:150] for q in queries)


# -- after the approval -----------------------------------------------------------------------------


def test_after_the_approval_the_countdown_goes_and_the_papers_come_first(real: Flow, ask: Any, client: Any) -> None:
    submit_with_reasons(real)
    assert "data-until" in text(ask(real.governor, "brief", real.response))
    approve_response(by=real.governor, response=real.response, compose=read_evidence_and_score)
    make = reverse("reports:make", args=[real.response.pk])
    round_page = reverse("survey:round", args=[real.province.code, real.round.year])
    for user in (real.governor, real.secretariat, real.who(Role.COMMITTEE)):
        brief = text(ask(user, "brief", real.response))
        for gone in ("data-until", "countdown", "ถึงเวลาปิดรับการอนุมัติ", "อีก 20 วัน"):
            assert gone not in brief, gone
        pages = {"brief": brief, "versions": text(ask(user, "versions", real.response))}
        client.force_login(user)
        pages["round"] = text(client.get(round_page))
        for name, page in pages.items():
            main = page[page.index("<main") :]
            assert 'value="certificate"' in main, name
            assert make in main
            before = main[: main.index('value="certificate"')]
            assert "btn-primary" not in before, name
    client.force_login(real.governor)
    listing = text(client.get(reverse("reports:list", args=[real.response.pk])))
    assert listing.index('value="certificate"') < listing.index('value="result"')


def test_before_the_approval_no_certificate_is_offered(real: Flow, ask: Any) -> None:
    assert 'value="certificate"' not in text(ask(real.governor, "brief", real.response))
