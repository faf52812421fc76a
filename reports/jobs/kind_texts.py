"""What each kind of report holds, in a sentence for whoever chooses one."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reports.models import ReportKind

KIND_DESCRIPTIONS: Final[dict[ReportKind, Promise]] = {
    ReportKind.RESULT: gettext_lazy("คะแนนรวม ระดับ อันดับ แผนภาพ เทียบกับค่าเฉลี่ยและอันดับ 1 ตัวชี้วัด ก.พ.ร. และคะแนนที่ขาด"),
    ReportKind.QUESTIONNAIRE: gettext_lazy("คะแนน คำตอบทุกข้อ และรายการหลักฐาน จัดหน้าสำหรับพิมพ์"),
    ReportKind.BLANK: gettext_lazy("แบบสำรวจทั้งฉบับหรือเฉพาะส่วนของหน่วยงาน มีช่องให้กาและที่ว่างให้เขียน"),
    ReportKind.ASSIGNMENTS: gettext_lazy("ข้อที่ต้องตอบ วัตถุประสงค์ น้ำหนัก ความหมายของระดับ 5 และหน่วยงานที่รับผิดชอบ"),
    ReportKind.DGA: gettext_lazy("คำตอบทุกข้อแยกแผ่นงานตามตัวชี้วัด รายการทั้งหมด และคะแนน"),
    ReportKind.BRIEF: gettext_lazy("คะแนน ระดับ สิ่งที่ควรทำก่อน เรื่องค้าง และวันปิดรับ ในหน้าเดียว"),
    ReportKind.KPI: gettext_lazy("คะแนนตามเกณฑ์ตัวชี้วัดของ ก.พ.ร. ค่าเป้าหมาย ขั้นที่ได้ และผลของแต่ละตัวชี้วัดย่อย"),
    ReportKind.LETTERS: gettext_lazy("หนังสือถึงหน่วยงานพร้อมแบบตอบกลับ หนังสือเตือน หนังสือนำส่ง และบันทึกถึง%(chief)s"),
    ReportKind.JOURNAL: gettext_lazy("ใครทำอะไร เมื่อใด ค่าเดิมและค่าใหม่ พร้อมผลตรวจ เลือกวันที่หรือข้อได้ที่หน้าบันทึกเหตุการณ์"),
    ReportKind.AGENDA: gettext_lazy("ระเบียบวาระห้าวาระ พร้อมคำตอบร่างและคะแนนของแต่ละวาระ"),
    ReportKind.COMMITTEE: gettext_lazy("คำตอบร่างโดยย่อ สิ่งที่เปลี่ยนจากปีก่อน รายการค้าง และคะแนนประมาณการ สำหรับโต๊ะประชุม"),
    ReportKind.MINUTES: gettext_lazy("ผู้เข้าประชุม ผู้มาแทน ความเห็นของกรรมการ มติรายตัวชี้วัดย่อย และการแก้ไขรายงาน"),
    ReportKind.RESOLUTIONS: gettext_lazy("มติรายตัวชี้วัดย่อย ผลของการประชุม และองค์ประชุม สำหรับแจ้งหน่วยงาน"),
    ReportKind.REASONS: gettext_lazy("นับอะไรแล้ว ไม่นับอะไรเพราะอะไร และที่มาของทุกเกณฑ์ พร้อมช่วงคะแนนที่เป็นไปได้"),
    ReportKind.SCORE_SHEET: gettext_lazy("คะแนนและเหตุผลทุกเกณฑ์เป็นตาราง พร้อมข้อเสนอแนะ สำหรับคำนวณหรือกรองต่อ"),
    ReportKind.NATIONAL: gettext_lazy("ทุกจังหวัดตอบอย่างไร ระดับของทุกตัวชี้วัด เทียบกับปีก่อน พร้อมแผนภาพและตาราง"),
    ReportKind.NATIONAL_SHEET: gettext_lazy("ตัวเลขทุกตัวของรายงานระดับประเทศ แผ่นงานละตัวชี้วัด"),
    ReportKind.CERTIFICATE: gettext_lazy("หน้าเดียวพร้อมรหัส QR สำหรับตรวจสอบ ลงลายมือชื่ออิเล็กทรอนิกส์เมื่อตั้งใบรับรองไว้"),
}
