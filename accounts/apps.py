"""Django app configuration of accounts: users, provinces, agencies, roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """App of users, provinces, agencies and permissions."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("ผู้ใช้และหน่วยงาน")
