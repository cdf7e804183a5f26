"""Parts without a domain: periods, numbers, text, workflow, health."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "mongcai_portal.common"
    label = "common"
    verbose_name = _("Phần chung")
