"""What the API answers where it refuses: a code for programs and a sentence for people, in Thai or English."""

from __future__ import annotations

from typing import Any, Final

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

MESSAGES: Final = {
    "insecure": _("คำขอนี้มาทาง http ซึ่งใครก็อ่านรหัสเชื่อมต่อได้ โปรดใช้ https และเปลี่ยนรหัสเชื่อมต่อใหม่"),
    "unknown": _("ไม่มีรหัสเชื่อมต่อ หรือรหัสไม่ถูกต้อง โปรดส่งรหัสในส่วนหัว Authorization: Bearer"),
    "revoked": _("รหัสเชื่อมต่อนี้ถูกยกเลิกแล้ว"),
    "expired": _("รหัสเชื่อมต่อนี้หมดอายุแล้ว"),
    "no_rights": _("เจ้าของรหัสเชื่อมต่อไม่มีสิทธิ์อ่านข้อมูลนี้แล้ว"),
    "not_found": _("ไม่พบข้อมูล หรือรหัสเชื่อมต่อไม่มีสิทธิ์อ่านข้อมูลนี้"),
    "method": _("API นี้อ่านได้อย่างเดียว"),
    "invalid": _("ค่าที่ส่งมาไม่ถูกต้อง"),
    "too_many": _("ส่งคำขอถี่เกินไป โปรดรอสักครู่แล้วลองใหม่"),
    "no_scheme": _("ปีนี้ยังไม่มีเกณฑ์คะแนน"),
    "away": _("อ่านข้อมูลนี้ไม่ได้ในขณะนี้"),
    "fault": _("ระบบขัดข้อง โปรดลองใหม่ภายหลัง"),
}
STATUS: Final = {
    "insecure": 403,
    "unknown": 401,
    "revoked": 401,
    "expired": 401,
    "no_rights": 401,
    "not_found": 404,
    "method": 405,
    "invalid": 422,
    "too_many": 429,
    "no_scheme": 404,
    "away": 503,
    "fault": 500,
}


def error_response(code: str, message: str = "", **more: Any) -> JsonResponse:
    """A refusal as JSON. `message`: instead of the code's own; `more`: further keys."""
    told = {"error": code, "message": message or str(MESSAGES[code]), **more}
    answer = JsonResponse(told, status=STATUS[code], json_dumps_params={"ensure_ascii": False})
    if answer.status_code == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="dgready"'
    return answer
