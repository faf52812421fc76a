"""manage.py create_admin: creates a central administrator."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts import mail
from accounts.actions import RefusedError, grant_role, invite_user
from accounts.actions.log import record_account_event
from accounts.models import User
from accounts.models.people import clean_email
from accounts.roles import Role


class Command(BaseCommand):
    """Asks for a password at a terminal; elsewhere, or with --link, prints a single-use link."""

    help = "Create a central administrator"

    def add_arguments(self, parser: CommandParser) -> None:
        """Command line options."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--link", action="store_true", help="print a single-use link, ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the address is faulty or already an administrator's."""
        email = clean_email(options["email"])
        try:
            validate_email(email)
            self._create(email, options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, email: str, options: dict[str, Any]) -> None:
        existing = User.objects.filter(email=email).first()
        if existing is not None:
            grant_role(by=None, user=existing, role=Role.CENTRAL_ADMIN)
            self.stdout.write(f"{email} is now a central administrator")
        elif options["link"] or not sys.stdin.isatty():
            _, token = invite_user(by=None, email=email, role=Role.CENTRAL_ADMIN, send=False)
            self.stdout.write(mail.invitation_link(token))
        else:
            self._create_with_password(email, options)

    def _create_with_password(self, email: str, options: dict[str, Any]) -> None:
        names = {"first_name": options["first_name"], "last_name": options["last_name"]}
        password = getpass("Password: ")
        if password != getpass("Password again: "):
            raise CommandError("the passwords differ")
        validate_password(password, User(email=email, **names))
        with transaction.atomic():
            user = User.objects.create_user(email, password, **names)
            record_account_event(by=None, verb="join", subject=user, after={"email": email, **names})
            grant_role(by=None, user=user, role=Role.CENTRAL_ADMIN)
        self.stdout.write(f"{email} is now a central administrator")
