"""The kept blocks of the list of people, by the rows that were read of them."""

from __future__ import annotations

from accounts.models import Province
from accounts.people_list import PersonRow, are_expired, invitation_of, invitation_rows
from dgready.lazy_values import LazyValues
from dgready.templatetags.keep import digest_of


def shown_people(rows: list[PersonRow], province: Province | None) -> LazyValues:
    """`rows` of a kept block: the people of a page."""
    state = digest_of([(row.person, row.roles) for row in rows])
    return LazyValues(state, lambda: {"rows": [row.listed() for row in rows], "province": province})


def shown_invitations(province: Province | None) -> LazyValues:
    """`invitations` of a kept block: those neither accepted nor withdrawn; central ones for None. One query."""
    rows = invitation_rows(province)
    state = digest_of(rows), *are_expired(rows)
    return LazyValues(state, lambda: {"invitations": [invitation_of(row) for row in rows], "province": province})
