"""What stands behind the pages that are looked at: beside the demonstration a report in every status, and papers.

`python -m tests.walk.scene` makes it on a running portal's data, through the services, and prints as JSON what the
addresses in `pages.py` are filled with.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from tests.factories.stage import stage
from tests.walk.households import make_households
from tests.walk.ocop import make_ocop
from tests.walk.opening_lists import make_opening_lists

UNIT, OTHER = "bac-son", "hai-son"
# The years are the demonstration's; what has to stand beside them stands in quarters.
SUBMITTED, RETURNED, VERIFIED = "2024-Q1", "2024-Q2", "2024-Q3"
REASON = "Đây là số của năm 2023; đề nghị xã gửi số năm 2024."


def make_scene() -> dict[str, Any]:
    from communes.services.api_clients import create_api_client
    from indicators.models import Recognition, Report
    from indicators.services.comments import comment
    from indicators.services.reminders import remind
    from indicators.services.verification import send_back
    from mongcai_portal.accounts.models import User
    from mongcai_portal.accounts.services.users import create_user
    from tests.factories.demo import element_of, report_of

    people = {user.username: user for user in User.objects.all()}
    coordinator, waste = people["coordinator"], element_of("17.11").code
    submitted = stage("submitted", SUBMITTED, [UNIT, OTHER])[UNIT]
    returned = stage("submitted", RETURNED, [UNIT])[UNIT]
    send_back(by=people["verifier.tnmt"], report_id=returned, returns={waste: REASON})
    verified = stage("verified", VERIFIED, [UNIT])[UNIT]
    draft = report_of(UNIT)
    comment(by=coordinator, report_id=draft.pk, element=waste, text="Xã gửi kèm biên bản.", token=uuid4().hex)
    remind(by=coordinator, period=draft.period, units=[UNIT])
    reopened = Report.objects.filter(approved_revision__isnull=False, revision__gt=1).order_by("pk").first()
    assert reopened is not None
    approved = report_of(UNIT, "2023")
    evidence = approved.evidence.first() or draft.evidence.first()
    create_api_client(by=people["admin"], name="Hệ thống báo cáo của tỉnh", role="leader")
    invited = create_user(username="can-bo-moi", by=people["admin"], full_name="Cán bộ mới", must_change_password=True)
    return {
        "unit": UNIT,
        "draft": draft.pk,
        "submitted": submitted,
        "returned": returned,
        "verified": verified,
        "approved": approved.pk,
        "reopened": reopened.pk,
        "element": waste,
        "evidence_report": evidence.report_id if evidence else None,
        "evidence": evidence.pk if evidence else None,
        "evidence_element": evidence.element.code if evidence else None,
        "person": people["verifier.tnmt"].pk,
        "invited": invited.pk,
        "officer": people["officer.bacson"].pk,
        "titled": Recognition.objects.filter(unit__uid=UNIT).latest("decided_on").pk,
        **_acts(coordinator),
        **_norms(coordinator),
        **_plans(people["officer.bacson"]),
        **_papers(coordinator),
        **_archive(coordinator),
        **_reviews(people["officer.bacson"]),
        **make_households(User.objects.get(username="officer.bacson")),
        **_households(people["officer.bacson"]),
        **make_opening_lists(people["officer.bacson"], UNIT),
        **make_ocop(people["officer.bacson"], UNIT),
        **_money(coordinator),
        **_difficulties(coordinator, people["officer.bacson"]),
        **_tasks(coordinator, people["verifier.tnmt"], people["officer.bacson"]),
        # Of somebody who does not come: signing in would spend it.
        **_password_link(people["verifier.yte"]),
    }


def _acts(coordinator: Any) -> dict[str, Any]:
    """A recognition with its paper, one withdrawn, one put right."""
    from communes.models import Unit
    from indicators.services.decisions import Decision, correct, record_decision
    from indicators.services.recognition import withdraw
    from tests.factories.files import upload

    def decided(uid: str, number: str) -> Any:
        decision = Decision(
            unit=Unit.objects.get(uid=uid), level="advanced", decided_on=date(2024, 6, 14), decision_number=number,
            signer="Phó Chủ tịch UBND tỉnh", satisfaction="met", no_debt="met", security="met",
            difference_reason="Số liệu năm 2024 của xã chưa được phê duyệt.",
        )  # fmt: skip
        return decision, record_decision(by=coordinator, decision=decision, scan=upload(f"{uid}.pdf"))

    _decision, scanned = decided(UNIT, "1713/QĐ-UBND")
    _decision, taken = decided(OTHER, "1714/QĐ-UBND")
    withdrawn = withdraw(
        by=coordinator,
        recognition_id=taken.pk,
        withdrawn_on=date(2025, 3, 3),
        decision_number="0303/QĐ-UBND",
        reason="Ba tiêu chí không còn đạt trong hai năm liền.",
        scan=upload("thu-hoi.pdf"),
    )
    decision, wrong = decided("hai-tien", "1751/QĐ-UBND")
    right = correct(
        by=coordinator,
        recognition_id=wrong.pk,
        decision=replace(decision, decision_number="1715/QĐ-UBND"),
        reason="Gõ đảo số quyết định",
    )
    return {
        "recognition": scanned.pk,
        "scan": scanned.scans.get().pk,
        "withdrawn": withdrawn.pk,
        "annulled": wrong.pk,
        "corrected": right.pk,
    }


def _plans(officer: Any) -> dict[str, Any]:
    """A plan with a commune's late one and one that was revised; a figure, and one that was put right."""
    from programmes.models import Target
    from programmes.services.statistic_reading import StatisticTyped
    from programmes.services.statistics import correct_statistic, enter_statistic

    typed = StatisticTyped("value_chains.count", UNIT, date(2024, 12, 31), value="3", source="Báo cáo 12/BC-UBND")
    wrong, _new = enter_statistic(by=officer, typed=typed)
    right = correct_statistic(
        by=officer, statistic_id=wrong.pk, typed=replace(typed, value="2"), reason="Một chuỗi chưa ký hợp đồng"
    )
    plans = Target.records.filter(area__uid="mong-cai")
    return {
        "statistic": right.pk,
        "statistic_wrong": wrong.pk,
        "target": plans.filter(ended_at__isnull=True, measure="income.rural.per_capita").earliest("year").pk,
        "target_revised": plans.filter(ended_at__isnull=False).latest("pk").pk,
        "target_late": Target.objects.filter(area__uid=UNIT).earliest("year").pk,
    }


