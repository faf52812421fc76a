"""Types of requests."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view marked `@allow` gets: DenyByDefault has let nobody through who is not signed in."""

    user: User
