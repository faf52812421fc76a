"""The forms beside an attachment on the evidence panel: its marks and its date."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.attaching.attachment_view import AttachmentView, MarkView
from evidence.attaching.confirming import Hindrance
from evidence.attaching.copies import CopyView
from evidence.attaching.views.mark_findings import MarkFinding
from evidence.files.refusal import EvidenceRefused
from evidence.models import MarkState


@dataclass(frozen=True, slots=True)
class InlineForm:
    """A form for a mark or for the document date: its values, and what was wrong with what was sent."""

    id: str
    url: str
    pages: str = ""
    quote: str = ""
    date: str = ""
    text: str = ""
    error: str = ""
    field: str = ""
    mark: MarkView | None = None
    areas: str = ""
    note: str = ""
    finding: MarkFinding | None = None

    @property
    def asks_note(self) -> bool:
        """Whether what is to be seen is asked for beside the passage: on a page that is a picture."""
        return bool(self.note) or (self.mark is not None and self.mark.state in (MarkState.UNREAD, MarkState.SEEN))


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

    `years_old`: how many whole years ago the document was dated. `confirm_form`: where it waits to be confirmed;
    `hindrance`: what stands against that. `copy`: of what a web address showed; `copy_form`: keeps one.
    """

    file: AttachmentView
    marks: list[InlineForm]
    new_mark: InlineForm
    date_form: InlineForm
    is_outside_window: bool = False
    years_old: int = 0
    confirm_form: InlineForm | None = None
    hindrance: Hindrance = ""
    copy: CopyView | None = None
    copy_form: InlineForm | None = None
