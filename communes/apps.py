"""Units and their history, offices, and who may act for which of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = _("Đơn vị hành chính")

    def ready(self) -> None:
        from communes import checks  # noqa: F401  # registers them
        from mongcai_portal.accounts.permissions import Permission
        from mongcai_portal.common.pages import RUN, Page, register

        manage = Permission.USERS_MANAGE
        register(Page(_("Người dùng"), "people", "users", manage, section=RUN, order=10))
        register(Page(_("Nhật ký"), "audit", "history", Permission.AUDIT_VIEW, section=RUN, order=30))
        register(Page(_("Kết nối phần mềm"), "api_clients", "world", manage, section=RUN, order=20))
