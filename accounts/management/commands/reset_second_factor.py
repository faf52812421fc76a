"""manage.py reset_second_factor: removes the second factors of somebody who lost them and whom nobody else can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import RefusedError
from accounts.models import User
from accounts.models.people import clean_email
from accounts.second_factor.actions import reset_second_factors


class Command(BaseCommand):
    """For the last central administrator; for others an administrator does it on the person's page."""

    help = "Remove the second factors of a user who lost them"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options."""
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown address and for somebody without second factors."""
        email = clean_email(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"no account has the address {email}")
        try:
            reset_second_factors(by=None, user=user)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{email} signs in with the password alone and sets up a new second factor")
