"""Where the documents of a library are used: attachments, in the document's own province, of any of its contents."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet

from evidence.models import Attachment, Document


def attachments_of(document: Document) -> QuerySet[Attachment]:
    """The attachments of a document that stand, in its own province, whoever's response they are in."""
    rows = Attachment.objects.filter(removed_at=None, response__round__province=document.province_id)
    return rows.filter(Q(file=document.file_id) | Q(file__in=document.versions.values("file")))


def used_rows() -> QuerySet[Attachment]:
    """For a subquery of documents: the attachments of their present content in their own province."""
    standing = Attachment.objects.filter(removed_at=None, response__round__province=OuterRef("province"))
    return standing.filter(file=OuterRef("file")).order_by()


def earlier_rows() -> QuerySet[Attachment]:
    """For a subquery of documents: the attachments of any content they had, in their own province."""
    standing = Attachment.objects.filter(removed_at=None, response__round__province=OuterRef("province"))
    return standing.filter(file__document_versions__document=OuterRef("pk")).order_by()


def is_used(document: Document) -> bool:
    """Whether it stands as evidence anywhere in its province."""
    return attachments_of(document).exists()
