"""Reading back: history, journal, the whole answer, frozen versions."""

from typing import Any

from accounts.roles import Role
from survey.approval.actions import approve_response, reopen_response, submit_response
from survey.approval.review import current_open_points
from survey.models import FrozenResponse, Response
from tests.flow import COURSE, Flow, outside, text


def test_history_says_before_and_after_in_words(flow: Flow, ask: Any) -> None:
    flow.save("T1", {"T1": "none"})
    flow.save("T1", {"T1": "doing"}, unsure=True, note="รอมติ")
    page = text(ask(flow.who(Role.COMMITTEE), "history", flow.response, "T1"))
    assert page.index("กำลังจัดทำ") < page.rindex("ไม่มีแผน")
    assert "รอมติ" in page
    assert flow.secretariat.get_full_name() in page
    assert ask(flow.secretariat, "history", flow.response, "T99").status_code == 404


def test_history_comes_as_a_part_for_scripts_and_in_pages(flow: Flow, ask: Any) -> None:
    for number in range(25):
        flow.save("T5.2", {"T5.2": f"ครั้งที่ {number}"})
    part = text(ask(flow.secretariat, "history", flow.response, "T5.2", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert part.count("<li>") == 20
    rest = text(ask(flow.secretariat, "history", flow.response, "T5.2", QUERY_STRING="page=2"))
    assert "<html" in rest
    assert "ครั้งที่ 4" in rest


def test_the_journal_is_filtered_by_verb(flow: Flow, ask: Any) -> None:
    flow.approve()
    page = text(ask(flow.governor, "journal", flow.response, QUERY_STRING="verb=response.approve"))
    assert page.count('class="log-head"') == 1
    assert ask(flow.governor, "journal", flow.response, QUERY_STRING="verb=x&page=99").status_code == 200


def test_the_whole_answer_to_read(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.save("T8", {"T8": "no"}, unsure=True, note="ขอตรวจ")
    flow.prove(marked=False, name="หลักสูตรปี.pdf")
    pages = [text(ask(flow.governor, "answers", flow.response, QUERY_STRING=f"pillar={n}")) for n in (1, 2)]
    page = "".join(pages)
    for words in ("ยังไม่มีงบประมาณ", "หลักสูตรตัวอย่าง", "หลักสูตรปี.pdf", "ยังไม่ทำเครื่องหมาย", "ขอตรวจ", "ไม่ต้องตอบข้อนี้"):
        assert words in page


def test_a_version_is_read_as_it_was_frozen(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.prove()
    submit_response(by=flow.secretariat, response=flow.response, points=current_open_points, reasons={})

    def with_evidence(response: Response) -> dict[str, Any]:
        one = {"address": COURSE, "name": "หลักสูตร.pdf", "sha256": "0" * 64, "size": 1, "url": "", "marks": []}
        return {**outside(response), "evidence": [one]}

    approve_response(by=flow.governor, response=flow.response, compose=with_evidence)
    reopen_response(by=flow.governor, response=flow.response, reason="พบข้อผิดพลาด")
    flow.save("T1", {"T1": "none", "T1.1": "เหตุผลใหม่"})
    page = text(ask(flow.who(Role.COMMITTEE), "version", flow.response, 1))
    for words in ("เนื้อหาตรงกับรหัส", "ยังไม่มีงบประมาณ", "หลักสูตร.pdf", "โมฆะ", "พบข้อผิดพลาด"):
        assert words in page
    assert "เหตุผลใหม่" not in page
    assert ask(flow.governor, "version", flow.response, 2).status_code == 404
    row = FrozenResponse.objects.get()
    FrozenResponse.objects.update(content=row.content.replace("ยังไม่มีงบประมาณ", "มีแล้ว"))
    assert "ไม่ตรงกับรหัส" in text(ask(flow.governor, "version", flow.response, 1))
    FrozenResponse.objects.update(content="{")
    broken = ask(flow.governor, "version", flow.response, 1)
    assert broken.status_code == 200
    assert "ไม่ตรงกับรหัส" in text(broken)