def _papers(coordinator: Any) -> dict[str, Any]:
    """A period report of which figures moved since it was published, a draft, one withdrawn, two templates."""
    from communes.models import Unit
    from indicators.services.recognition import recognise
    from programmes.services.documents import Asked, draft, publish, withdraw
    from programmes.services.report_templates import add_template
    from tests.factories.documents import upload, word_bytes

    first, last = date(2022, 1, 1), date(2023, 12, 31)

    def published(asked: Asked) -> Any:
        report = draft(by=coordinator, asked=asked)
        return publish(by=coordinator, report_id=report.pk, lock=report.lock)

    taken = published(Asked(UNIT, first, last))
    taken = withdraw(by=coordinator, report_id=taken.pk, lock=taken.lock, reason="Kỳ báo cáo ghi sai.")
    paper = published(Asked("mong-cai", first, last))
    recognise(
        by=coordinator, unit=Unit.objects.get(uid=OTHER), level="advanced", decided_on=date(2023, 11, 20),
        provenance="illustrative", decision_number="2011/QĐ-UBND",
    )  # fmt: skip
    written = draft(by=coordinator, asked=Asked("mong-cai", date(2023, 1, 1), last))
    for note in ("Thêm dòng căn cứ", "Sửa nơi nhận"):
        add_template(by=coordinator, file=upload(word_bytes(note, "{{ report.title }}"), "mau-bao-cao.docx"), note=note)
    return {"paper": paper.pk, "paper_draft": written.pk, "paper_withdrawn": taken.pk}


def _norms(coordinator: Any) -> dict[str, Any]:
    """A norm entered from a scan, and one that waits for its."""
    from communes.scope import scope_of
    from indicators.models import CriteriaSet
    from indicators.selectors.norm_queue import QueueFilter, norm_queue
    from indicators.selectors.norm_target import norm_target
    from indicators.services.norm_documents import keep_scan
    from indicators.services.norm_reading import NormTyped, read_norm
    from indicators.services.norms import enter_norm, seen_of
    from tests.factories.files import upload

    scan = keep_scan(by=coordinator, file=upload("quyet-dinh.pdf"))
    waiting = norm_queue(scope=scope_of(coordinator), wanted=QueueFilter()).items
    first, second = [item for item in waiting if item.asked.value_type == "percent"][:2]
    target = norm_target(first.version.pk, first.asked.part)
    typed = NormTyped(
        value="85", decision="1865/QĐ-UBND", issued_on="05/07/2022", issuer="UBND tỉnh Quảng Ninh", document=scan.pk
    )
    enter_norm(by=coordinator, draft=read_norm(by=coordinator, target=target, typed=typed), seen=seen_of(target))
    return {
        "set": "NTM_XA_2021_2025",
        "set_draft": CriteriaSet.objects.get(status="draft").code,
        "version": second.version.pk,
        "document": scan.pk,
    }


