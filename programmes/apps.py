"""Programmes: measures, observed statistics, targets and the pages that show them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Chương trình")

    def ready(self) -> None:
        from mongcai_portal.accounts.permissions import Permission
        from mongcai_portal.common.pages import WATCH, Page, register

        register(
            Page(
                _("Tổng quan"),
                "overview",
                "home",
                Permission.OVERVIEW_VIEW,
                section=WATCH,
                order=10,
                prefixes=("/measures/", "/attention/"),
            )
        )
