"""Models of accounts: provinces and agencies, users, memberships and invitations, the account log."""

from accounts.models.api_tokens import ApiToken, ApiUse
from accounts.models.attempts import Attempt
from accounts.models.grants import Grant
from accounts.models.invitations import Invitation
from accounts.models.log import AccountEvent, AccountLink
from accounts.models.memberships import Membership
from accounts.models.people import User
from accounts.models.places import Agency, Province
from accounts.models.post import AccountLetter
from accounts.models.presses import FormPress
from accounts.models.security import EventCount, EventOrigin
from accounts.models.sign_ins import SignIn

__all__ = [
    "AccountEvent",
    "AccountLetter",
    "AccountLink",
    "Agency",
    "ApiToken",
    "ApiUse",
    "Attempt",
    "EventCount",
    "EventOrigin",
    "FormPress",
    "Grant",
    "Invitation",
    "Membership",
    "Province",
    "SignIn",
    "User",
]
