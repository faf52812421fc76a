"""The committee and the governor: what is on record of meetings, endorsement and delegation."""

from survey.committee.reads import (
    Endorsement,
    Late,
    acting_for,
    endorsement_of,
    frozen_delegation,
    frozen_part,
    get_meeting,
    is_governor,
    provincial_of,
    resolutions_of,
    subjects,
)

__all__ = [
    "Endorsement",
    "Late",
    "acting_for",
    "endorsement_of",
    "frozen_delegation",
    "frozen_part",
    "get_meeting",
    "is_governor",
    "provincial_of",
    "resolutions_of",
    "subjects",
]
