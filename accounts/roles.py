"""Capabilities and roles: the only definition of which role holds which capability."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Capability(StrEnum):
    """A permission; views and actions check capabilities, never roles."""

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
    EVIDENCE_REVIEW = "evidence_review"
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
    SYSTEM_READ = "system_read"
    NATION_READ = "nation_read"
    NATION_MANAGE = "nation_manage"
    COMMENT = "comment"
    PROFILE = "profile"


class Role(TextChoices):
    """A role: a named set of capabilities."""

    CENTRAL_ADMIN = "central_admin", _("ผู้ดูแลระบบส่วนกลาง")
    PROVINCE_ADMIN = "province_admin", _("ผู้ดูแลระบบจังหวัด")
    SECRETARIAT = "secretariat", _("ฝ่ายเลขานุการ")
    COORDINATOR = "coordinator", _("ผู้ประสานงานหน่วยงาน")
    COMMITTEE = "committee", _("กรรมการ PCIO")
    GOVERNOR = "governor", _("ผู้ว่าราชการจังหวัดหรือผู้รับมอบอำนาจ")


# Held in all provinces, without a province in the membership.
CENTRAL_ROLES = frozenset({Role.CENTRAL_ADMIN})
# Held for one agency of a province.
AGENCY_ROLES = frozenset({Role.COORDINATOR})
PROVINCE_ROLES = frozenset(Role) - CENTRAL_ROLES - AGENCY_ROLES

# A grant for one agency gives these for that agency only; its other capabilities count for the province.
AGENCY_SCOPED_CAPABILITIES = frozenset({Capability.CONTRIBUTION_READ, Capability.CONTRIBUTION_EDIT})
# Held by everybody who is signed in, with or without a membership.
SIGNED_IN_CAPABILITIES = frozenset({Capability.PROFILE})

_READ_CAPABILITIES = frozenset(
    {
        Capability.RESPONSE_READ,
        Capability.CONTRIBUTION_READ,
        Capability.REPORT_READ,
        Capability.COMMENT,
        Capability.PROFILE,
    }
)

# What a token of the API may be given, of what its person holds.
API_CAPABILITIES = (Capability.REPORT_READ, Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)

# Administrators neither answer nor approve: who runs the accounts does not also decide the result.
ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.CENTRAL_ADMIN: _READ_CAPABILITIES
    | {
        Capability.USERS_MANAGE,
        Capability.PROVINCES_MANAGE,
        Capability.AGENCIES_MANAGE,
        Capability.INSTRUMENTS_MANAGE,
        Capability.ROUND_MANAGE,
        Capability.ASSIGN,
        Capability.EXTERNAL_SCORE_EDIT,
        Capability.OFFICIAL_RESULT_EDIT,
        Capability.REOPEN,
        Capability.EXPORT,
        Capability.JOURNAL_READ,
        Capability.SYSTEM_READ,
        Capability.NATION_READ,
        Capability.NATION_MANAGE,
    },
    Role.PROVINCE_ADMIN: _READ_CAPABILITIES
    | {
        Capability.USERS_MANAGE,
        Capability.AGENCIES_MANAGE,
        Capability.ROUND_MANAGE,
        Capability.ASSIGN,
        Capability.EXPORT,
        Capability.JOURNAL_READ,
    },
    Role.SECRETARIAT: _READ_CAPABILITIES
    | {
        Capability.ASSIGN,
        Capability.ANSWER_EDIT,
        Capability.EVIDENCE_REVIEW,
        Capability.EXTERNAL_SCORE_EDIT,
        Capability.OFFICIAL_RESULT_EDIT,
        Capability.SUBMIT,
        Capability.ENDORSE,
        Capability.EXPORT,
        Capability.JOURNAL_READ,
    },
    Role.COORDINATOR: frozenset(
        {Capability.CONTRIBUTION_READ, Capability.CONTRIBUTION_EDIT, Capability.COMMENT, Capability.PROFILE}
    ),
    Role.COMMITTEE: _READ_CAPABILITIES,
    Role.GOVERNOR: _READ_CAPABILITIES
    | {Capability.RETURN, Capability.APPROVE, Capability.REOPEN, Capability.EXPORT, Capability.JOURNAL_READ},
}

# Four eyes: whoever writes a province's answer or submits it does not approve it.
WRITING_CAPABILITIES = frozenset({Capability.ANSWER_EDIT, Capability.SUBMIT})
APPROVING_CAPABILITIES = frozenset({Capability.APPROVE})

# Whoever holds one of these, anywhere, signs in with a second factor: administrators, and whoever approves.
SECOND_FACTOR_CAPABILITIES = frozenset({Capability.USERS_MANAGE, Capability.PROVINCES_MANAGE}) | APPROVING_CAPABILITIES


def _roles_with(capabilities: frozenset[Capability]) -> frozenset[Role]:
    return frozenset(role for role, held in ROLE_CAPABILITIES.items() if held & capabilities)


WRITING_ROLES = _roles_with(WRITING_CAPABILITIES)
APPROVING_ROLES = _roles_with(APPROVING_CAPABILITIES)


def roles_break_four_eyes(one: Role, other: Role) -> bool:
    """Whether one person must not hold both roles in one province at a time: one writes the answer, one approves it."""
    return (one in WRITING_ROLES and other in APPROVING_ROLES) or (one in APPROVING_ROLES and other in WRITING_ROLES)


# May be granted to others without being held ("grant option"). A province's approver is named by
# the centre, so nobody in a province can make the person who approves that province's answer.
_GRANT_ONLY_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.CENTRAL_ADMIN: frozenset(Capability),
    Role.PROVINCE_ADMIN: ROLE_CAPABILITIES[Role.SECRETARIAT]
    | ROLE_CAPABILITIES[Role.COORDINATOR]
    | ROLE_CAPABILITIES[Role.COMMITTEE],
}


def grantable_capabilities(role: Role) -> frozenset[Capability]:
    """The capabilities a holder of `role` may grant to others within the scope of that role; empty for most."""
    held = ROLE_CAPABILITIES[role]
    return held | _GRANT_ONLY_CAPABILITIES.get(role, frozenset()) if Capability.USERS_MANAGE in held else frozenset()
