"""A commune whose households are reviewed: the real standards, two villages, and rounds brought to a step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from communes.models import (
    DistrictReport,
    Household,
    HouseholdReview,
    PovertyStandard,
    ReviewDecision,
    ReviewFile,
    ReviewProcedure,
    ReviewResult,
    ReviewRound,
    ReviewTerm,
    RoundStandard,
    SurveyForm,
    Unit,
    Village,
)
from communes.rules.reviews.procedure import ProcedureSpec, TermSpec
from communes.services import reviews
from communes.services.classification import OpeningList, record_opening_list
from communes.services.poverty import load_poverty
from communes.services.review_procedures import load_procedures
from communes.services.reviews import CellTyped, Decided
from mongcai_portal.accounts.models import User
from mongcai_portal.common.special_days import load_special_days
from mongcai_portal.common.uploads import check_upload
from tests.factories.classifications import make_standard
from tests.factories.files import upload
from tests.factories.households import make_household, make_village
from tests.factories.poverty import CODES
from tests.factories.world import make_person, make_unit

HOLDING = 2023  # the yearly round of this autumn classifies for 2024 under both standards
OPENED = date(2023, 9, 5)
SURVEYED = date(2023, 10, 10)
MET = date(2023, 11, 6)  # a Monday
POSTED = date(2023, 11, 6)
UNTIL = date(2023, 11, 9)
DECIDED = date(2023, 11, 10)

PROCEDURE = ProcedureSpec(
    "qd24_2021",
    {
        "yearly_from": TermSpec("yearly_from", None, 9, 1, "sourced"),
        "yearly_to": TermSpec("yearly_to", None, 12, 14, "sourced"),
        "monthly_from": TermSpec("monthly_from", 15, None, None, "sourced"),
        "monthly_decision": TermSpec("monthly_decision", 15, None, None, "sourced"),
        "average_from": TermSpec("average_from", 15, None, None, "sourced", "qd24a"),
        "agreement": TermSpec("agreement", 50, None, None, "unverified"),
        "posting": TermSpec("posting", 3, None, None, "unverified"),
        "recheck": TermSpec("recheck", 7, None, None, "unverified"),
        "second_posting": TermSpec("second_posting", 3, None, None, "unverified"),
        "district_opinion": TermSpec("district_opinion", 5, None, None, "unverified", until=date(2025, 6, 30)),
        "report_day": TermSpec("report_day", 5, None, None, "sourced", "qd24a"),
        "report_first": TermSpec("report_first", 2, None, None, "sourced", "qd24a"),
        "report_last": TermSpec("report_last", 9, None, None, "sourced", "qd24a"),
        "report_before": TermSpec("report_before", None, 11, 15, "unverified"),
        "report_final": TermSpec("report_final", None, 12, 14, "unverified"),
        "announced": TermSpec("announced", 1, None, None, "sourced", "qd71"),
    },
)


@dataclass
class Commune:
    """Handles to what was made: households P1, N1 (thon-1) and N2 (thon-2) on the register, F1 (thon-2) not poor."""

    unit: Unit
    villages: dict[str, Village]
    households: dict[str, Household]
    officer: User
    stranger: User
    coordinator: User
    leader: User
    more: dict[str, Any] = field(default_factory=dict)

    def open(self, **over: Any) -> ReviewRound:
        given = {"kind": "yearly", "held_in": HOLDING, "on": OPENED, **over}
        return reviews.open_round(by=self.officer, unit=self.unit, **given)

    def review(self, code: str) -> HouseholdReview:
        return HouseholdReview.objects.get(household=self.households[code])


def make_commune() -> Commune:
    province = make_unit("quang-ninh", "Quảng Ninh", "province", None, "22")
    unit = make_unit("hai-son", "Hải Sơn", "commune", province, "06724")
    other = make_unit("tra-co", "Trà Cổ", "ward", province, "06721")
    load_poverty(by=None)
    load_procedures(by=None)
    load_special_days()
    villages = {code: make_village(unit, code, name) for code, name in (("thon-1", "Một"), ("thon-2", "Hai"))}
    at = {"P1": "thon-1", "N1": "thon-1", "N2": "thon-2", "F1": "thon-2"}
    households = {code: make_household(villages[place], code, f"Chủ Hộ {code}") for code, place in at.items()}
    opening = OpeningList(number="DS-2023", on=date(2023, 1, 1), standard="central_2022_2025", effective_year=2023)
    statuses = {households["P1"].pk: "poor", households["N1"].pk: "near_poor", households["N2"].pk: "near_poor"}
    record_opening_list(by=None, statuses=statuses, opening=opening)
    return Commune(
        unit=unit,
        villages=villages,
        households=households,
        officer=make_person("can-bo", "commune_officer", unit=unit),
        stranger=make_person("nguoi-khac", "commune_officer", unit=other),
        coordinator=make_person("dieu-phoi", "coordinator"),
        leader=make_person("lanh-dao", "leader"),
    )


def typed(deprived: int = 3, *, a_score: str = "120", on: date = SURVEYED, **over: str) -> list[CellTyped]:
    """A filled-in sheet: within the line, deprived of so many."""
    values = {
        "screening:": "survey", "income:": "1.400.000", "a_score:": a_score, "surveyor:": "Rà Soát Viên",
        "surveyed_on:": on.isoformat(),
        **{f"answer:{code}": "true" if n < deprived else "false" for n, code in enumerate(CODES)},
        **{name if ":" in name else f"{name}:": value for name, value in over.items()},
    }  # fmt: skip
    return [CellTyped(name, value) for name, value in values.items()]


def survey(commune: Commune, code: str, deprived: int = 3, **over: Any) -> HouseholdReview:
    """Fill in a household's sheet and finish it."""
    review = commune.review(code)
    result = reviews.save_cells(by=commune.officer, review_id=review.pk, cells=typed(deprived, **over))
    assert (result.faults, result.conflicts) == ((), ())
    return reviews.finish_sheet(by=commune.officer, review_id=review.pk)


