"""What can be done, and which role can do it: the only place where that is written down."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Capability(StrEnum):
    """One thing a person may do; views and actions ask for these, never for roles."""

    USERS_MANAGE = "users_manage"
    PROVINCES_MANAGE = "provinces_manage"
    AGENCIES_MANAGE = "agencies_manage"
    INSTRUMENTS_MANAGE = "instruments_manage"
    ROUND_MANAGE = "round_manage"
    ASSIGN = "assign"
    RESPONSE_READ = "response_read"
    CONTRIBUTION_READ = "contribution_read"
    ANSWER_EDIT = "answer_edit"
    CONTRIBUTION_EDIT = "contribution_edit"
    EXTERNAL_SCORE_EDIT = "external_score_edit"
    OFFICIAL_RESULT_EDIT = "official_result_edit"
    SUBMIT = "submit"
    ENDORSE = "endorse"
    RETURN = "return"
    APPROVE = "approve"
    REOPEN = "reopen"
    REPORT_READ = "report_read"
    EXPORT = "export"
    JOURNAL_READ = "journal_read"
    COMMENT = "comment"
    PROFILE = "profile"


class Role(TextChoices):
    """A list of capabilities under the name people use for it."""

    CENTRAL_ADMIN = "central_admin", _("ผู้ดูแลระบบส่วนกลาง")
    PROVINCE_ADMIN = "province_admin", _("ผู้ดูแลระบบจังหวัด")
    SECRETARIAT = "secretariat", _("ฝ่ายเลขานุการ")
    COORDINATOR = "coordinator", _("ผู้ประสานงานหน่วยงาน")
    COMMITTEE = "committee", _("กรรมการ PCIO")
    GOVERNOR = "governor", _("ผู้ว่าราชการจังหวัดหรือผู้รับมอบอำนาจ")


C = Capability

# Held in all provinces, without a province in the membership.
CENTRAL_ROLES = frozenset({Role.CENTRAL_ADMIN})
# Held for one agency of a province.
AGENCY_ROLES = frozenset({Role.COORDINATOR})
PROVINCE_ROLES = frozenset(Role) - CENTRAL_ROLES - AGENCY_ROLES

# A grant for one agency gives these for that agency only; its other capabilities count for the province.
AGENCY_SCOPED = frozenset({C.CONTRIBUTION_READ, C.CONTRIBUTION_EDIT})
# Held by everybody who is signed in, with or without a membership.
SIGNED_IN = frozenset({C.PROFILE})

_READS = frozenset({C.RESPONSE_READ, C.CONTRIBUTION_READ, C.REPORT_READ, C.COMMENT, C.PROFILE})

# Administrators neither answer nor approve: who runs the accounts does not also decide the result.
ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.CENTRAL_ADMIN: _READS
    | {
        C.USERS_MANAGE,
        C.PROVINCES_MANAGE,
        C.AGENCIES_MANAGE,
        C.INSTRUMENTS_MANAGE,
        C.ROUND_MANAGE,
        C.ASSIGN,
        C.EXTERNAL_SCORE_EDIT,
        C.OFFICIAL_RESULT_EDIT,
        C.REOPEN,
        C.EXPORT,
        C.JOURNAL_READ,
    },
    Role.PROVINCE_ADMIN: _READS
    | {C.USERS_MANAGE, C.AGENCIES_MANAGE, C.ROUND_MANAGE, C.ASSIGN, C.EXPORT, C.JOURNAL_READ},
    Role.SECRETARIAT: _READS
    | {
        C.ASSIGN,
        C.ANSWER_EDIT,
        C.EXTERNAL_SCORE_EDIT,
        C.OFFICIAL_RESULT_EDIT,
        C.SUBMIT,
        C.ENDORSE,
        C.EXPORT,
        C.JOURNAL_READ,
    },
    Role.COORDINATOR: frozenset({C.CONTRIBUTION_READ, C.CONTRIBUTION_EDIT, C.COMMENT, C.PROFILE}),
    Role.COMMITTEE: _READS,
    Role.GOVERNOR: _READS | {C.RETURN, C.APPROVE, C.REOPEN, C.EXPORT, C.JOURNAL_READ},
}

# Held in order to be given to others, not to be used ("grant option"). A province's approver is named by
# the centre, so nobody in a province can make the person who approves that province's answer.
_CONFERS: dict[Role, frozenset[Capability]] = {
    Role.CENTRAL_ADMIN: frozenset(Capability),
    Role.PROVINCE_ADMIN: ROLE_CAPABILITIES[Role.SECRETARIAT]
    | ROLE_CAPABILITIES[Role.COORDINATOR]
    | ROLE_CAPABILITIES[Role.COMMITTEE],
}


def conferrable(role: Role) -> frozenset[Capability]:
    """Everything a holder of `role` may give to others in the scope of that role; empty for most."""
    own = ROLE_CAPABILITIES[role]
    return own | _CONFERS.get(role, frozenset()) if C.USERS_MANAGE in own else frozenset()
