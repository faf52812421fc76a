"""Why a criterion gave its points: one sentence in plain Thai and English, built from the data. PURE."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from scoring.scheme.types import Criterion, PointStep, Quantity, SourcedNumber
from survey.instrument.schema import LocalizedText

STATE_REASONS: dict[str, LocalizedText] = {
    "counted": LocalizedText("นับแล้ว", "Counted."),
    "no_evidence": LocalizedText(
        "ตอบแล้ว แต่หลักฐานยังไม่ได้แนบหรือทำเครื่องหมาย จึงไม่นับ", "Answered without marked evidence, so not counted."
    ),
    "other": LocalizedText("ตอบเป็นอย่างอื่นซึ่งเกณฑ์ไม่นับ", "Answered with something the criterion does not count."),
    "not_given": LocalizedText("ยังไม่ได้ตอบหรือยังไม่มี จึงไม่นับ", "Not answered or not there, so not counted."),
    "off": LocalizedText("ยังไม่เปิดให้ตอบเพราะคำตอบก่อนหน้า จึงไม่นับ", "Closed by an earlier answer, so not counted."),
}
Placeholders = dict[str, LocalizedText | str]
Phrase = tuple[LocalizedText, Placeholders]

PUBLISHED_ORIGINS = ("official", "recovered")
ASSUMED_MARK = LocalizedText(" (ข้อสมมติ)", " (assumed)")
ASSUMED_NOTE = LocalizedText(" (ขั้นคะแนนนี้เป็นข้อสมมติ ยังไม่มีประกาศ)", " (this step is assumed, not published)")
UNPROVEN_NOTE = LocalizedText(
    " มี {n} ข้อที่ตอบแล้วแต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย จึงยังไม่นับ",
    " {n} answered without marked evidence, so not counted yet.",
)
FULL_COUNT = LocalizedText(
    "นับได้ {value} {unit} ครบ {full} {unit} ได้ {points} คะแนน",
    "{value} {unit} counted, {full} needed: {points} points.",
)
PARTIAL_COUNT = LocalizedText("นับได้ {value} {unit} ได้ {points} คะแนน", "{value} {unit} counted: {points} points.")
NEXT_STEP = LocalizedText(" ถ้าถึง {at} {unit} ได้ {points} คะแนน{mark}", " {at} {unit} would give {points}{mark}.")
TOP_STEP = LocalizedText(" ครบ {at} {unit} ได้เต็ม {points} คะแนน{mark}", " {at} {unit} give the full {points}{mark}.")
RATIO = LocalizedText(
    "{part} จาก {whole} คิดเป็นร้อยละ {value} ได้ {points} คะแนน",
    "{part} of {whole} is {value} per cent: {points} points.",
)
RATIO_NEXT = LocalizedText(" ถ้าถึงร้อยละ {at} ได้ {points} คะแนน{mark}", " {at} per cent would give {points}{mark}.")
RATIO_UNKNOWN = LocalizedText(
    "ยังคิดสัดส่วนไม่ได้ เพราะยังไม่มีจำนวนครบทั้งสองค่า หรือจำนวนทั้งหมดเป็นศูนย์ ได้ {points} คะแนน",
    "No share yet: a number is missing, or the whole is zero. {points} points.",
)
PICKED = LocalizedText("ตอบ “{label}” ได้ {points} คะแนน", "Answered “{label}”: {points} points.")
PICKED_WITHOUT_EVIDENCE = LocalizedText(
    "ตอบ “{label}” แต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย จึงยังไม่ได้คะแนน",
    "Answered “{label}” without marked evidence, so no points yet.",
)
UNANSWERED = LocalizedText("ยังไม่ได้ตอบ", "Not answered yet.")
CLOSED_QUESTION = LocalizedText("ข้อนี้ยังไม่เปิดให้ตอบ เพราะคำตอบของข้อก่อนหน้า", "Closed by an earlier answer.")
BETTER_OPTION = LocalizedText(
    " ถ้าเป็น “{label}” พร้อมหลักฐานที่ขอ ได้ {points} คะแนน{mark}",
    " “{label}”, with the evidence it asks for, would give {points}{mark}.",
)
EXTERNAL_SCORE = LocalizedText(
    "คะแนนจากภายนอก {points} ที่ผู้มีสิทธิบันทึกไว้",
    "Score from outside, entered by an authorised person: {points}.",
)
EXTERNAL_SCORE_MISSING = LocalizedText(
    "คะแนนนี้มาจากภายนอก ไม่ได้คิดจากคำตอบของจังหวัด และยังไม่มีผู้บันทึก",
    "This score comes from outside, not from the province's answers, and is not entered yet.",
)


def format_number(value: Quantity) -> str:
    """A count or score as people write it: whole without places, else at most two."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    text = f"{value.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".")


