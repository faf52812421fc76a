"""Names of the origins of numbers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

ORIGIN_NAMES: Mapping[str, Promise] = {
    "official": gettext_lazy("ประกาศแล้ว"),
    "recovered": gettext_lazy("คำนวณย้อนจากผลที่ประกาศ"),
    "assumed": gettext_lazy("ข้อสมมติ"),
    "estimated": gettext_lazy("ประมาณการ"),
    "external": gettext_lazy("จากภายนอก"),
}
