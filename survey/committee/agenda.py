"""The five parts of a Thai committee's agenda, to begin a new one with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AGENDA_PARTS = (
    _("ระเบียบวาระที่ 1 เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ"),
    _("ระเบียบวาระที่ 2 เรื่องรับรองรายงานการประชุม"),
    _("ระเบียบวาระที่ 3 เรื่องเสนอเพื่อทราบ: ผลปีก่อนและตัวชี้วัดของสำนักงาน ก.พ.ร."),
    _("ระเบียบวาระที่ 4 เรื่องเสนอเพื่อพิจารณา: ร่างคำตอบแบบสำรวจของจังหวัด"),
    _("ระเบียบวาระที่ 5 เรื่องอื่น ๆ"),
)


def usual_agenda() -> str:
    """The usual agenda, one part on each line, in the language of the reader."""
    return "\n".join(str(part) for part in AGENDA_PARTS)
