"""What an event of the security log says beside its name: role, place, way, browser, page, file."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccountEvent
from accounts.security_log.kinds import EventKind

KIND_LABELS: Final = {
    EventKind.SIGN_IN: gettext_lazy("เข้าและออกจากระบบ"),
    EventKind.REFUSED: gettext_lazy("เข้าสู่ระบบไม่สำเร็จ"),
    EventKind.SECOND_FACTOR: gettext_lazy("การยืนยันขั้นที่สอง"),
    EventKind.PAGES: gettext_lazy("หน้าที่ไม่มีหรือไม่มีสิทธิ์"),
    EventKind.ROLES: gettext_lazy("ให้และยกเลิกบทบาท"),
    EventKind.INVITATIONS: gettext_lazy("คำเชิญ"),
    EventKind.ACCOUNTS: gettext_lazy("บัญชีและรหัสผ่าน"),
    EventKind.TOKENS: gettext_lazy("รหัสเชื่อมต่อและที่อยู่ปฏิทิน"),
    EventKind.EXPORTS: gettext_lazy("ส่งออกและดาวน์โหลดทั้งหมด"),
    EventKind.KEEPING: gettext_lazy("การเก็บบันทึก"),
}
_WAYS: Final = {
    "password": gettext_lazy("รหัสผ่าน"),
    "sso": gettext_lazy("บริการยืนยันตัวตน"),
    "app": gettext_lazy("แอปยืนยันตัวตน"),
    "passkey": gettext_lazy("พาสคีย์"),
    "recovery_code": gettext_lazy("รหัสสำรอง"),
    "invitation": gettext_lazy("คำเชิญ"),
}
_FILES: Final = {
    "bundle": gettext_lazy("ชุดไฟล์หลักฐาน (ZIP)"),
    "binder": gettext_lazy("แฟ้มหลักฐาน (PDF)"),
    "dga": gettext_lazy("ไฟล์ Excel สำหรับ สพร."),
    "journal": gettext_lazy("บันทึกเหตุการณ์"),
    "workbook": gettext_lazy("สมุดงานคำตอบของจังหวัด"),
    "security_log": gettext_lazy("บันทึกความปลอดภัย"),
}


def event_details(event: AccountEvent) -> str:
    """The details of an event in one line, in the language of the reader."""
    told: dict[str, Any] = event.data.get("after") or event.data.get("before") or {}
    parts = [event.role_label, told.get("email"), told.get("name"), told.get("identity")]
    parts += [_label(_WAYS, told.get("way")), _browser(event, told), _label(_FILES, told.get("what"))]
    if told.get("path"):
        parts.append(f"{told.get('method', '')} {told['path']} → {told.get('status', '')}")
    if event.verb == "forget_addresses":
        parts.append(_("%(number)d รายการ") % {"number": told["number"]})
    if number := repeats_of(event):
        parts.append(_("%(number)d ครั้งในชั่วโมงนั้น") % {"number": number})
    return " · ".join(str(part) for part in parts if part)


def _browser(event: AccountEvent, told: dict[str, Any]) -> str:
    origin = getattr(event, "origin", None)
    return origin.browser if origin else told.get("browser", "")


def repeats_of(event: AccountEvent) -> int:
    """How often it happened in its hour, if more than once; else 0."""
    counted = getattr(event, "repeats", None)
    return counted.number if counted is not None and counted.number > 1 else 0


def _label(labels: dict[str, Any], value: Any) -> str:
    return str(labels.get(value, value)) if value else ""
