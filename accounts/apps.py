"""The application that knows who people are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, provinces, agencies and what each person may do."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("ผู้ใช้และหน่วยงาน")
