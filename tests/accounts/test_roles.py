"""What each role may do, and what an administrator may give."""

import pytest

from accounts.models import Grant
from accounts.roles import (
    AGENCY_ROLES,
    CENTRAL_ROLES,
    PROVINCE_ROLES,
    ROLE_CAPABILITIES,
    Capability,
    Role,
)

C = Capability


def test_every_role_has_capabilities_and_one_kind_of_place() -> None:
    assert set(ROLE_CAPABILITIES) == set(Role)
    assert set(Role) == CENTRAL_ROLES | AGENCY_ROLES | PROVINCE_ROLES
    assert not CENTRAL_ROLES & AGENCY_ROLES


def test_every_capability_is_held_by_some_role() -> None:
    assert frozenset().union(*ROLE_CAPABILITIES.values()) == frozenset(Capability)


@pytest.mark.parametrize(
    ("cap", "roles"),
    [
        (C.APPROVE, {Role.GOVERNOR}),
        (C.RETURN, {Role.GOVERNOR}),
        (C.ANSWER_EDIT, {Role.SECRETARIAT}),
        (C.SUBMIT, {Role.SECRETARIAT}),
        (C.CONTRIBUTION_EDIT, {Role.COORDINATOR}),
        (C.USERS_MANAGE, {Role.CENTRAL_ADMIN, Role.PROVINCE_ADMIN}),
        (C.PROVINCES_MANAGE, {Role.CENTRAL_ADMIN}),
        (C.INSTRUMENTS_MANAGE, {Role.CENTRAL_ADMIN}),
        (C.SYSTEM_READ, {Role.CENTRAL_ADMIN}),
    ],
)
def test_who_holds_what_matters_most(cap: Capability, roles: set[Role]) -> None:
    assert {role for role, caps in ROLE_CAPABILITIES.items() if cap in caps} == roles


def test_the_committee_only_reads() -> None:
    edits = {cap for cap in Capability if cap.endswith(("_edit", "_manage"))}
    edits |= {C.SUBMIT, C.ENDORSE, C.RETURN, C.APPROVE, C.REOPEN, C.ASSIGN}
    assert not ROLE_CAPABILITIES[Role.COMMITTEE] & edits


def grant_of(role: Role, province: int | None = None, agency: int | None = None) -> Grant:
    return Grant(role, province, agency, ROLE_CAPABILITIES[role])


@pytest.mark.parametrize(
    ("grant", "cap", "province", "agency", "expected"),
    [
        # central: everywhere
        (grant_of(Role.CENTRAL_ADMIN), C.RESPONSE_READ, None, None, True),
        (grant_of(Role.CENTRAL_ADMIN), C.RESPONSE_READ, 7, 9, True),
        (grant_of(Role.CENTRAL_ADMIN), C.APPROVE, 7, None, False),
        # province: its own province with all its agencies
        (grant_of(Role.SECRETARIAT, 7), C.ANSWER_EDIT, None, None, True),
        (grant_of(Role.SECRETARIAT, 7), C.ANSWER_EDIT, 7, None, True),
        (grant_of(Role.SECRETARIAT, 7), C.CONTRIBUTION_READ, 7, 9, True),
        (grant_of(Role.SECRETARIAT, 7), C.ANSWER_EDIT, 8, None, False),
        (grant_of(Role.SECRETARIAT, 7), C.CONTRIBUTION_READ, 8, 9, False),
        # an agency without its province proves nothing
        (grant_of(Role.SECRETARIAT, 7), C.CONTRIBUTION_READ, None, 9, False),
        # agency: its own contributions, the province's common matters
        (grant_of(Role.COORDINATOR, 7, 9), C.CONTRIBUTION_EDIT, 7, 9, True),
        (grant_of(Role.COORDINATOR, 7, 9), C.CONTRIBUTION_EDIT, 7, 10, False),
        (grant_of(Role.COORDINATOR, 7, 9), C.CONTRIBUTION_EDIT, 7, None, False),
        (grant_of(Role.COORDINATOR, 7, 9), C.CONTRIBUTION_EDIT, 8, 9, False),
        (grant_of(Role.COORDINATOR, 7, 9), C.COMMENT, 7, None, True),
        (grant_of(Role.COORDINATOR, 7, 9), C.COMMENT, 7, 10, False),
        (grant_of(Role.COORDINATOR, 7, 9), C.COMMENT, 8, None, False),
    ],
)
def test_what_a_grant_covers(
    grant: Grant, cap: Capability, province: int | None, agency: int | None, expected: bool
) -> None:
    assert grant.covers(cap, province, agency) is expected
