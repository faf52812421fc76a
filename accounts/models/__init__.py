"""Who: places, people, what each person may do, and the log of every change to that."""

from accounts.models.log import AccountEvent
from accounts.models.people import Grant, Invitation, Membership, User
from accounts.models.places import Agency, Province

__all__ = ["AccountEvent", "Agency", "Grant", "Invitation", "Membership", "Province", "User"]
