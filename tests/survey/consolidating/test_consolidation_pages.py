"""The pages of consolidation: what they show and do, with and without script."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from evidence.attaching import actions as evidence
from evidence.models import Attachment, File
from survey.models import Answer, Assignment, Consolidation, Response
from tests.evidence.conftest import pdf, upload
from tests.flow import Flow
from tests.survey.agencies import agency, assign, contribution, coordinator, give

pytestmark = pytest.mark.django_db
YES = {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}


@pytest.fixture
def web(flow: Flow) -> Client:
    client = Client()
    client.force_login(flow.secretariat)
    return client


def item(flow: Flow, item_id: str) -> str:
    return reverse("survey:consolidate-item", args=[flow.response.pk, item_id])


def filled(text: str) -> dict[str, list[str]]:
    """What a browser would post of the form as it stands: ticked, selected, hidden and typed."""
    form = text.split('id="consolidate"')[1].split("</form>")[0]
    out: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") in ("radio", "checkbox") and not re.search(r"\schecked", tag):
            continue
        out.setdefault(found["name"], []).append(found.get("value", ""))
    for attributes, value in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", form, re.S):
        out.setdefault(re.findall(r'name="([^"]*)"', attributes)[0], []).append(value)
    return out


def shown(web: Client, flow: Flow, item_id: str, query: str = "") -> str:
    answer = web.get(item(flow, item_id) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def answer_of(flow: Flow, item_id: str) -> Answer | None:
    return Answer.objects.filter(response=flow.response, question__item_id=item_id).first()


# -- one question ---------------------------------------------------------------------------------


def test_contributions_stand_side_by_side(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES, unsure=True, note="ตัวเลขยังไม่ยืนยัน")
    give(flow.round, "SO", "T8", {"T8": "no"})
    assign(flow.round, "SO", "T8")
    assign(flow.round, "PH", "T8", Assignment.State.OPEN)
    text = shown(web, flow, "T8")
    for words in ("สำนักงาน PO", "สำนักงาน SO", "ตัวเลขยังไม่ยืนยัน", "ต่างกัน", "สำนักงาน PH", "ยังไม่ได้เลือก"):
        assert words in text or words == "ยังไม่ได้เลือก"
    assert "checked" not in text.split('id="l:T8"')[1].split("</fieldset>")[0]


def test_choosing_and_saving_without_script(flow: Flow, web: Client) -> None:
    po = give(flow.round, "PO", "T8", YES)
    give(flow.round, "SO", "T8", {"T8": "no"})
    form = filled(shown(web, flow, "T8"))
    refused = web.post(item(flow, "T8"), {**form, "_do": "save"})
    assert refused.status_code == 422
    assert "ยังไม่ได้เลือก" in refused.content.decode()
    assert answer_of(flow, "T8") is None
    form["p:T8"] = [f"from:{po.pk}"]
    looked = web.post(item(flow, "T8"), {**form, "_do": "preview"})
    assert looked.status_code == 200
    assert f'value="from:{po.pk}" checked' in looked.content.decode()
    assert answer_of(flow, "T8") is None
    saved = web.post(item(flow, "T8"), {**form, "_do": "save", "_why": "มีหลักฐานครบ"})
    assert (saved.status_code, saved["Location"]) == (302, item(flow, "T8"))
    answer = answer_of(flow, "T8")
    assert answer is not None
    assert answer.value == YES
    assert Consolidation.objects.get().note == "มีหลักฐานครบ"
    assert "มีหลักฐานครบ" in shown(web, flow, "T8")


def test_script_gets_only_what_is_being_built_with_the_score(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T2", {"T2": ["evening"]})
    give(flow.round, "SO", "T2", {"T2": ["weekend"]})
    form = {**filled(shown(web, flow, "T2")), "p:T2": ["union"], "_do": "preview"}
    answer = web.post(item(flow, "T2"), form, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "<li>ช่วงค่ำ</li><li>เสาร์และอาทิตย์</li>" in text
    assert "ประมาณการ" in text


def test_beginning_with_one_or_with_all(flow: Flow, web: Client) -> None:
    po = give(flow.round, "PO", "T2", {"T2": ["evening"]})
    give(flow.round, "SO", "T2", {"T2": ["weekend"]})
    assert filled(shown(web, flow, "T2", f"?take={po.pk}"))["p:T2"] == [f"from:{po.pk}"]
    assert filled(shown(web, flow, "T2", "?take=all"))["p:T2"] == ["union"]
    assert "p:T2" not in filled(shown(web, flow, "T2", "?take=x"))


def test_options_texts_and_numbers_by_hand(flow: Flow, web: Client) -> None:
    for code, more in (("PO", ["evening"]), ("SO", ["weekend", "other"])):
        give(flow.round, code, "T2", {"T2": more, **({"T2.1": "วันหยุด"} if "other" in more else {})})
    form = filled(shown(web, flow, "T2"))
    form |= {"p:T2": ["edit"], "t:T2": ["evening", "other"], "p:T2.1": ["edit"], "t:T2.1": ["วันนักขัตฤกษ์"]}
    assert web.post(item(flow, "T2"), {**form, "_do": "save"}).status_code == 302
    answer = answer_of(flow, "T2")
    assert answer is not None
    assert answer.value == {"T2": ["evening", "other"], "T2.1": "วันนักขัตฤกษ์"}
    assert Consolidation.objects.get().method == "edit"


def test_wrong_typing_comes_back_with_its_reason(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES)
    give(flow.round, "SO", "T8", {**YES, "T8.1": "4"})
    form = {**filled(shown(web, flow, "T8")), "p:T8.1": ["edit"], "t:T8.1": ["มาก<b>"]}
    refused = web.post(item(flow, "T8"), {**form, "_do": "save"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "ต้องเป็นตัวเลข" in text
    assert "มาก&lt;b&gt;" in text


def test_rows_are_ticked(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T6", {"T6": ["r1"], "T6#r1/T6.name": f"หลักสูตร {code}", "T6#r1/T6.form": "room"})
    form = filled(shown(web, flow, "T6"))
    assert len(form["r:T6"]) == 2
    form["r:T6"] = form["r:T6"][1:]
    assert web.post(item(flow, "T6"), {**form, "_do": "save"}).status_code == 302
    answer = answer_of(flow, "T6")
    assert answer is not None
    assert [v for a, v in answer.value.items() if a.endswith("T6.name")] == ["หลักสูตร SO"]


def test_somebody_else_saved_first(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "ของหน่วยงาน"})
    form = filled(shown(web, flow, "T5.2"))
    flow.save("T5.2", {"T5.2": "ของจังหวัด"})
    late = web.post(item(flow, "T5.2"), {**form, "_do": "save"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "ของจังหวัด" in text
    assert 'value="keep"' in text
    answer = answer_of(flow, "T5.2")
    assert answer is not None
    assert answer.value == {"T5.2": "ของจังหวัด"}
    assert web.post(item(flow, "T5.2"), {**filled(text), "_do": "save"}).status_code == 302


def test_an_agency_changed_its_answer_meanwhile(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "เดิม"})
    form = filled(shown(web, flow, "T5.2"))
    give(flow.round, "PO", "T5.2", {"T5.2": "ใหม่"})
    late = web.post(item(flow, "T5.2"), {**form, "_do": "save"})
    assert late.status_code == 409
    assert "สำนักงาน PO แก้ไขคำตอบระหว่างที่ท่านพิจารณา" in late.content.decode()
    assert answer_of(flow, "T5.2") is None
    assert web.post(item(flow, "T5.2"), {**filled(late.content.decode()), "_do": "save"}).status_code == 302


def test_changed_after_consolidation_is_told_and_pulled_in(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "เดิม"})
    web.post(item(flow, "T5.2"), {**filled(shown(web, flow, "T5.2")), "_do": "save"})
    give(flow.round, "PO", "T5.2", {"T5.2": "ใหม่"})
    overview = web.get(reverse("survey:consolidate", args=[flow.response.pk]) + "?show=news").content.decode()
    assert "เปลี่ยนหลังรวม" in overview
    assert "T5.2" in overview
    text = shown(web, flow, "T5.2")
    assert "แก้ไขคำตอบหลังรวม" in text
    web.post(item(flow, "T5.2"), {**filled(text), "_do": "save"})
    answer = answer_of(flow, "T5.2")
    assert answer is not None
    assert answer.value == {"T5.2": "ใหม่"}
    assert "แก้ไขคำตอบหลังรวม" not in shown(web, flow, "T5.2")


def test_next_goes_to_what_waits(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "หนึ่ง"})
    give(flow.round, "PO", "T8", {"T8": "no"})
    first = web.post(item(flow, "T5.2"), {**filled(shown(web, flow, "T5.2")), "_do": "next"})
    assert first["Location"] == item(flow, "T8")
    last = web.post(item(flow, "T8"), {**filled(shown(web, flow, "T8")), "_do": "next"})
    assert last["Location"] == reverse("survey:consolidate", args=[flow.response.pk])


def test_once_submitted_it_is_read_only(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "หนึ่ง"})
    form = filled(shown(web, flow, "T5.2"))
    Response.objects.filter(pk=flow.response.pk).update(state=Response.State.SUBMITTED)
    text = shown(web, flow, "T5.2")
    assert 'value="save"' not in text
    assert "disabled" in text
    assert web.post(item(flow, "T5.2"), {**form, "_do": "save"}).status_code == 409
    agreed = reverse("survey:consolidate-agreed", args=[flow.response.pk])
    assert web.post(agreed)["Location"] == reverse("survey:consolidate", args=[flow.response.pk])
    assert answer_of(flow, "T5.2") is None


def test_who_may(flow: Flow) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "หนึ่ง"})
    of = contribution(flow.round, "PO")
    for user in (flow.who(Role.COMMITTEE), flow.who(Role.GOVERNOR), coordinator(agency(flow.round, "PO"))):
        client = Client()
        client.force_login(user)
        assert client.get(item(flow, "T5.2")).status_code in (403, 404)
        assert client.post(item(flow, "T5.2"), {"_do": "save"}).status_code in (403, 404)
    client = Client()
    client.force_login(flow.secretariat)
    assert client.get(reverse("survey:consolidate", args=[of.pk])).status_code == 404
    assert client.get(item(flow, "nothing")).status_code == 404


# -- evidence -------------------------------------------------------------------------------------


def attach(flow: Flow, code: str, address: str, content: bytes, mark: bool = True) -> Attachment:
    response = contribution(flow.round, code)
    question = flow.question(address.partition("=")[0].partition("#")[0].partition("/")[0])
    by = coordinator(agency(flow.round, code))
    made = evidence.attach_evidence(
        by=by, response=response, question=question, address=address, upload=upload(content, f"{code}.pdf")
    ).attachment
    if mark:
        evidence.save_mark(by=by, attachment=made, pages="1", quote=f"ข้อความของ {code}")
    return made


def test_evidence_is_picked_from_any_contribution(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES)
    give(flow.round, "SO", "T8", YES)
    first, second = attach(flow, "PO", "T8=yes", pdf("a")), attach(flow, "SO", "T8=yes", pdf("b"))
    bare = attach(flow, "SO", "T8=yes", pdf("c"), mark=False)
    text = shown(web, flow, "T8")
    assert "ข้อความของ PO" in text
    form = filled(text)
    assert sorted(form["ev"]) == sorted([str(first.public_id), str(second.public_id)])
    form["ev"] = [str(second.public_id), str(bare.public_id), "nonsense"]
    web.post(item(flow, "T8"), {**form, "_do": "save"})
    rows = Attachment.objects.filter(response=flow.response)
    assert {r.file_id for r in rows} == {second.file_id, bare.file_id}
    assert File.objects.count() == 3
    assert "แนบในคำตอบจังหวัดแล้ว" in shown(web, flow, "T8")


def test_taking_all_at_the_field_is_taking_all_of_the_question_evidence_included(flow: Flow, web: Client) -> None:
    for code, options in (("PO", ["evening"]), ("SO", ["weekend"])):
        give(flow.round, code, "T2", {"T2": options})
        attach(flow, code, f"T2={options[0]}", pdf(code))
    left = attach(flow, "SO", "T2=weekend", pdf("bare"), mark=False)
    before = filled(shown(web, flow, "T2"))
    assert "ev" not in before  # nothing is chosen yet, so nothing goes along
    preview = web.post(item(flow, "T2"), {**before, "p:T2": ["union"], "_do": "preview"}).content.decode()
    whole = shown(web, flow, "T2", "?take=all")
    assert sorted(filled(preview)["ev"]) == sorted(filled(whole)["ev"])
    for text in (preview, whole):
        assert "ไม่ได้นำหลักฐานไปด้วย 1 รายการ" in text
        assert "ยังไม่ทำเครื่องหมาย" in text.split('class="built-lacks"')[1].split("</details>")[0]
    done = web.post(item(flow, "T2"), {**before, "p:T2": ["union"], "_do": "save"}, follow=True)
    assert "พร้อมหลักฐาน 2 รายการ" in done.content.decode()
    assert "ไม่ได้นำหลักฐานไปด้วย 1 รายการ" in done.content.decode()
    rows = Attachment.objects.filter(response=flow.response)
    assert {row.address for row in rows} == {"T2=evening", "T2=weekend"}
    assert left.file_id not in {row.file_id for row in rows}


def test_what_the_person_ticked_or_cleared_outlives_another_choice(flow: Flow, web: Client) -> None:
    po, so = (give(flow.round, code, "T2", {"T2": ["evening"]}) for code in ("PO", "SO"))
    first, second = (attach(flow, code, "T2=evening", pdf(code)) for code in ("PO", "SO"))
    give(flow.round, "SO", "T2", {"T2": ["evening", "weekend"]})
    form = filled(shown(web, flow, "T2", f"?take={po.pk}"))
    assert form["ev"] == [str(first.public_id)]
    cleared = web.post(item(flow, "T2"), {**form, "ev": [], "p:T2": ["union"], "_do": "preview"}).content.decode()
    assert filled(cleared)["ev"] == [str(second.public_id)]
    assert "ไม่ได้เลือก" in cleared
    again = filled(cleared) | {"p:T2": [f"from:{so.pk}"]}
    web.post(item(flow, "T2"), {**again, "_do": "save"})
    assert Attachment.objects.get(response=flow.response).file_id == second.file_id


def test_much_evidence_at_one_place_is_picked_together_or_one_by_one(flow: Flow, web: Client) -> None:
    codes = ("PO", "SO", "PH", "AA", "BB")
    for code in codes:
        give(flow.round, code, "T8", YES)
        attach(flow, code, "T8=yes", pdf(code), mark=code != "BB")
    text = shown(web, flow, "T8")
    assert text.count('class="proof"') == 2
    assert "อีก 2 รายการที่ทำเครื่องหมายแล้ว" in text
    form = filled(text)
    assert "*T8=yes" in form["ev"]
    assert len(form["ev"]) == 3
    built = web.post(item(flow, "T8"), {**form, "_do": "preview"}, headers={"HX-Request": "true"}).content.decode()
    assert "นำหลักฐานมาด้วย 4 รายการ" in built
    every = shown(web, flow, "T8", "?ev=all")
    assert every.count('class="proof"') == 5
    assert len(filled(every)["ev"]) == 4
    web.post(item(flow, "T8"), {**form, "_do": "save"})
    assert Attachment.objects.filter(response=flow.response).count() == 4
    assert File.objects.count() == 5


def test_who_gives_a_value_is_said_shortly(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO", "PH", "AA"):
        give(flow.round, code, "T8", YES)
    assert ">PO SO PH AA<" in shown(web, flow, "T8")
    give(flow.round, "BB", "T8", YES)
    assert ">ทั้ง 5 หน่วยงาน<" in shown(web, flow, "T8")
    give(flow.round, "CC", "T8", {"T8": "no"})
    text = shown(web, flow, "T8")
    assert ">ทั้ง 6 หน่วยงาน ยกเว้น CC<" in text
    assert ">สำนักงาน CC<" in text


def test_evidence_of_a_row_follows_it(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T6", {"T6": ["r1"], "T6#r1/T6.name": f"หลักสูตร {code}", "T6#r1/T6.form": "room"})
        attach(flow, code, "T6#r1", pdf(code))
    form = filled(shown(web, flow, "T6"))
    kept = form["r:T6"] = form["r:T6"][1:]
    web.post(item(flow, "T6"), {**form, "_do": "save"})
    (row,) = Attachment.objects.filter(response=flow.response)
    assert (row.address, row.name) == (f"T6#{kept[0]}", "SO.pdf")


def test_the_score_moves_with_evidence(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES)
    attach(flow, "PO", "T8=yes", pdf("a"))
    form = filled(shown(web, flow, "T8"))
    with_it = web.post(item(flow, "T8"), {**form, "_do": "preview"}).content.decode()
    without = web.post(item(flow, "T8"), {**form, "ev": [], "_do": "preview"}).content.decode()
    total = re.compile(r'<strong class="num">([\d.]+)</strong>')
    assert float(total.findall(with_it)[0]) > float(total.findall(without)[0])


# -- overview and all that agree ------------------------------------------------------------------


def test_all_that_agree_in_one_click(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T5.2", {"T5.2": "ตรงกัน"})
        give(flow.round, code, "T1", {"T1": "done", "T1.3": "https://example.org/plan"})
        give(flow.round, code, "T0.mail", {"T0.mail": f"{code.lower()}@example.org"})
    url = reverse("survey:consolidate", args=[flow.response.pk])
    text = web.get(url).content.decode()
    assert "ใช้คำตอบที่ตรงกันทั้งหมด (2)" in text
    agreed = reverse("survey:consolidate-agreed", args=[flow.response.pk])
    looked = web.get(agreed).content.decode()
    assert "นำมาใช้ 2 ข้อ" in looked
    assert "หน่วยงานตอบต่างกัน" in looked
    done = web.post(agreed, {"_evidence": "1"}, follow=True)
    told = done.content.decode()
    assert "แล้ว 2 ข้อ" in told
    assert "หน่วยงานตอบต่างกัน" in told
    assert Answer.objects.filter(response=flow.response).count() == 2
    assert "ขณะนี้ไม่มีข้อที่นำมาใช้ได้ทันที" in web.get(url).content.decode()
    assert web.get(reverse("survey:consolidate-report", args=[flow.response.pk, 1])).status_code == 404


def test_evidence_comes_along_when_all_agree(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T2", {"T2": ["evening"]})
        attach(flow, code, "T2=evening", pdf(code))
    agreed = reverse("survey:consolidate-agreed", args=[flow.response.pk])
    web.post(agreed, {"_evidence": "1"})
    assert Attachment.objects.filter(response=flow.response).count() == 2


def test_evidence_left_behind_when_all_agree_is_said(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T2", {"T2": ["evening"]})
        attach(flow, code, "T2=evening", pdf(code))
    done = web.post(reverse("survey:consolidate-agreed", args=[flow.response.pk]), follow=True)
    assert "ไม่ได้นำหลักฐานไปด้วย 2 รายการ" in done.content.decode()
    assert not Attachment.objects.filter(response=flow.response).exists()


@pytest.mark.parametrize("show", ["", "open", "agree", "differ", "news", "done", "nobody", "strange"])
def test_filters(flow: Flow, web: Client, show: str) -> None:
    give(flow.round, "PO", "T5.2", {"T5.2": "ตรงกัน"})
    text = web.get(reverse("survey:consolidate", args=[flow.response.pk]) + f"?show={show}").content.decode()
    assert ("T5.2" in text) == (show in ("", "open", "agree", "strange"))
