"""Attaching, marking and removing evidence; each change is one event in the journal of its response."""

from evidence.attaching.actions.adopt import adopt_evidence
from evidence.attaching.actions.attach import AttachResult, attach_evidence
from evidence.attaching.actions.attachments import remove_attachment, restore_attachment, set_document_date
from evidence.attaching.actions.confirm import confirm_evidence, confirm_many, undo_confirmations
from evidence.attaching.actions.copies import keep_copy, remove_copy, restore_copy
from evidence.attaching.actions.marks import delete_mark, restore_mark, save_mark

__all__ = [
    "AttachResult",
    "adopt_evidence",
    "attach_evidence",
    "confirm_evidence",
    "confirm_many",
    "delete_mark",
    "keep_copy",
    "remove_attachment",
    "remove_copy",
    "restore_attachment",
    "restore_copy",
    "restore_mark",
    "save_mark",
    "set_document_date",
    "undo_confirmations",
]
