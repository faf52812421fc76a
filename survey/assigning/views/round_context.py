"""Template context shared by the pages of a round: the round, its province, the pages a person may open."""

from __future__ import annotations

from typing import Any

from accounts.access import SignedInRequest, agency_ids_with_capability
from accounts.roles import Capability
from survey.models import Round


def round_context(request: SignedInRequest, round_: Round) -> dict[str, Any]:
    """The round, its province, and which of the round's pages this person may open."""
    province_id = round_.province_id
    return {
        "round": round_,
        "province": round_.province,
        "may_board": request.user.has(Capability.RESPONSE_READ, province_id=province_id),
        "may_assign": request.user.has(Capability.ASSIGN, province_id=province_id),
        "may_desk": bool(agency_ids_with_capability(request.user, Capability.CONTRIBUTION_EDIT))
        and any(g.province_id == province_id and g.agency_id for g in request.user.grants),
    }
