"""The words of the headline: clauses of the one sentence, and what to do first, Thai and English. PURE."""

from __future__ import annotations

from dgready.localized_text import LocalizedText

NOTHING_ANSWERED = LocalizedText(
    "ยังไม่มีคำตอบในข้อที่ให้คะแนน จึงยังประเมินคะแนนรวมไม่ได้",
    "no question that gives points is answered yet, so there is no total to speak of",
)
NOW = LocalizedText("ขณะนี้ได้ {total} จาก 100 คะแนน", "{total} of 100 points now")
NOW_IN_PART = LocalizedText(
    "ขณะนี้ได้ {total} จาก 100 คะแนน คิดเฉพาะส่วนที่รู้คะแนนแล้ว (ร้อยละ {known} ของน้ำหนัก)",
    "{total} of 100 points now, over the {known} % of the weight that is known",
)
NOW_WITH_ESTIMATES = LocalizedText(
    "ขณะนี้ได้ {total} จาก 100 คะแนน รวมค่าประมาณของ {codes} ที่ยังไม่มีคะแนนจากภายนอก",
    "{total} of 100 points now, with estimates for {codes}, whose scores from outside are not entered",
)
WITH_PROOF = LocalizedText(
    "ถ้าแนบหลักฐานครบทุกข้อที่ตอบไว้ จะได้ {total}", "{total} if everything that is answered gets its evidence"
)
ALL_PROVEN = LocalizedText("หลักฐานของข้อที่ตอบไว้ครบแล้ว", "all that is answered has its evidence")
LIKELY = LocalizedText(
    "ถ้าส่งตามที่เป็นอยู่ ผลจริงน่าจะอยู่ระหว่าง {low}–{high} (โอกาส 90 %)",
    "as it is, the result is most likely {low}–{high} (90 % chance)",
)
LIKELY_ONE = LocalizedText(
    "ถ้าส่งตามที่เป็นอยู่ ผลจริงน่าจะเป็น {low} (โอกาส 90 %)", "as it is, the result is most likely {low} (90 % chance)"
)
ALL_PUBLISHED = LocalizedText("เกณฑ์ทุกข้อประกาศแล้ว คะแนนจึงไม่มีช่วง", "every criterion is published, so there is no range")
KPI_NOW = LocalizedText(
    "ตัวชี้วัด ก.พ.ร. ขณะนี้ได้ {points} จาก {weight} คะแนน", "OPDC's KPI stands at {points} of {weight} points"
)
KPI_CHANCE = LocalizedText(
    "ตัวชี้วัด ก.พ.ร. มีโอกาส{chance} ที่จะได้ร้อยละ {percent} ขึ้นไป ({points} จาก {weight} คะแนน)",
    "OPDC's KPI gets {percent} % or more ({points} of {weight} points) with a chance of{chance}",
)
KPI_UNKNOWN = LocalizedText("ตัวชี้วัด ก.พ.ร. {why}", "OPDC's KPI {why}")
KPI_OFFICIAL = LocalizedText(
    "ตัวชี้วัด ก.พ.ร. ตามผลนี้ได้ {points} จาก {weight} คะแนน", "by this OPDC's KPI gets {points} of {weight} points"
)
OFFICIAL = LocalizedText("ผลที่ประกาศของปี {year} คือ {total} คะแนน", "the published result of {year} is {total} points")
OFFICIAL_RANKED = LocalizedText(
    "ผลที่ประกาศของปี {year} คือ {total} คะแนน อันดับ {rank}", "the published result of {year} is {total} points, rank {rank}"
)
FORECAST_APART = LocalizedText(
    "ระบบคิดไว้ {total} ต่างกัน {apart} คะแนน", "this system computed {total}, which is {apart} points apart"
)
FORECAST_MET = LocalizedText("ระบบคิดไว้เท่ากัน", "this system computed the same")
BELOW_ONE_PERCENT = LocalizedText("ไม่ถึง 1 %", "less than 1 %")
ABOVE_99_PERCENT = LocalizedText("เกิน 99 %", "more than 99 %")

LEVEL_OTHER = LocalizedText("{chance} (ระดับ {level} {likeliest})", "{chance} (level {level}: {likeliest})")

MEND = LocalizedText(
    "แก้ตัวเลขที่ขัดแย้งกันของ {code} {name}: {why}", "Mend the numbers of {code} {name} that contradict each other: {why}"
)
EVIDENCE = LocalizedText(
    "แนบและทำเครื่องหมายหลักฐานของ {code} {name} ซึ่งตอบแล้ว {n} รายการ",
    "Attach and mark the evidence of {code} {name}: {n} answered without it",
)
REJECTED = LocalizedText(
    "เปลี่ยนหลักฐานของ {code} {name} ที่ผู้ตรวจไม่รับ", "Replace the evidence of {code} {name} that a reviewer rejected"
)
ASK = LocalizedText("ตอบข้อที่ยังว่างของ {code} {name} {n} ข้อ", "Answer what is open in {code} {name} ({n})")
ASK_WHOM = LocalizedText("{what} โดยถาม{whom}", "{what}: ask {whom}")
ASK_OTHERS = LocalizedText("{first} และอีก {n} หน่วยงาน", "{first} and {n} more")
EXTERNAL = LocalizedText(
    "กรอกคะแนนจากภายนอกของ {code} {name} ซึ่งยังไม่มีผู้บันทึก",
    "Enter the score of {code} {name} from outside, which nobody has entered",
)
EXTERNAL_ESTIMATED = LocalizedText(
    "กรอกคะแนนจริงของ {code} {name} แทนค่าประมาณ {score} ซึ่งมาจาก{source}",
    "Enter the real score of {code} {name} in place of the estimate {score} from {source}",
)
GAIN = LocalizedText("เพิ่ม {points} คะแนน", "adds {points} points")
GAIN_AT_MOST = LocalizedText("เพิ่มได้ไม่เกิน {points} คะแนน", "adds up to {points} points")
CHANGE_WITHIN = LocalizedText("คะแนนรวมอาจเปลี่ยนได้ถึง {points} คะแนน", "can move the total by up to {points} points")
