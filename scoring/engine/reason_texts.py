"""The sentences of which the reason for a criterion's points is put together, Thai and English. PURE."""

from __future__ import annotations

from survey.instrument.schema import LocalizedText

STATE_REASONS: dict[str, LocalizedText] = {
    "counted": LocalizedText("นับแล้ว", "Counted."),
    "no_evidence": LocalizedText(
        "ตอบแล้ว แต่หลักฐานยังไม่ได้แนบหรือทำเครื่องหมาย จึงไม่นับ", "Answered without marked evidence, so not counted."
    ),
    "contradicts": LocalizedText(
        "คำตอบนี้ขัดกับคำตอบอื่น จึงไม่นับจนกว่าจะแก้ให้ตรงกัน", "Contradicts another answer, so not counted until mended."
    ),
    "other": LocalizedText("ตอบเป็นอย่างอื่นซึ่งเกณฑ์ไม่นับ", "Answered with something the criterion does not count."),
    "not_given": LocalizedText("ยังไม่ได้ตอบหรือยังไม่มี จึงไม่นับ", "Not answered or not there, so not counted."),
    "off": LocalizedText("ยังไม่เปิดให้ตอบเพราะคำตอบก่อนหน้า จึงไม่นับ", "Closed by an earlier answer, so not counted."),
}


ASSUMED_MARK = LocalizedText(" (ข้อสมมติ)", " (assumed)")


ASSUMED_NOTE = LocalizedText(" (ขั้นคะแนนนี้เป็นข้อสมมติ ยังไม่มีประกาศ)", " (this step is assumed, not published)")


UNPROVEN_NOTE = LocalizedText(
    " มี {n} ข้อที่ตอบแล้วแต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย จึงยังไม่นับ",
    " {n} answered without marked evidence, so not counted yet.",
)


CONTRADICTS_NOTE = LocalizedText(
    " มี {n} ข้อที่ขัดกับคำตอบอื่น จึงไม่นับจนกว่าจะแก้ให้ตรงกัน",
    " {n} contradict other answers, so not counted until mended.",
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


RATIO_CONTRADICTS = LocalizedText(
    "{part} จาก {whole} ขัดแย้งกัน จึงได้ {points} คะแนนจนกว่าจะแก้ไขจำนวน",
    "{part} of {whole} contradict each other: {points} points until a number is mended.",
)


PICKED = LocalizedText("ตอบ “{label}” ได้ {points} คะแนน", "Answered “{label}”: {points} points.")


CONTRADICTS_OTHER = LocalizedText(
    "ตอบ “{label}” ซึ่งขัดกับคำตอบอื่น จึงไม่ได้คะแนนจนกว่าจะแก้ให้ตรงกัน",
    "Answered “{label}”, which contradicts another answer: no points until it is mended.",
)
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
EXPECTED_EXTERNAL_SCORE = LocalizedText(
    "คะแนนจากภายนอก {points} (ยังไม่ใช่ผลจริง) ที่ผู้มีสิทธิบันทึกไว้",
    "Score from outside, entered by an authorised person before there is a result: {points} (not a result yet).",
)


ESTIMATED_EXTERNAL_SCORE = LocalizedText(
    "ยังไม่มีผู้บันทึกคะแนนจากภายนอก จึงประมาณไว้ {score} (อาจเป็น {low}–{high}) จาก{source}",
    "The score from outside is not entered yet; estimated at {score} ({low} to {high}) from {source}.",
)
EXTERNAL_SCORE_MISSING = LocalizedText(
    "คะแนนนี้มาจากภายนอก ไม่ได้คิดจากคำตอบของจังหวัด และยังไม่มีผู้บันทึก",
    "This score comes from outside, not from the province's answers, and is not entered yet.",
)
