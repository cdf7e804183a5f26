"""The app that copies everything the portal knows into one archive, and puts it back."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupConfig(AppConfig):
    name = "mongcai_portal.backup"
    label = "backup"
    verbose_name = _("Sao lưu")
