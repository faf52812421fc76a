"""What the page of one question shows of each field, row, merge option and place of evidence."""

from __future__ import annotations

from dataclasses import dataclass

from survey.consolidating.views.evidence import EvidenceCandidate


@dataclass(frozen=True, slots=True)
class AgencyChip:
    """An agency shown as a chip: code, name, and whether its answer is a draft."""

    code: str
    name: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class AgencyList:
    """The agencies behind a value, shown as short as possible: all (except some), codes, or names where few."""

    agencies: tuple[AgencyChip, ...]
    total: int = 0
    except_codes: str = ""

    @property
    def is_short(self) -> bool:
        """Whether there are so few that names are shown."""
        return len(self.agencies) <= MAX_NAMES

    @property
    def codes(self) -> str:
        """The codes of those whose answer is final."""
        return " ".join(w.code for w in self.agencies if not w.is_draft)

    @property
    def drafts(self) -> tuple[AgencyChip, ...]:
        """The agencies whose answer is a draft."""
        return tuple(w for w in self.agencies if w.is_draft)

    def __bool__(self) -> bool:
        return bool(self.agencies)


MAX_NAMES = 2  # agencies written out by name; more are shown by code
MIN_FOR_ALL_BUT = 5  # agencies from which on "all but …" is said where that is shorter


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """The evidence at one place: of a picked option (then its label), or of the field itself."""

    label: str
    candidates: tuple[EvidenceCandidate, ...]
    unlisted: UnlistedEvidence | None = None


@dataclass(frozen=True, slots=True)
class UnlistedEvidence:
    """Evidence at a place that is not listed one by one: how much, and how much of it is preselected."""

    key: str
    count: int
    preselected: int


@dataclass(frozen=True, slots=True)
class MergeOptionView:
    """A merge option of a field, shown as a radio button. `options`: option keys it picks, for the script."""

    code: str
    text: str
    hint: str
    agencies: AgencyList
    checked: bool
    options: str = ""


@dataclass(frozen=True, slots=True)
class PickedOptionView:
    """An option picked by at least one agency, with the agencies that picked it."""

    key: str
    label: str
    agencies: AgencyList
    checked: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the page with its merge options. `fixed`: the only value, where there is nothing to choose."""

    address: str
    label: str
    kind: str
    agreement: str
    merge_options: tuple[MergeOptionView, ...]
    picked_options: tuple[PickedOptionView, ...]
    typed: tuple[str, ...]
    error: str
    evidence: tuple[EvidenceSummary, ...]
    fixed: MergeOptionView | None = None

    @property
    def is_repeat(self) -> bool:
        """For the template, which shows lines and repeats alike."""
        return False

    @property
    def is_agreed(self) -> bool:
        """Whether all say the same and that is what is chosen."""
        return self.agreement == "agree" and not self.error and self.merge_options[0].checked

    @property
    def edit_option(self) -> MergeOptionView | None:
        """The merge option of typing a value, where there is one."""
        return next((w for w in self.merge_options if w.code == "edit"), None)


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a repeat that can be taken."""

    id: str
    number: int
    checked: bool
    agencies: AgencyList
    note: str
    similar: bool
    nodes: tuple[FieldView | RepeatView, ...]
    evidence: tuple[EvidenceSummary, ...]


@dataclass(frozen=True, slots=True)
class RepeatView:
    """A repeat of the page with its rows."""

    address: str
    label: str
    rows: tuple[RowView, ...]
    limit: int | None
    error: str

    @property
    def is_repeat(self) -> bool:
        """For the template."""
        return True

    @property
    def taken(self) -> int:
        """How many rows are ticked."""
        return sum(r.checked for r in self.rows)


@dataclass(frozen=True, slots=True)
class BuiltValue:
    """One value of the answer being built."""

    label: str
    texts: tuple[str, ...]
    agencies: AgencyList