def meet(commune: Commune, round_: ReviewRound, village: str, **over: Any) -> Any:
    given = {
        "held_on": MET, "chaired_by": "Trưởng Thôn", "present": 20, "agreeing": 18, "minutes": upload("bien-ban.pdf"),
    }  # fmt: skip
    return reviews.record_meeting(
        by=commune.officer, round_id=round_.pk, village_id=commune.villages[village].pk, **{**given, **over}
    )


def post(commune: Commune, round_: ReviewRound, village: str, **over: Any) -> Any:
    given = {"posted_on": POSTED, "place": "Trụ sở UBND xã, nhà văn hóa thôn"}
    return reviews.post_results(
        by=commune.officer, round_id=round_.pk, village_id=commune.villages[village].pk, **{**given, **over}
    )


def report(commune: Commune, round_: ReviewRound, **over: Any) -> DistrictReport:
    given = {"number": "48/BC-UBND", "sent_on": DECIDED, **over}
    return reviews.report_to_district(by=commune.officer, round_id=round_.pk, **given)


def hear(commune: Commune, round_: ReviewRound, **over: Any) -> DistrictReport:
    given = {"number": "310/UBND-LĐ", "answered_on": DECIDED, "opinion": "Nhất trí với kết quả rà soát.", **over}
    return reviews.record_opinion(by=commune.officer, round_id=round_.pk, **given)


def hand(commune: Commune, round_: ReviewRound, day: date = DECIDED) -> ReviewRound:
    """Hand a yearly round of 2023 to the chairman, with the opinion of the district: all that a decision waits for."""
    reviews.complete_round(by=commune.officer, round_id=round_.pk)
    report(commune, round_, sent_on=day)
    hear(commune, round_, answered_on=day)
    round_.refresh_from_db()
    return round_


