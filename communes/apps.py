"""Units and their history, offices, and who may act for which of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = _("Đơn vị hành chính")

    def ready(self) -> None:
        from communes import checks  # noqa: F401  # registers them
        from communes.models import Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitZone
        from mongcai_portal.accounts.permissions import Permission
        from mongcai_portal.common import stamped
        from mongcai_portal.common.pages import RUN, WATCH, WORK, Page, register

        stamped.watch(Unit, UnitZone, UnitGroup, UnitGroupMember, UnitSuccession)  # what stands around a unit
        _register_jobs()
        manage = Permission.USERS_MANAGE
        bring, take = Permission.HOUSEHOLDS_IMPORT, Permission.HOUSEHOLDS_EXPORT
        register(Page(_("Nhập sổ hộ từ tệp"), "household_imports", "upload", bring, section=WORK, order=60))
        register(Page(_("Xuất sổ hộ"), "household_export", "download", take, section=WORK, order=70))
        register(Page(_("Người dùng"), "people", "users", manage, section=RUN, order=10))
        register(Page(_("Nhật ký"), "audit", "history", Permission.AUDIT_VIEW, section=RUN, order=30))
        register(Page(_("Kết nối phần mềm"), "api_clients", "world", manage, section=RUN, order=20))
        register(
            Page(
                _("Rà soát hộ nghèo"),
                "review_list",
                "clipboard-check",
                Permission.HOUSEHOLDS_VIEW,
                section=WORK,
                order=25,
            )
        )
        register(
            Page(
                _("Hộ nghèo, cận nghèo"),
                "poverty_flows",
                "chart-dots",
                Permission.MEASURES_VIEW,
                section=WATCH,
                order=50,
                prefixes=("/households/tables/",),
            )
        )
        register(Page(_("Sổ hộ"), "household_list", "home", Permission.HOUSEHOLDS_VIEW, section=WORK, order=20))
        register(
            Page(_("Lượt xem số định danh"), "unmaskings", "shield-lock", Permission.AUDIT_VIEW, section=RUN, order=35)
        )


def _register_jobs() -> None:
    from communes.services.counts.prove import prove_job
    from communes.services.household_imports import KIND, import_job
    from mongcai_portal.common import jobs

    jobs.register(
        jobs.JobKind(
            "recheck_households",
            _("Đối chiếu số đếm hộ với sổ hộ"),
            run=prove_job,
            told=lambda result: (
                ngettext(
                    "Đã đếm lại hộ của %(villages)s thôn, bản, khu để so: %(n)s sai khác",
                    "Đã đếm lại hộ của %(villages)s thôn, bản, khu để so: %(n)s sai khác",
                    result["differences"],
                )
                % {"villages": result["villages"], "n": result["differences"]}
            ),
            alarming=lambda result: result["differences"] > 0,
        )
    )
    jobs.register(
        jobs.JobKind(
            KIND,
            _("Kiểm tra và nhập tệp sổ hộ"),
            run=import_job,
            told=lambda result: (
                ngettext("Đã xử lý %(n)s tệp", "Đã xử lý %(n)s tệp", result["files"]) % {"n": result["files"]}
                if "files" in result
                else ""
            ),
        )
    )
