"""The limit on the space that a province's evidence takes."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.models import Attachment, Document, DocumentVersion, File


def check_quota(province: int, content: store.SpooledUpload) -> None:
    """Raises EvidenceRefused where the content would exceed the province's EVIDENCE_QUOTA_BYTES."""
    check_space(province, content.size, content.sha256)


def check_space(province: int, size: int, sha256: str = "") -> None:
    """Raises EvidenceRefused where so many bytes more would exceed the quota; a content that is there needs none."""
    attached = Attachment.objects.filter(file=OuterRef("pk"), response__round__province=province)
    documents = Document.objects.filter(file=OuterRef("pk"), province=province)
    versions = DocumentVersion.objects.filter(file=OuterRef("pk"), document__province=province)
    copies = Attachment.objects.filter(copy=OuterRef("pk"), response__round__province=province)
    kept = Exists(attached) | Exists(copies) | Exists(documents) | Exists(versions)
    files = File.objects.filter(kept).exclude(sha256=sha256)
    used = files.aggregate(total=Sum("size"))["total"] or 0
    if used + size > settings.EVIDENCE_QUOTA_BYTES:
        values = {"quota": format_size(settings.EVIDENCE_QUOTA_BYTES), "used": format_size(used)}
        raise EvidenceRefused(
            "quota",
            _("พื้นที่เก็บหลักฐานไม่พอ ใช้ไปแล้ว %(used)s จาก %(quota)s โปรดติดต่อผู้ดูแลระบบ") % values,
        )
