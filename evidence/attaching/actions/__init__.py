"""Attaching, marking and removing evidence; each change is one event in the journal of its response."""

from evidence.attaching.actions.adopt import adopt_evidence
from evidence.attaching.actions.attach import AttachResult, attach_evidence
from evidence.attaching.actions.attachments import remove_attachment, restore_attachment, set_document_date
from evidence.attaching.actions.marks import delete_mark, restore_mark, save_mark

__all__ = [
    "AttachResult",
    "adopt_evidence",
    "attach_evidence",
    "delete_mark",
    "remove_attachment",
    "restore_attachment",
    "restore_mark",
    "save_mark",
    "set_document_date",
]
