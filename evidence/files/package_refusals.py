"""Why an office document is refused: damaged, too large unpacked, unsafe, with macros."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evidence.files.refusal import EvidenceRefused


def broken_package() -> EvidenceRefused:
    """The document cannot be opened."""
    return EvidenceRefused("broken", _("เปิดเอกสารนี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง"))


def archive_bomb() -> EvidenceRefused:
    """The document unpacks to an unreasonable size."""
    return EvidenceRefused("bomb", _("เอกสารนี้ขยายออกแล้วใหญ่ผิดปกติ จึงรับไว้ไม่ได้"))


def unsafe_package() -> EvidenceRefused:
    """The structure of the archive is not what office programs write."""
    return EvidenceRefused("unsafe", _("โครงสร้างภายในเอกสารนี้ผิดปกติ โปรดบันทึกใหม่ด้วยโปรแกรมสำนักงานแล้วแนบอีกครั้ง"))


def macro_refusal() -> EvidenceRefused:
    """The document holds macros."""
    return EvidenceRefused("macros", _("เอกสารนี้มีแมโคร (คำสั่งที่ทำงานเอง) โปรดบันทึกใหม่เป็นแบบไม่มีแมโคร"))
