"""Why a report cannot be made, in words for the person who asked for it. PURE."""

from __future__ import annotations

from survey.instrument.schema import LocalizedText

MESSAGES: dict[str, LocalizedText] = {
    "frozen": LocalizedText(
        "เนื้อหาฉบับที่อนุมัติไม่ตรงกับค่าตรวจสอบที่บันทึกไว้ จึงไม่พิมพ์ โปรดแจ้งผู้ดูแลระบบ",
        "The approved content does not match its recorded hash, so it is not printed. Please tell the administrator.",
    ),
    "store": LocalizedText(
        "คลังไฟล์ไม่ตอบมา 1 วันแล้ว จึงหยุดรอ โปรดแจ้งผู้ดูแลระบบ แล้วลองใหม่",
        "The file store has not answered for a day, so waiting ended. Please tell the administrator, then try again.",
    ),
    "making": LocalizedText("สร้างไฟล์ไม่สำเร็จ โปรดลองใหม่อีกครั้ง", "The file could not be made. Please try again."),
    "altered": LocalizedText(
        "ไฟล์ในที่เก็บหายไปหรือไม่ตรงกับไฟล์ที่เก็บไว้เดิม ระบบแจ้งผู้ดูแลระบบแล้ว",
        "The file in the store is missing or is not the one that was kept. The administrators have been told.",
    ),
    "outside": LocalizedText(
        "แม่แบบเอกสารอ้างถึงไฟล์ที่ไม่อนุญาต โปรดแจ้งผู้ดูแลระบบ",
        "The template asks for a file that is not allowed. Please tell the administrator.",
    ),
    "gone": LocalizedText("ไม่พบข้อมูลของคำขอนี้แล้ว", "What this job was about is no longer there."),
    "untabled": LocalizedText(
        "การประชุมสรุปมติหรือถูกยกเลิกไปแล้ว จึงไม่เก็บเอกสารนี้เป็นเอกสารที่เสนอที่ประชุม",
        "The meeting is concluded or called off, so this paper is not kept as the one on its table.",
    ),
    "unapproved": LocalizedText(
        "คำตอบชุดนี้ยังไม่ได้อนุมัติ จึงยังไม่มีหนังสือรับรอง",
        "These answers are not approved, so there is no certificate yet.",
    ),
    "unscored": LocalizedText(
        "ปีนี้ยังไม่มีเกณฑ์คะแนน จึงยังไม่มีเหตุผลของคะแนน",
        "This year has no scoring scheme yet, so there are no reasons to print.",
    ),
    "signing": LocalizedText(
        "ลงลายมือชื่ออิเล็กทรอนิกส์ไม่ได้ โปรดให้ผู้ดูแลระบบตรวจกุญแจและใบรับรองที่ตั้งไว้",
        "The electronic signature could not be made. Please have the administrator check the key and certificate.",
    ),
    "unknown": LocalizedText(
        "สร้างไฟล์ไม่สำเร็จ โปรดลองใหม่อีกครั้ง หากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบพร้อมรหัส {code}",
        "The file could not be made. Please try again; if it fails again, give the administrator the code {code}.",
    ),
    "often": LocalizedText(
        "ระบบหยุดกลางคันหลายครั้งระหว่างสร้างไฟล์นี้ โปรดแจ้งผู้ดูแลระบบ",
        "The system stopped several times while making this file. Please tell the administrator.",
    ),
}


class ReportError(Exception):
    """A report cannot be made; `reason` is a key of WORDS."""

    def __init__(self, reason: str, **words: str) -> None:
        super().__init__(MESSAGES[reason].en.format(**words))
        self.reason = reason
        self.words = words

    def message_in(self, language: str = "th") -> str:
        """The reason as a sentence."""
        return MESSAGES[self.reason].to(language).format(**self.words)
