"""A grant: one valid role of a user, as the permission checks use it."""

from dataclasses import dataclass

from accounts.roles import AGENCY_SCOPED_CAPABILITIES, Capability, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A membership valid today, as plain values for permission checks. `temporary`: for some days, as a delegate's."""

    role: Role
    province_id: int | None
    agency_id: int | None
    capabilities: frozenset[Capability]
    province_code: str = ""
    temporary: bool = False

    def covers(self, cap: Capability, province_id: int | None, agency_id: int | None) -> bool:
        """Whether the grant gives `cap` there; None means any province, or the province as a whole (agency)."""
        if cap not in self.capabilities:
            return False
        if self.province_id is None or (province_id is None and agency_id is None):
            return True
        if province_id is not None and province_id != self.province_id:
            return False
        if self.agency_id is None:
            # An agency without its province named says nothing about the province of this grant.
            return province_id is not None
        return self.agency_id == agency_id if agency_id is not None else cap not in AGENCY_SCOPED_CAPABILITIES
