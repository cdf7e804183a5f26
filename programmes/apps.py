"""Programmes: measures, observed statistics, targets and the pages that show them."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Chương trình")

    def ready(self) -> None:
        from communes import models as places
        from indicators import models as ntm
        from mongcai_portal.accounts.permissions import Permission
        from mongcai_portal.common import stamped
        from mongcai_portal.common.models import Source
        from mongcai_portal.common.pages import WATCH, WORK, Page, register
        from mongcai_portal.common.sections import Section, register_section
        from mongcai_portal.common.warming import draw_first
        from programmes.models import (
            BudgetEntry,
            BudgetLine,
            ObservedStatistic,
            OcopProducer,
            OcopProduct,
            OcopRecognition,
            Programme,
            Target,
            Task,
        )

        # Everything that the overview is made from; a test holds this list against its queries.
        stamped.watch(
            places.Unit, places.UnitVersion, places.UnitGroup, places.UnitGroupMember,
            places.Village, places.VillageVersion, places.PovertyStandard, places.StandardYear, places.HouseholdCount,
            places.CountedVillage, places.Household, places.HouseholdStay, places.Classification, places.ReviewDecision,
            Source, ObservedStatistic, Target, Task, OcopProducer, OcopProduct, OcopRecognition, places.UnitSuccession,
            Programme, BudgetLine, BudgetEntry,
            ntm.Level, ntm.CriteriaSet, ntm.Criterion, ntm.Indicator, ntm.IndicatorVersion, ntm.VersionPart,
            ntm.DataElementPart, ntm.Norm, ntm.Period, ntm.Report, ntm.ReportRevision, ntm.Recognition,
            ntm.Attainment, ntm.CriterionResult, ntm.IndicatorResult, ntm.EvaluationRequest,
        )  # fmt: skip
        draw_first(_draw_overview)
        _register_sections()
        _register_letters()
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
        register(Page(_("Sản phẩm OCOP"), "ocop_list", "star", Permission.OCOP_VIEW, section=WATCH, order=35))
        register(
            Page(
                _("Chương trình và vốn"),
                "programme_list",
                "coins",
                Permission.PROGRAMMES_VIEW,
                section=WATCH,
                order=40,
            )
        )
        register_section(Section("unit", "money", "programmes/_unit_money.html", _unit_section, order=50))
        register(Page(_("Chỉ tiêu kế hoạch"), "targets", "target", Permission.MEASURES_VIEW, section=WATCH, order=15))
        register(Page(_("Số liệu có nguồn"), "statistics", "edit", Permission.STATISTICS_ENTER, section=WORK, order=60))
        register_section(Section("unit", "targets", "programmes/_unit_plans.html", _unit_plans, order=20))
        register_section(Section("unit", "households", "programmes/_unit_households.html", _unit_households, order=30))
        register_section(Section("unit", "ocop", "programmes/_unit_ocop.html", _unit_ocop, order=40))
        register(
            Page(
                _("Báo cáo giai đoạn"),
                "document_list",
                "file-text",
                Permission.DOCUMENTS_VIEW,
                section=WATCH,
                order=90,
                prefixes=("/documents/",),
            )
        )
        register(
            Page(
                _("Nhiệm vụ"),
                "task_list",
                "list-check",
                Permission.TASKS_VIEW,
                section=WORK,
                order=40,
                badge=_tasks_waiting,
            )
        )
        register(
            Page(
                _("Tồn tại, kiến nghị"),
                "difficulty_list",
                "message",
                Permission.DIFFICULTIES_VIEW,
                section=WORK,
                order=45,
            )
        )
        register_section(
            Section("unit", "difficulties", "programmes/_unit_difficulties.html", _unit_difficulties, order=60)
        )


def _register_sections() -> None:
    """Of what the period report is made, in order; gaps are left for sections to come."""
    from programmes.reports import (
        attention,
        criteria,
        difficulties,
        households,
        levels,
        measures,
        money,
        ocop,
        targets,
        tasks,
    )
    from programmes.reports.registry import register

    register(measures.SECTION, order=10)
    register(levels.SECTION, order=20)
    register(criteria.SECTION, order=30)
    register(households.SECTION, order=40)
    register(targets.SECTION, order=50)
    register(ocop.SECTION, order=60)
    register(money.SECTION, order=70)
    register(tasks.SECTION, order=80)
    register(attention.SECTION, order=90)
    register(difficulties.SECTION, order=95)


def _register_letters() -> None:
    from mongcai_portal.common.letters import LetterKind, register
    from programmes.models import OcopNotice
    from programmes.services.ocop.reminders import TASK

    register(LetterKind("ocop_notice", _("Nhắc giấy chứng nhận OCOP sắp hết hiệu lực"), OcopNotice, TASK))


def _tasks_waiting(request: HttpRequest) -> int:
    """Open tasks of the reader's offices."""
    from communes.scope import scope_of
    from programmes.selectors.tasks import waiting_tasks

    return waiting_tasks(scope_of(request.user))


def _draw_overview() -> None:
    from programmes.presenters.board import draw_beforehand

    draw_beforehand()


def _unit_plans(request: Any, **about: Any) -> Any:
    from programmes.views.unit_part import unit_plans

    return unit_plans(request, **about)


def _unit_households(request: Any, **about: Any) -> Any:
    from programmes.views.unit_part import unit_households

    return unit_households(request, **about)


def _unit_ocop(request: Any, **about: Any) -> Any:
    from programmes.views.unit_part import unit_ocop

    return unit_ocop(request, **about)


def _unit_difficulties(request: Any, **about: Any) -> Any:
    from programmes.views.difficulties import unit_section

    return unit_section(request, **about)


def _unit_section(request: Any, **about: Any) -> Any:
    from programmes.views.programmes import unit_section

    return unit_section(request, **about)
