"""Django app configuration of accounts: users, provinces, agencies, roles."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """App of users, provinces, agencies and permissions."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("ผู้ใช้และหน่วยงาน")

    def ready(self) -> None:
        """Registers the deployment check for accounts of a demonstration; sessions are noted when they begin."""
        # Models are not there before the apps are.
        from accounts.actions.sign_ins import note_sign_in
        from accounts.made_up import check_made_up_accounts

        register(check_made_up_accounts, Tags.security, deploy=True)
        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