def _archive(coordinator: Any) -> dict[str, Any]:
    """Two workbooks of past years: one with faults, one ready to be taken over."""
    from indicators.services.archive import stage_import
    from tests.indicators.services.test_archive import book

    faulty = stage_import(by=coordinator, file=book([("Bắc Sơn", 2022, "roads", 142), ("Bắc Sơn 9", 2022, "x", "5%")]))
    ready = stage_import(by=coordinator, file=book([], [("Hải Đông", "advanced", "5/QĐ-UBND", 2022)]))
    return {"import_faulty": faulty.pk, "import_ready": ready.pk}


def _reviews(officer: Any) -> dict[str, Any]:
    """Three rounds of one commune: decided, hanging out with a complaint, and under survey with requests."""
    from tests.factories.review_scene import make_rounds

    return make_rounds(officer, UNIT)


def _households(officer: Any) -> dict[str, Any]:
    """Workbooks of households of the officer's commune, in every state."""
    from communes.models import Unit, VillageVersion
    from communes.services.household_imports import accept_import, undo_import
    from communes.services.villages import add_village
    from tests.factories.household_files import CHILD, HEAD, checked, run_jobs, sent

    unit = Unit.objects.get(uid=UNIT)
    if not VillageVersion.objects.filter(unit=unit, name_vi="Thôn Một").exists():
        add_village(by=None, code=f"{UNIT}-thon-mot", unit=UNIT, name="Thôn Một", valid_from=date(2020, 1, 1))

    def rows(code: str, number: str = "") -> list[tuple[Any, ...]]:
        return [(code, *HEAD[1:7], number or None, HEAD[8]), (code, *CHILD[1:])]

    wrong = [
        (f"S{n}", "Thôn Lạ" if n % 3 else "Thôn Một", "Tổ 5", f"Người Thử {n}", "Cháu" if n % 2 else "Chủ hộ",
         "31/02/1980" if n % 4 else "1980", "2", "12", "1 triệu rưỡi")
        for n in range(60)
    ]  # fmt: skip
    faulty = checked(officer, *rows("F1"), *wrong, name="phan-mem-ho-ngheo-2024.xlsx")
    taken = []
    for code in ("DA-NHAP", "HOAN-TAC"):  # the second is checked against a register that has the first's people
        taken.append(checked(officer, *rows(code), name=f"{code}.xlsx"))
        accept_import(by=officer, import_id=taken[-1].pk, doubts_right=True)
        run_jobs()
    undo_import(by=officer, import_id=taken[1].pk)
    run_jobs()
    ready = checked(officer, *rows("R1"), *rows("R2"), name="so-ho-thon-mot.xlsx")
    return {
        "households_sent": sent(officer, *rows("S1"), name="moi-gui.xlsx").pk,
        "households_faulty": faulty.pk,
        "households_ready": ready.pk,
        "households_applied": taken[0].pk,
        "households_undone": taken[1].pk,
    }


def _money(coordinator: Any) -> dict[str, Any]:
    """Lines of money, and workbooks of the finance office in every state."""
    from programmes.models import BudgetLine
    from programmes.services.budget_imports import accept_budget, undo_budget
    from tests.factories.budget_files import checked, sent

    def row(unit: str, component: int, planned: Any, disbursed: Any = None) -> tuple[Any, ...]:
        return ("NTM", component, None, unit, 2023, "Ngân sách tỉnh", planned, None, planned, disbursed)

    units = ("Hải Sơn", "Bắc Sơn", "Hải Đông", "Hải Tiến")
    wrong = [row(unit, 5, "1,500,000,000", "2.000.000") for unit in units]
    wrong += [row("Xã Lạ", 5, 900_000_000), row("Bắc Sơn", 12, 5_000_000), row("Hải Xuân", 5, 1_000, 2_000)]
    applied = checked(coordinator, row("Hải Sơn", 9, 120_000_000, 90_000_000), name="giai-ngan-quy-3.xlsx")
    accept_budget(by=coordinator, import_id=applied.pk)
    undone = checked(coordinator, row("Hải Sơn", 10, 120_000_000), name="giai-ngan-nham-nam.xlsx")
    accept_budget(by=coordinator, import_id=undone.pk)
    undo_budget(by=coordinator, import_id=undone.pk)
    lines = BudgetLine.objects.filter(unit__uid=UNIT, year=2023)
    return {
        "line": lines.get(programme__code="NTM", component__number=2, source__code="province").pk,
        "line_labour": lines.get(source__code="people_labour").pk,
        "money_sent": sent(coordinator, row("Hải Sơn", 5, 1), name="moi-gui.xlsx").pk,
        "money_faulty": checked(coordinator, *wrong, name="giai-ngan-quy-4.xlsx").pk,
        "money_ready": checked(coordinator, *[row(unit, 5, 350_000_000, 90_000_000) for unit in units]).pk,
        "money_applied": applied.pk,
        "money_undone": undone.pk,
    }


