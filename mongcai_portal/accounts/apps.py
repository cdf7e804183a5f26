"""The app of users and permissions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "mongcai_portal.accounts"
    label = "accounts"
    verbose_name = _("Tài khoản")