@lru_cache(maxsize=8192)
def explain_count(
    criterion: Criterion, value: Quantity, bare: int, points: SourcedNumber, next_: PointStep | None
) -> LocalizedText:
    """The sentence of a counting criterion; `bare`: how many are answered without marked evidence."""
    unit, got = criterion.unit, format_number(points.value)
    top = criterion.steps[-1]
    said: list[Phrase] = []
    names: Placeholders = {"unit": unit, "points": got, "value": format_number(value)}
    said.append((PARTIAL_COUNT, names) if next_ else (FULL_COUNT, {**names, "full": format_number(top.at)}))
    said += _assumed_note(points)
    if next_:
        said.append((NEXT_STEP, {"at": format_number(next_.at), "unit": unit, **_describe_points(next_.points)}))
        if next_ is not top:
            said.append((TOP_STEP, {"at": format_number(top.at), "unit": unit, **_describe_points(top.points)}))
    if bare:
        said.append((UNPROVEN_NOTE, {"n": str(bare)}))
    return _compose_sentence(*said)


@lru_cache(maxsize=8192)
def explain_ratio(
    part: Quantity, whole: Quantity, value: Quantity, points: SourcedNumber, next_: PointStep | None
) -> LocalizedText:
    """The sentence of a ratio of two numbers."""
    got = format_number(points.value)
    if value is None:
        return _compose_sentence((RATIO_UNKNOWN, {"points": got}))
    names: Placeholders = {
        "part": format_number(part),
        "whole": format_number(whole),
        "value": format_number(value),
        "points": got,
    }
    said: list[Phrase] = [(RATIO, names), *_assumed_note(points)]
    if next_:
        said.append((RATIO_NEXT, {"at": format_number(next_.at), **_describe_points(next_.points)}))
    return _compose_sentence(*said)


@lru_cache(maxsize=8192)
def explain_choice(
    picked: LocalizedText | None,
    proven: bool,
    closed: bool,
    points: SourcedNumber,
    better: tuple[LocalizedText, SourcedNumber] | None,
) -> LocalizedText:
    """The sentence of a choice: what is picked, whether it is proven, and the next better option."""
    said: list[Phrase] = []
    if picked is None:
        said.append((CLOSED_QUESTION if closed else UNANSWERED, {}))
    elif not proven:
        said.append((PICKED_WITHOUT_EVIDENCE, {"label": picked}))
    else:
        said += [(PICKED, {"label": picked, "points": format_number(points.value)}), *_assumed_note(points)]
    if better and not closed:
        said.append((BETTER_OPTION, {"label": better[0], **_describe_points(better[1])}))
    return _compose_sentence(*said)


@lru_cache(maxsize=1024)
def explain_external_score(points: Decimal | None) -> LocalizedText:
    """The sentence of a score from outside."""
    return _compose_sentence(
        (EXTERNAL_SCORE_MISSING, {}) if points is None else (EXTERNAL_SCORE, {"points": format_number(points)})
    )


def _describe_points(points: SourcedNumber) -> Placeholders:
    """Points that could be had, with a mark where nobody published them."""
    return {"points": format_number(points.value), "mark": "" if points.origin in PUBLISHED_ORIGINS else ASSUMED_MARK}


def _assumed_note(points: SourcedNumber) -> list[Phrase]:
    told = points.value and points.origin not in PUBLISHED_ORIGINS
    return [(ASSUMED_NOTE, {})] if told else []


def _compose_sentence(*parts: Phrase) -> LocalizedText:
    def in_(language: str) -> str:
        return "".join(
            text.to(language).format(
                **{k: v.to(language) if isinstance(v, LocalizedText) else v for k, v in names.items()}
            )
            for text, names in parts
        )

    return LocalizedText(in_("th"), in_("en"))