def _tasks(coordinator: Any, verifier: Any, officer: Any) -> dict[str, Any]:
    """Tasks of a commune in every status, one of them overdue."""
    from datetime import timedelta

    from django.utils import timezone

    from programmes.services.tasks import (
        cancel_task,
        confirm_task,
        record_progress,
        report_result,
        return_task,
        settle_step,
    )
    from tests.factories.files import upload
    from tests.factories.tasks import make_overdue, make_task

    about = {"owner": "tnmt", "unit": UNIT}
    steps = ["Lập danh sách hộ chưa phân loại rác tại nguồn", "Vận động từng hộ, ghi biên bản", "Nghiệm thu từng thôn"]
    cause = {"origin": "slipping", "level": "standard", "criterion": 17, "document": "", "document_on": None}
    open_ = make_overdue(coordinator, title="Khắc phục tiêu chí 17 (Môi trường) tại xã", steps=steps, **about, **cause)
    settle_step(by=officer, task_id=open_.pk, number=1, done=True)
    record_progress(by=officer, task_id=open_.pk, text="Đã lập danh sách 41 hộ của ba thôn vùng cao.")
    reported = make_task(coordinator, title="Bố trí điểm tập kết rác ở thôn Phình Hồ", origin="directive", **about)
    report_result(by=officer, task_id=reported.pk, text="Đã bố trí hai điểm.", files=[upload("bien-ban.pdf")])
    done = make_task(
        coordinator, title="Kiểm tra nước sạch trước mùa mưa", due_on=timezone.localdate() + timedelta(days=3), **about
    )
    report_result(by=verifier, task_id=done.pk, text="Lần một.")
    return_task(by=coordinator, task_id=done.pk, text="Thiếu kết quả của điểm trường.")
    report_result(by=verifier, task_id=done.pk, text="Đủ 12 mẫu, 12 mẫu đạt.", files=[upload("mau-nuoc.png")])
    confirm_task(by=coordinator, task_id=done.pk, text="Đồng ý.")
    cancelled = make_task(coordinator, title="Rà soát lại danh sách hộ", due_on=None, no_deadline=True, **about)
    cancel_task(by=coordinator, task_id=cancelled.pk, text="Trùng với đợt rà soát định kỳ.")
    return {
        "task_open": open_.pk, "task_reported": reported.pk, "task_done": done.pk, "task_cancelled": cancelled.pk,
    }  # fmt: skip


def _difficulties(coordinator: Any, officer: Any) -> dict[str, Any]:
    """Difficulties of a commune in every status; the open one was changed, and a task came of it."""
    from programmes.services.difficulties import (
        Proposed,
        change_difficulty,
        resolve_difficulty,
        withdraw_difficulty,
    )
    from tests.factories.difficulties import make_difficulty, typed_difficulty
    from tests.factories.tasks import make_task

    about = {"office": "tnmt", "unit": UNIT}
    open_ = make_difficulty(officer, text="Ba thôn vùng cao chưa có điểm tập kết rác.", kind="limitation", **about)
    proposals = [
        Proposed("town", "Bố trí kinh phí xây ba điểm tập kết rác."),
        Proposed("province", "Ban hành đơn giá thu gom rác cho thôn vùng cao."),
    ]
    said = typed_difficulty(
        text="Ba thôn vùng cao chưa có điểm tập kết rác, hộ dân tự đốt rác.", kind="limitation", proposals=proposals,
        **about,
    )  # fmt: skip
    change_difficulty(by=officer, difficulty_id=open_.pk, typed=said)
    make_task(
        coordinator, title="Chọn vị trí ba điểm tập kết rác", origin="difficulty", difficulty=open_.pk, owner="tnmt",
        unit=UNIT, document="", document_on=None,
    )  # fmt: skip
    resolved = make_difficulty(officer, text="Thiếu nước sinh hoạt mùa khô ở thôn cuối tuyến.", **about)
    resolve_difficulty(
        by=officer, difficulty_id=resolved.pk, text="Đã nối thêm 800 m ống.", resolved_on=date(2024, 3, 5)
    )
    taken = make_difficulty(officer, text="Đường vào thôn sạt lở.", **about)
    withdraw_difficulty(by=officer, difficulty_id=taken.pk, text="Trùng với nội dung của phòng Quản lý đô thị.")
    return {
        "difficulty_open": open_.pk, "difficulty_resolved": resolved.pk, "difficulty_withdrawn": taken.pk,
    }  # fmt: skip


def _password_link(user: Any) -> dict[str, Any]:
    from django.contrib.auth.tokens import default_token_generator
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    return {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        made = make_scene()
    print(json.dumps(made))


if __name__ == "__main__":
    main()
