"""The committee and the governor: what is on record of meetings, endorsement and delegation."""

from survey.committee.queries import (
    Endorsement,
    Late,
    Touched,
    acting_for,
    endorsement_of,
    frozen_delegation,
    frozen_part,
    get_meeting,
    is_governor,
    provincial_of,
    resolutions_of,
    steps_of,
    subjects,
    touched,
)

__all__ = [
    "Endorsement",
    "Late",
    "Touched",
    "acting_for",
    "endorsement_of",
    "frozen_delegation",
    "frozen_part",
    "get_meeting",
    "is_governor",
    "provincial_of",
    "resolutions_of",
    "steps_of",
    "subjects",
    "touched",
]
