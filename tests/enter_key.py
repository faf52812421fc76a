"""What the Enter key does in the forms of a page. The table of what is allowed: HARMLESS."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponseBase

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


def faults_of_page(reply: HttpResponseBase) -> list[str]:
    """As above, of a reply; nothing of what is no page."""
    is_page = reply.status_code == 200 and reply.headers["Content-Type"].startswith("text/html")
    return faults_of(reply.content.decode()) if is_page and not reply.streaming else []
