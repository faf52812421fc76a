"""The limit on the space that a province's evidence takes."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.models import Attachment, File
from survey.models import Response


def check_quota(response: Response, content: store.SpooledUpload) -> None:
    """Raises EvidenceRefused where the content would exceed the province\'s EVIDENCE_QUOTA_BYTES."""
    attached_in_province = Attachment.objects.filter(
        file=OuterRef("pk"), response__round__province=response.round.province_id
    )
    files = File.objects.filter(Exists(attached_in_province)).exclude(sha256=content.sha256)
    used = files.aggregate(total=Sum("size"))["total"] or 0
    if used + content.size > settings.EVIDENCE_QUOTA_BYTES:
        values = {"quota": format_size(settings.EVIDENCE_QUOTA_BYTES), "used": format_size(used)}
        raise EvidenceRefused(
            "quota",
            _("พื้นที่เก็บหลักฐานของจังหวัดไม่พอ ใช้ไปแล้ว %(used)s จาก %(quota)s โปรดติดต่อผู้ดูแลระบบ") % values,
        )
