"""Why a criterion gave its points: one sentence in plain Thai and English, built from the data. PURE."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from scoring.scheme.types import Count, Criterion, Figure, Step
from survey.instrument.schema import Text

STATES: dict[str, Text] = {
    "counted": Text("นับแล้ว", "Counted."),
    "no_evidence": Text(
        "ตอบแล้ว แต่หลักฐานยังไม่ได้แนบหรือทำเครื่องหมาย จึงไม่นับ", "Answered without marked evidence, so not counted."
    ),
    "other": Text("ตอบเป็นอย่างอื่นซึ่งเกณฑ์ไม่นับ", "Answered with something the criterion does not count."),
    "not_given": Text("ยังไม่ได้ตอบหรือยังไม่มี จึงไม่นับ", "Not answered or not there, so not counted."),
    "off": Text("ยังไม่เปิดให้ตอบเพราะคำตอบก่อนหน้า จึงไม่นับ", "Closed by an earlier answer, so not counted."),
}
Names = dict[str, Text | str]
Said = tuple[Text, Names]

KNOWN = ("official", "recovered")
MARK = Text(" (ข้อสมมติ)", " (assumed)")
ASSUMED = Text(" (ขั้นคะแนนนี้เป็นข้อสมมติ ยังไม่มีประกาศ)", " (this step is assumed, not published)")
UNPROVEN = Text(
    " มี {n} ข้อที่ตอบแล้วแต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย จึงยังไม่นับ",
    " {n} answered without marked evidence, so not counted yet.",
)
FULL = Text(
    "นับได้ {value} {unit} ครบ {full} {unit} ได้ {points} คะแนน",
    "{value} {unit} counted, {full} needed: {points} points.",
)
PART = Text("นับได้ {value} {unit} ได้ {points} คะแนน", "{value} {unit} counted: {points} points.")
NEXT = Text(" ถ้าถึง {at} {unit} ได้ {points} คะแนน{mark}", " {at} {unit} would give {points}{mark}.")
TOP = Text(" ครบ {at} {unit} ได้เต็ม {points} คะแนน{mark}", " {at} {unit} give the full {points}{mark}.")
RATIO = Text(
    "{part} จาก {whole} คิดเป็นร้อยละ {value} ได้ {points} คะแนน",
    "{part} of {whole} is {value} per cent: {points} points.",
)
RATIO_NEXT = Text(" ถ้าถึงร้อยละ {at} ได้ {points} คะแนน{mark}", " {at} per cent would give {points}{mark}.")
RATIO_NONE = Text(
    "ยังคิดสัดส่วนไม่ได้ เพราะยังไม่มีจำนวนครบทั้งสองค่า หรือจำนวนทั้งหมดเป็นศูนย์ ได้ {points} คะแนน",
    "No share yet: a number is missing, or the whole is zero. {points} points.",
)
PICKED = Text("ตอบ “{label}” ได้ {points} คะแนน", "Answered “{label}”: {points} points.")
PICKED_BARE = Text(
    "ตอบ “{label}” แต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย จึงยังไม่ได้คะแนน",
    "Answered “{label}” without marked evidence, so no points yet.",
)
UNANSWERED = Text("ยังไม่ได้ตอบ", "Not answered yet.")
CLOSED = Text("ข้อนี้ยังไม่เปิดให้ตอบ เพราะคำตอบของข้อก่อนหน้า", "Closed by an earlier answer.")
BETTER = Text(
    " ถ้าเป็น “{label}” พร้อมหลักฐานที่ขอ ได้ {points} คะแนน{mark}",
    " “{label}”, with the evidence it asks for, would give {points}{mark}.",
)
OUTSIDE = Text(
    "คะแนนจากภายนอก {points} ที่ผู้มีสิทธิบันทึกไว้",
    "Score from outside, entered by an authorised person: {points}.",
)
OUTSIDE_NONE = Text(
    "คะแนนนี้มาจากภายนอก ไม่ได้คิดจากคำตอบของจังหวัด และยังไม่มีผู้บันทึก",
    "This score comes from outside, not from the province's answers, and is not entered yet.",
)


def number(value: Count) -> str:
    """A count or score as people write it: whole without places, else at most two."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    text = f"{value.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".")


@lru_cache(maxsize=8192)
def count_reason(criterion: Criterion, value: Count, bare: int, points: Figure, next_: Step | None) -> Text:
    """The sentence of a counting criterion; `bare`: how many are answered without marked evidence."""
    unit, got = criterion.unit, number(points.value)
    top = criterion.steps[-1]
    said: list[Said] = []
    names: Names = {"unit": unit, "points": got, "value": number(value)}
    said.append((PART, names) if next_ else (FULL, {**names, "full": number(top.at)}))
    said += _assumed(points)
    if next_:
        said.append((NEXT, {"at": number(next_.at), "unit": unit, **_worth(next_.points)}))
        if next_ is not top:
            said.append((TOP, {"at": number(top.at), "unit": unit, **_worth(top.points)}))
    if bare:
        said.append((UNPROVEN, {"n": str(bare)}))
    return _say(*said)


@lru_cache(maxsize=8192)
def ratio_reason(part: Count, whole: Count, value: Count, points: Figure, next_: Step | None) -> Text:
    """The sentence of a ratio of two numbers."""
    got = number(points.value)
    if value is None:
        return _say((RATIO_NONE, {"points": got}))
    names: Names = {"part": number(part), "whole": number(whole), "value": number(value), "points": got}
    said: list[Said] = [(RATIO, names), *_assumed(points)]
    if next_:
        said.append((RATIO_NEXT, {"at": number(next_.at), **_worth(next_.points)}))
    return _say(*said)


@lru_cache(maxsize=8192)
def choice_reason(
    picked: Text | None, proven: bool, closed: bool, points: Figure, better: tuple[Text, Figure] | None
) -> Text:
    """The sentence of a choice: what is picked, whether it is proven, and the next better option."""
    said: list[Said] = []
    if picked is None:
        said.append((CLOSED if closed else UNANSWERED, {}))
    elif not proven:
        said.append((PICKED_BARE, {"label": picked}))
    else:
        said += [(PICKED, {"label": picked, "points": number(points.value)}), *_assumed(points)]
    if better and not closed:
        said.append((BETTER, {"label": better[0], **_worth(better[1])}))
    return _say(*said)


@lru_cache(maxsize=1024)
def external_reason(points: Decimal | None) -> Text:
    """The sentence of a score from outside."""
    return _say((OUTSIDE_NONE, {}) if points is None else (OUTSIDE, {"points": number(points)}))


def _worth(points: Figure) -> Names:
    """Points that could be had, with a mark where nobody published them."""
    return {"points": number(points.value), "mark": "" if points.origin in KNOWN else MARK}


def _assumed(points: Figure) -> list[Said]:
    told = points.value and points.origin not in KNOWN
    return [(ASSUMED, {})] if told else []


def _say(*parts: Said) -> Text:
    def in_(language: str) -> str:
        return "".join(
            text.to(language).format(**{k: v.to(language) if isinstance(v, Text) else v for k, v in names.items()})
            for text, names in parts
        )

    return Text(in_("th"), in_("en"))