def decide(commune: Commune, round_: ReviewRound, **over: Any) -> ReviewDecision:
    given = {"number": "215/QĐ-UBND", "decided_on": DECIDED, "signer": "Chủ tịch Thử", **over}
    scan = given.pop("scan", upload("quyet-dinh.pdf"))
    return reviews.decide(by=commune.officer, round_id=round_.pk, decided=Decided(**given), scan=scan)


SURVEYS = {"P1": 1, "N1": 4, "N2": 0}  # poor becomes near poor, near poor becomes poor, near poor stays


def bring_to(commune: Commune, step: str, codes: Iterable[str] = ("P1", "N1", "N2")) -> ReviewRound:
    """Take a yearly round to a step: opened, surveyed, submitted, met, posted, completed (with the district's opinion),
    decided."""
    round_ = commune.open()
    if step == "opened":
        return round_
    for code in codes:
        survey(commune, code, SURVEYS[code])
    if step == "surveyed":
        return round_
    round_ = reviews.submit_round(by=commune.officer, round_id=round_.pk)
    if step == "submitted":
        return round_
    for village in commune.villages:
        meet(commune, round_, village)
    if step == "met":
        return round_
    for village in commune.villages:
        post(commune, round_, village)
    round_.refresh_from_db()
    if step == "posted":
        return round_
    round_ = hand(commune, round_)
    if step == "completed":
        return round_
    decide(commune, round_)
    round_.refresh_from_db()
    return round_


def on(day: date) -> Any:
    """Let the services see a day as today."""
    moment = datetime.combine(day, time(9), ZoneInfo("Asia/Ho_Chi_Minh"))
    return mock.patch("django.utils.timezone.now", return_value=moment)


def make_decided(unit: Unit, code: str) -> HouseholdReview:
    """A decided monthly round of one poor household, as rows: for sweeps over pages, which need no real standards."""
    stamp = {"recorded_by": "Cán bộ", "recorded_at": datetime(2023, 6, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))}
    form, _made = SurveyForm.objects.get_or_create(
        code="form", defaults={"name_vi": "Phiếu", "name_en": "Form", "decision": "1/TT", "provenance": "sourced"}
    )
    procedure, made = ReviewProcedure.objects.get_or_create(
        code="procedure",
        defaults={"name_vi": "Quy trình", "name_en": "Procedure", "decision": "1/QĐ", "provenance": "sourced"},
    )
    if made:
        ReviewTerm.objects.bulk_create(
            ReviewTerm(procedure=procedure, code=term.code, number=term.number, month=term.month, day=term.day,
                       provenance=term.provenance)
            for term in PROCEDURE.terms.values()
        )  # fmt: skip
    standard = PovertyStandard.objects.filter(code="standard").first() or make_standard()
    household = make_household(make_village(unit, f"thon-{code}"), code)
    round_ = ReviewRound.objects.create(
        unit=unit, kind="monthly", held_in=2023, month=6, procedure=procedure, form=form, area_type="rural",
        opened_on=date(2023, 6, 15), opened_by="Cán bộ", opened_at=stamp["recorded_at"], status="approved",
    )  # fmt: skip
    RoundStandard.objects.create(round=round_, standard=standard, effective_year=2023)
    review = HouseholdReview.objects.create(
        round=round_, household=household, village=household.village, reason="request_01",
        requested_on=date(2023, 6, 16), listed_by="Cán bộ", listed_at=stamp["recorded_at"], income=900_000,
        surveyor="Rà Soát Viên", surveyed_on=date(2023, 6, 16), finished_at=stamp["recorded_at"], finished_by="Cán bộ",
    )  # fmt: skip
    ReviewResult.objects.create(review=review, standard=standard, effective_year=2023, status="poor")
    scan = upload(f"{code}.pdf")
    paper = ReviewFile.of(
        scan, check_upload(scan, kinds=["pdf"], max_bytes=10**6), by="Cán bộ", round=round_, paper="decision"
    )
    paper.save()
    ReviewDecision.objects.create(
        round=round_, number=f"{code}/QĐ", decided_on=date(2023, 6, 20), signer="Chủ tịch Thử", scan=paper, **stamp
    )
    return review
