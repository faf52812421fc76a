"""The forms beside an attachment on the evidence panel: its marks and its date."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.attaching.attachment_view import AttachmentView, MarkView
from evidence.files.refusal import EvidenceRefused


@dataclass(frozen=True, slots=True)
class InlineForm:
    """A form for a mark or for the document date: its values, and what was wrong with what was sent."""

    id: str
    url: str
    pages: str = ""
    quote: str = ""
    date: str = ""
    error: str = ""
    field: str = ""
    mark: MarkView | None = None


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form that was refused, shown again with what was sent and the reason."""

    attachment: str
    form_id: str
    reason: EvidenceRefused
    sent: dict[str, str]


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment with its forms. `is_outside_window`: its date lies outside the days asked for here.

    `years_old`: how many whole years ago the document was dated.
    """

    file: AttachmentView
    marks: list[InlineForm]
    new_mark: InlineForm
    date_form: InlineForm
    is_outside_window: bool = False
    years_old: int = 0
