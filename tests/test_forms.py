"""The Enter key is harmless: every form of every page, for every role. The table of what is allowed: HARMLESS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from survey.approval import actions as workflow
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response
from tests.flow import make_flow, outside, submit_with_reasons
from tests.matrix_rows import Row
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.people import People
from tests.survey.agencies import assign, give
from tests.test_matrix import signed_in

# Enter in these presses the first submit button of their form (in Chromium also in boxes and choices).
ONE_LINE = {"text", "number", "url", "email", "password", "search", "tel", "date", "time", "checkbox", "radio"}
# What the first submit button of a posted form with such a field may say: it keeps, reads or previews what was typed.
HARMLESS = {
    "บันทึก": "keeps what was typed; changed again in the same place",
    "บันทึกเครื่องหมาย": "as above",
    "บันทึกไว้ก่อน": "as above, before a meeting concludes",
    "บันทึกตามที่เลือก": "chooses between two values; the history holds both",
    "เพิ่ม": "adds an address as evidence, which can be removed",
    "ยืนยันหลักฐาน": "confirms with the date or the reason that was typed for it; undone beside it",
    "รวมเป็น PDF": "adds a document to the library, which can be removed; the pictures are asked for first",
    "ใช้ที่ตำแหน่งที่เลือก": "attaches at the ticked places, where it can be taken off",
    "ดูผลก่อนบันทึก": "shows the page again",
    "สร้างไฟล์": "makes a paper, which changes nothing and can be cancelled",
    "ตรวจไฟล์ก่อน": "shows the page again",
    "คิดคะแนน": "shows the page again",
    "ยืนยัน": "the code or password that was typed, nothing else on the page",
    "ยืนยันและเริ่มใช้": "the code that was typed sets the app up; it is removed beside it",
    "เพิ่มพาสคีย์": "the browser asks first; it can be removed beside it",
    "เข้าสู่ระบบ": "signing in is undone by signing out",
    "เปิดบัญชีและเข้าสู่ระบบ": "two passwords of one's own were typed for it",
    "เปลี่ยนรหัสผ่าน": "three passwords of one's own were typed for it",
    "สร้างรหัส": "a token of the API, of what was ticked for it; it can be revoked beside it",
    "ส่งลิงก์": "a letter to the address that was typed, nothing else on the page",
}
NAMED = {"_do=preview", "keep=1"}  # buttons with a name among the first ones: a preview, a draft


@dataclass
class Form:
    """A form as a browser sees it: its one-line fields and its first submit button."""

    method: str
    action: str
    fields: list[str] = field(default_factory=list)
    button: dict[str, str] | None = None
    label: str = ""

    def fault(self) -> str:
        """Why Enter in one of its fields is not harmless; empty if it is."""
        if self.method == "get" or not self.fields or (self.button is not None and "disabled" in self.button):
            return ""
        if self.button is None:
            return "no submit button"
        named = f"{self.button['name']}={self.button.get('value', '')}" if self.button.get("name") else ""
        label = " ".join(self.label.split())
        if label in HARMLESS and "formaction" not in self.button and (not named or named in NAMED):
            return ""
        return f"“{label}” {named}"


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._labelled: Form | None = None
        self._disabled: list[bool] = []
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._templates += 1
        elif self._templates:
            return
        elif tag == "form":
            self._open = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._open)
        elif tag == "fieldset":
            self._disabled.append("disabled" in given)
        elif tag in ("input", "button") and self._open is not None and "form" not in given:
            self._control(self._open, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        off = "disabled" in given or any(self._disabled)
        if kind in ("submit", "image") and form.button is None:
            form.button = {**given, **({"disabled": ""} if off else {})}
            form.label = given.get("value", "") if tag == "input" else ""
            self._labelled = form if tag == "button" else None
        elif tag == "input" and kind in ONE_LINE and not off and "readonly" not in given:
            form.fields.append(given.get("name", ""))

    def handle_data(self, data: str) -> None:
        if self._labelled is not None:
            self._labelled.label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._templates -= 1
        elif tag == "form":
            self._open = None
        elif tag == "button":
            self._labelled = None
        elif tag == "fieldset" and self._disabled:
            self._disabled.pop()


def faults_of(html: str) -> list[str]:
    """What Enter would do wrong on a page, one line for each form."""
    reader = Forms()
    reader.feed(html)
    return [f"form to {form.action or 'itself'}: {fault}" for form in reader.forms if (fault := form.fault())]


def walk(url: str, who: list[tuple[str, User | None]]) -> Iterator[str]:
    """The faults of a page for everybody who may open it."""
    for name, user in who:
        reply = (signed_in(user) if user else Client()).get(url)
        if reply.streaming:
            reply.getvalue()  # a file is closed once it has been read
        elif reply.status_code == 200 and reply.headers["Content-Type"].startswith("text/html"):
            yield from (f"{url} as {name}, {fault}" for fault in faults_of(reply.content.decode()))


def admitted(world: World, row: Row) -> list[tuple[str, User | None]]:
    """Who the table lets in, one person of each role."""
    people: list[tuple[str, User | None]] = [("signed out", None)] if row.public else []
    return people + [(name, user) for name, user in world.people.everyone() if row.lets_in(world, user)]


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.method == "get" and not row.by_token))
def test_enter_is_harmless_on_every_page(name: str, people: People) -> None:
    world, row = World(people), ROWS[name]
    url = reverse(name, kwargs=row.kwargs(world)) + row.query
    if name.startswith("evidence:"):
        assert world.mark, "a file with a mark, so that their forms are on the page"
    elif name.startswith(("survey:board", "survey:desk", "survey:assign", "survey:meeting", "survey:threads")):
        assert all((world.part, world.meeting, world.comment))
    elif name.startswith("scoring:"):
        assert all((world.scenario, world.plan))
    assert list(walk(url, admitted(world, row))) == []


def test_enter_is_harmless_in_every_section_of_the_form(people: People) -> None:
    world = World(people)
    response = world.carried
    office: list[tuple[str, User | None]] = [("secretariat", world.member)]
    sections = compiled_instrument(response.round.instrument).sections
    found = [walk(reverse("survey:fill", args=[response.pk, section.id]), office) for section in sections]
    assert [fault for faults in found for fault in faults] == []


STEPS = ("survey:submit", "survey:withdraw", "survey:approve", "survey:return", "survey:reopen", "survey:brief")


def steps_of(people: People, response: Response) -> list[str]:
    """The faults of the pages on which a response takes its steps, in its state."""
    everyone = list(people.everyone())
    return [fault for name in STEPS for fault in walk(reverse(name, args=[response.pk]), everyone)]


@pytest.mark.once
def test_enter_decides_nothing_in_any_state(people: People) -> None:
    flow = make_flow(people)
    assert steps_of(people, flow.response) == []
    submit_with_reasons(flow)
    assert steps_of(people, flow.response) == []
    workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert steps_of(people, flow.response) == []


@pytest.mark.slow
def test_enter_is_harmless_where_agencies_have_answered(people: People) -> None:
    flow = make_flow(people)
    for item_id, first, second in (("T8", {"T8": "no"}, {"T8": "no"}), ("T5.2", {"T5.2": "ก"}, {"T5.2": "ข"})):
        for code, value in (("A1", first), ("A2", second)):
            assign(flow.round, code, item_id, Assignment.State.OPEN)
            give(flow.round, code, item_id, value)
    Assignment.objects.update(state=Assignment.State.SUBMITTED)
    place = {"code": flow.province.code, "year": flow.round.year}
    urls = [reverse(f"survey:{name}", kwargs=place) for name in ("board", "desk", "assignments")]
    urls += [reverse(f"survey:{name}", args=[flow.response.pk]) for name in ("consolidate", "consolidate-agreed")]
    urls += [reverse("survey:consolidate-item", args=[flow.response.pk, item_id]) for item_id in ("T8", "T5.2")]
    assert [fault for url in urls for fault in walk(url, list(people.everyone()))] == []
    page = signed_in(flow.secretariat).get(urls[-1]).content.decode()
    assert "ดูผลก่อนบันทึก" in page
    assert "ใช้คำตอบที่ตรงกันทั้งหมด" in signed_in(flow.secretariat).get(urls[3]).content.decode()


def test_enter_is_harmless_in_a_conflict_and_beside_the_form(people: People) -> None:
    flow = make_flow(people)
    flow.save("T1", {"T1": "done"})
    office = signed_in(flow.secretariat)
    late = office.post(reverse("survey:answer", args=[flow.response.pk, "T1"]), {"_revision": "0", "T1": "none"})
    assert late.status_code == 409
    assert faults_of(late.content.decode()) == []
    panel = office.get(reverse("evidence:slot", args=[flow.response.pk, "T1"]) + "?at=T1%3Ddone").content.decode()
    assert 'name="url"' in panel
    assert faults_of(panel) == []


def test_the_walk_finds_a_form_that_clears() -> None:
    clears = '<form method="post"><input name="a"><button name="_clear" value="1">ล้างคำตอบข้อนี้</button></form>'
    assert faults_of(clears) == ["form to itself: “ล้างคำตอบข้อนี้” _clear=1"]
    assert (
        faults_of(clears.replace('<input name="a">', '<input name="a"><button type="submit" disabled></button>')) == []
    )
    assert faults_of('<form method="post"><input name="a"><button>อนุมัติ</button></form>')
