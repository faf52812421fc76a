"""Words of bulk acts: why a province is left out, what an act says of itself."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nation.models import BulkAct

Kind = BulkAct.Kind
REASONS: Final[dict[str, str | Promise]] = {
    "open": _("เปิดรอบของปีนี้ไว้แล้ว"),
    "no_form": _("ปีนี้ยังไม่มีแบบสำรวจที่เผยแพร่แล้ว"),
    "unknown": _("ไม่มีจังหวัดรหัสนี้"),
    "no_round": _("ยังไม่ได้เปิดรอบของปีนี้"),
    "same": _("ปิดวันนั้นอยู่แล้ว"),
    "past": _("วันปิดใหม่ผ่านมาแล้ว"),
    "needs_reason": _("รอบปิดแล้ว ขยายเวลาได้เมื่อระบุเหตุผล"),
    "before_committee": _("วันปิดใหม่อยู่ก่อนวันประชุมคณะกรรมการ PCIO ของจังหวัด"),
    "closed": _("รอบปิดแล้ว"),
    "handed_in": _("เสนอหรืออนุมัติคำตอบแล้ว"),
    "nobody": _("ไม่มีผู้รับในจังหวัดนี้"),
    "nothing": _("มีอยู่แล้วครบ ไม่มีอะไรต้องเปลี่ยน"),
    "not_external": _("แบบสำรวจของจังหวัดนี้ไม่รับคะแนนของตัวชี้วัดย่อยนี้จากภายนอก"),
    "own_score": _("จังหวัดบันทึกคะแนนของตนเองไว้ในวันเดียวกันหรือหลังวันที่ของตาราง"),
    "not_editable": _("คำตอบของจังหวัดแก้ไขไม่ได้แล้ว"),
    "changed": _("มีผู้เปลี่ยนหลังจากนั้น"),
    "not_empty": _("มีผู้เริ่มทำงานในรอบนี้แล้ว"),
    "not_allowed": _("ท่านไม่มีสิทธิทำในจังหวัดนี้"),
    "refused": _("ระบบไม่รับ"),
    "fault": _("เกิดข้อผิดพลาดในระบบ จังหวัดนี้ยังไม่เปลี่ยน"),
}
# What the preview says of taking it back.
UNDO_NOTES: Final[dict[str, str | Promise]] = {
    Kind.OPEN: _("เลิกทำได้ในจังหวัดที่ยังไม่มีผู้เริ่มทำงานในรอบ"),
    Kind.CLOSES: _("เลิกทำได้ วันปิดกลับเป็นวันเดิมและมีบันทึก"),
    Kind.CLOSE: _("เลิกทำได้ วันปิดกลับเป็นวันเดิมและมีบันทึก"),
    Kind.REMIND: _("ส่งแล้วเรียกคืนไม่ได้"),
    Kind.MESSAGE: _("ส่งแล้วเรียกคืนไม่ได้"),
    Kind.IMPORT: _("นำเข้าแล้วเลิกทำทั้งชุดไม่ได้ แก้ทีละจังหวัดได้ที่หน้าหน่วยงานและผู้ใช้"),
    Kind.SCORES: _("เลิกทำได้ คะแนนเดิมกลับมาในจังหวัดที่ยังไม่มีผู้แก้ภายหลัง"),
    Kind.BACK: "",
}
