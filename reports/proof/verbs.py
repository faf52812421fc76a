"""Which replayer proves which verb of the journals and of the account log; a test compares this with the code."""

from __future__ import annotations

from typing import Final

from accounts.models.log import VERB_LABELS
from evidence.verifying.attachments import EvidenceReplayer
from nation.releases.replaying import RELEASE_KINDS
from nation.replies.replaying import REPLY_KINDS
from scoring.verifying.externals import ExternalReplayer
from scoring.verifying.results import RESULT_KINDS
from survey.verifying.kinds import SURVEY_KINDS
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.memberships import MembershipReplayer
from survey.verifying.register import REGISTER_KINDS
from survey.verifying.replayer import Replayer
from survey.verifying.response_replay import OPENING_VERB

KINDS: Final[tuple[type[Replayer], ...]] = (*SURVEY_KINDS, EvidenceReplayer, ExternalReplayer)
LOG_KINDS: Final[tuple[type[LogReplayer], ...]] = (
    MembershipReplayer,
    *REGISTER_KINDS,
    *RESULT_KINDS,
    *RELEASE_KINDS,
    *REPLY_KINDS,
)

JOURNAL_VERBS: Final[frozenset[str]] = frozenset({OPENING_VERB}).union(*(kind.verbs for kind in KINDS))
LOG_VERBS: Final[frozenset[str]] = frozenset().union(*(kind.log_verbs for kind in LOG_KINDS))

# Verbs of the account log that no row is proved by, each with what they tell. People and places are not part of an
# answer; a scheme's version is proved by its checksum, the round that uses it by its own journal.
UNPROVED_LOG_VERBS: Final[frozenset[str]] = frozenset(VERB_LABELS) - LOG_VERBS
