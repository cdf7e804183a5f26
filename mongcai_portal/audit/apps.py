"""The app of what happened, by whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "mongcai_portal.audit"
    label = "audit"
    verbose_name = _("Nhật ký")
