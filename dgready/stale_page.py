"""What was posted was made for a state that is gone, in a way that its view does not merge; the page that says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dgready.page_owner import typed_lines


class StalePage(Exception):
    """The page that was posted is out of date; nothing was written. Told by the middleware dgready.store_away."""


def tell_stale_page(request: HttpRequest) -> HttpResponse:
    """The reply with 409: what was typed, to be copied; for the script of a card a text, and the card keeps it."""
    if request.headers.get("Accept", "").startswith("application/json"):
        text = _("รอบนี้ย้ายไปใช้แบบสำรวจฉบับอื่นแล้ว ข้อนี้จึงยังไม่ได้บันทึก โปรดคัดลอกสิ่งที่พิมพ์ไว้แล้วเปิดหน้านี้อีกครั้ง")
        return JsonResponse({"refused": text}, status=409)
    lines = list(typed_lines(request)) if request.method == "POST" else []
    return render(request, "409.html", {"lines": lines}, status=409)
