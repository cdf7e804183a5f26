"""Criteria sets, norms, reports, evaluation and recognition."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Tiêu chí và kết quả")

    def ready(self) -> None:
        from communes.signals import households_counted
        from indicators.services.derived import on_households_counted
        from mongcai_portal.common.pages import COORDINATE, RUN, WATCH, WORK, Page, register

        households_counted.connect(on_households_counted, dispatch_uid="indicators.derived")
        _register_jobs()
        _register_letters()

        register(
            Page(
                label=_("Bộ tiêu chí"),
                url_name="criteria_list",
                icon="book",
                permission="criteria.view",
                section=WATCH,
                order=60,
            )
        )
        register(
            Page(
                label=_("Mức chờ đối chiếu"),
                url_name="norm_queue",
                icon="scale",
                permission="norms.enter",
                section=WORK,
                order=40,
            )
        )
        register(
            Page(
                label=_("Kết quả đạt chuẩn"),
                url_name="attainment",
                icon="table",
                permission="attainment.view",
                section=WATCH,
                order=20,
            )
        )
        register(
            Page(
                label=_("Đơn vị hành chính"),
                url_name="unit_list",
                icon="map-pin",
                permission="units.view",
                section=WATCH,
                order=40,
            )
        )
        register(
            Page(
                label=_("Sổ công nhận"),
                url_name="recognitions",
                icon="rosette-discount-check",
                permission="recognitions.view",
                section=WATCH,
                order=30,
            )
        )
        register(
            Page(
                label=_("Báo cáo số liệu"),
                url_name="report_list",
                icon="clipboard-list",
                permission="reports.view",
                section=WORK,
                order=10,
                badge=_waiting,
                home_for=("reports.edit", "reports.verify"),
            )
        )
        register(
            Page(
                label=_("Tiến độ báo cáo"),
                url_name="completeness",
                icon="layout-grid",
                permission="reports.view",
                section=WATCH,
                order=40,
            )
        )
        register(
            Page(
                label=_("Các kỳ báo cáo"),
                url_name="period_list",
                icon="calendar-event",
                permission="reports.open",
                section=COORDINATE,
                order=10,
            )
        )
        register(
            Page(
                label=_("Mở báo cáo"),
                url_name="report_open",
                icon="plus",
                permission="reports.open",
                section=COORDINATE,
                order=20,
            )
        )
        register(
            Page(
                label=_("Nhắc nộp báo cáo"),
                url_name="remind",
                icon="bell",
                permission="reports.remind",
                section=COORDINATE,
                order=30,
            )
        )
        register(
            Page(
                label=_("Số liệu các năm trước"),
                url_name="history_import",
                icon="history",
                permission="reports.import",
                section=COORDINATE,
                order=40,
            )
        )
        register(
            Page(
                label=_("Công việc chạy nền"),
                url_name="jobs",
                icon="activity",
                permission="jobs.view",
                section=RUN,
                order=40,
            )
        )


def _register_jobs() -> None:
    from indicators.services.long_work import clear_past_work, evaluate_all_job, recheck_job
    from mongcai_portal.common.jobs import JobKind, register

    register(
        JobKind(
            "recheck",
            _("Đối chiếu lại mọi kết quả"),
            run=recheck_job,
            told=lambda result: (
                ngettext(
                    "Đã tính lại %(pairs)s báo cáo để so: %(n)s sai khác",
                    "Đã tính lại %(pairs)s báo cáo để so: %(n)s sai khác",
                    result["differences"],
                )
                % {"pairs": result["pairs"], "n": result["differences"]}
            ),
            alarming=lambda result: result["differences"] > 0,
        )
    )
    register(
        JobKind(
            "evaluate_all",
            _("Tính lại mọi kết quả đạt chuẩn"),
            run=evaluate_all_job,
            told=lambda result: (
                str(_("Kết quả ghi mới: %(written)s, xóa: %(deleted)s, giữ nguyên: %(unchanged)s")) % result
            ),
        )
    )
    register(
        JobKind(
            "clear_past_work",
            _("Xóa dấu vết công việc cũ"),
            run=clear_past_work,
            told=lambda result: (
                str(_("Đã xóa %(evaluations)s lượt tính kết quả và %(jobs)s công việc đã qua hạn giữ")) % result
            ),
        )
    )


def _register_letters() -> None:
    from indicators.models import Reminder
    from indicators.services.reminders import TASK
    from mongcai_portal.common.letters import LetterKind, register

    released = {"taken_at": None, "taken_by": ""}
    register(LetterKind("report_reminder", _("Nhắc nộp báo cáo"), Reminder, TASK, released))


def _waiting(request: HttpRequest) -> int:
    """How many reports wait for the reader: the number beside the entry."""
    from communes.scope import scope_of
    from indicators.selectors.worklist import waiting_count

    return waiting_count(scope_of(request.user))
