"""Who a session belongs to, with what they may do: one query for both."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from accounts.models import Grant, Membership, User
from accounts.roles import ROLE_CAPABILITIES, Role

class Backend(ModelBackend):
    """Django's own backend; the person of a session comes with their grants."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless the account is closed."""
        rows = Membership.objects.current().filter(user_id=user_id).select_related("user", "province")
        found = list(rows.defer("province__name_th", "province__name_en", "province__sort_key"))
        if not found:
            return super().get_user(user_id)
        user = found[0].user
        user.__dict__["grants"] = tuple(
            Grant(
                Role(m.role),
                m.province_id,
                m.agency_id,
                ROLE_CAPABILITIES[Role(m.role)],
                m.province.code if m.province else "",
            )
            for m in found
        )
        return user if self.user_can_authenticate(user) else None
