"""The kept page of a question shows each change at once, and what one may do with it is asked anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from evidence.attaching import actions as evidence
from evidence.models import Attachment, File, Mark, MarkState, ScanState, Verdict
from survey.models import Assignment
from tests.evidence.conftest import pdf
from tests.flow import Flow
from tests.kept_pages import forget, page_text
from tests.survey.agencies import agency, assign, contribution, coordinator, give
from tests.survey.consolidating.test_consolidation_pages import YES, attach, filled, item, shown

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]


def _changes(flow: Flow, web: Client) -> Iterator[Callable[[], object]]:
    """What may change of a question and what is around it, much of it without a word in the journal."""
    address = item(flow, "T8")
    yield lambda: give(flow.round, "PO", "T8", YES)
    yield lambda: give(flow.round, "SO", "T8", {"T8": "no"}, unsure=True, note="ตัวเลขยังไม่ยืนยัน")
    yield lambda: assign(flow.round, "SO", "T8")
    yield lambda: Assignment.objects.update(state=Assignment.State.DECLINED, state_note="ไม่เกี่ยวข้อง")
    yield lambda: Assignment.objects.update(state=Assignment.State.OPEN)
    yield lambda: assign(flow.round, "XO", "T8", Assignment.State.OPEN)
    yield lambda: Agency.objects.filter(pk=agency(flow.round, "XO").pk).update(name_th="หน่วยงานชื่อใหม่")
    yield lambda: attach(flow, "PO", "T8=yes", pdf("a"))
    yield lambda: Mark.objects.update(state=MarkState.LOST)
    yield lambda: Mark.objects.update(state=MarkState.EXACT)
    yield lambda: File.objects.update(scan_state=ScanState.INFECTED)
    yield lambda: File.objects.update(scan_state=ScanState.CLEAN)
    yield lambda: Attachment.objects.update(name="ชื่ออื่น.pdf")
    yield lambda: Attachment.objects.update(verdict=Verdict.OUT_OF_DATE, **_judged(flow.secretariat))
    yield lambda: Attachment.objects.update(verdict="", verdict_by=None, verdict_at=None)
    first = f"?take={contribution(flow.round, 'PO').pk}"
    yield lambda: web.post(address, {**filled(shown(web, flow, "T8", first)), "_do": "save"})
    yield lambda: evidence.save_mark(
        by=coordinator(agency(flow.round, "PO")), attachment=_of("PO", flow), pages="1", quote="เพิ่มภายหลัง"
    )
    yield lambda: give(flow.round, "PO", "T8", {**YES, "T8.1": "4"})
    yield lambda: flow.save("T8", {"T8": "yes", "T8.1": "1", "T8.1.of": "5"})
    yield lambda: give(flow.round, "PO", "T1", {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"})
    yield flow.close


def _judged(by: User) -> dict[str, object]:
    return {"verdict_by": by, "verdict_at": timezone.now()}


def _of(code: str, flow: Flow) -> Attachment:
    return Attachment.objects.get(response__agency__code=code, response__round=flow.round)


def test_every_change_is_shown_at_once(flow: Flow) -> None:
    web = Client()
    web.force_login(flow.secretariat)
    address = item(flow, "T8")
    before = page_text(web, address)
    assert before
    for number, change in enumerate(_changes(flow, web)):
        change()
        page_text(web, f"{address}?take=all&ev=all")  # another page of the same state must not take its place
        kept = page_text(web, address)
        forget()
        assert kept == page_text(web, address), f"what is kept is not what is, after change {number}"
        assert kept != before, f"change {number} is not shown"
        assert kept == page_text(web, address)
        before = kept
    assert " disabled" in before  # the round is closed now, which nothing but the clock tells
