"""Which paragraph of the guides helps with a topic: in the guide of the reader's role, else in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from accounts.models import User
from dgready.language import reader_language
from survey.guides.library import anchor_in, own_guides


class Paragraph(NamedTuple):
    """A guide and the anchor of one of its headings; an empty anchor is its beginning."""

    guide: str
    anchor: str


# By topic the anchor in each guide that has such a paragraph. Who has none of these guides gets the first.
TOPICS: Final[Mapping[str, Mapping[str, str]]] = {
    "start": {"start": "ควรรู้ก่อนใช้"},
    "account": {"start": "บัญชี"},
    "security": {"start": "การยืนยันขั้นที่สอง"},
    "notices": {"start": "การแจ้งเตือนและจดหมาย", "coordinator": "การแจ้งเตือนและปฏิทิน"},
    "home": {
        "start": "หน้าแรก",
        "coordinator": "เริ่มที่นี่",
        "secretariat": "เริ่มที่นี่",
        "committee": "เริ่มที่นี่",
        "governor": "เริ่มที่นี่",
        "admin": "เริ่มที่นี่",
    },
    "people": {"admin": "ผู้ใช้"},
    "security-log": {"admin": "บันทึกความปลอดภัย"},
    "agencies": {"admin": "หน่วยงาน"},
    "provinces": {"admin": "ส่วนกลาง"},
    "departments": {"departments": "รายชื่อส่วนราชการ"},
    "department-scores": {"departments": "คะแนนจากตารางของกรม"},
    "nation": {"nation": "ทุกจังหวัดในตารางเดียว"},
    "agency-rounds": {"agency-rounds": ""},
    "reasons": {"nation": "เหตุผลและตัวอย่าง"},
    "releases": {"nation": "การเผยแพร่"},
    "national-report": {"nation": "รายงานระดับประเทศ"},
    "system": {"admin": "สถานะระบบ"},
    "files": {"admin": "แบบและเกณฑ์"},
    "acts": {"nation": "ทำครั้งเดียวหลายจังหวัด"},
    "rounds": {"admin": "รอบสำรวจ"},
    "form-versions": {"admin": "ฉบับใหม่ของแบบสำรวจ"},
    "replies": {"secretariat": "โต้แย้งผลที่ประกาศ", "nation": "ผลที่ประกาศและการโต้แย้งผล"},
    "results": {"admin": "ส่วนกลาง", "secretariat": "คะแนน"},
    "evidence": {"evidence": ""},
    "evidence-review": {"secretariat": "ตรวจหลักฐาน"},
    "library": {"evidence": "คลังเอกสาร"},
    "fill": {"secretariat": "กรอกแบบ", "coordinator": "ตอบ", "committee": "อ่าน", "governor": "อ่าน"},
    "entry": {"secretariat": "กรอกจากกระดาษ", "coordinator": "กรอกจากกระดาษ"},
    "threads": {"agencies": "สอบถาม", "coordinator": "ตอบ", "committee": "อ่าน", "governor": "ตัดสินใจ"},
    "carried": {"secretariat": "คำตอบจากปีก่อน", "coordinator": "ตอบ"},
    "desk": {"coordinator": "หน้างานของหน่วยงาน"},
    "handing-in": {"coordinator": "ตรวจแล้วส่ง"},
    "stand-ins": {"coordinator": "ลาหรือไม่อยู่"},
    "board": {"agencies": "ติดตาม"},
    "assign": {"agencies": "มอบหมาย"},
    "consolidate": {"agencies": "รวมคำตอบ"},
    "check": {"secretariat": "ตรวจและเสนอ", "coordinator": "ตอบ"},
    "score": {"secretariat": "คะแนน", "committee": "อ่าน", "governor": "อ่าน"},
    "plan": {"improve": ""},
    "papers": {"secretariat": "เอกสารและไฟล์"},
    "letters": {"secretariat": "หนังสือราชการ"},
    "brief": {"governor": "อ่าน", "committee": "อ่าน"},
    "decide": {"governor": "ตัดสินใจ"},
    "reopen": {"governor": "หลังอนุมัติ"},
    "read": {"governor": "อ่าน", "committee": "อ่าน"},
    "versions": {"governor": "หลังอนุมัติ"},
    "meetings": {"committee": "การประชุม"},
    "register": {"committee": "ทะเบียนคณะกรรมการ"},
    "opinions": {"committee": "ความเห็นของกรรมการ"},
    "amendments": {"committee": "แก้ไขรายงานที่สรุปแล้ว"},
    "delegation": {"governor": "มอบอำนาจ"},
    "journal": {"agencies": "บันทึกเหตุการณ์"},
}


def paragraph_for(user: User, topic: str) -> Paragraph:
    """The paragraph on a topic in the first guide of the user's roles that has one, else in the topic's own guide."""
    anchors = TOPICS[topic]
    guide = next((guide for guide in own_guides(user) if guide in anchors), next(iter(anchors)))
    return Paragraph(guide, anchor_in(guide, anchors[guide], reader_language()))
