"""Demonstration rounds: opened, surveyed, agreed in the villages, posted, reported and decided, as communes do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from communes.models import HouseholdReview, ReviewRound, Unit
from communes.rules.reviews.sheet import CAUSE, NEED, RECEIVED
from communes.selectors.reviews.sheets import SheetForm, live_result, sheet_form
from communes.services import reviews
from communes.services.reviews import CellTyped, Decided
from mongcai_portal.accounts.models import User
from programmes.services.demo.evidence import MARK, illustration
from programmes.services.demo.people import officer_name
from programmes.services.demo.register import NEITHER, REFUSED, Households, move_about

_MARK = f"({MARK.lower()})"
_MINUTES, _DECISION = f"Biên bản họp dân {_MARK}", f"Quyết định công nhận {_MARK}"
_PLACE = "Trụ sở UBND, nhà văn hóa thôn, khu"


def hold_rounds(households: Households, users: Mapping[str, User], units: Mapping[str, Unit]) -> int:
    """Hold the yearly rounds that were not held yet, and let the moves between them happen; return how many were."""
    papers = {title: illustration(title) for title in (_MINUTES, _DECISION)}
    held = set(ReviewRound.objects.filter(kind="yearly").values_list("unit__uid", "held_in"))
    made = 0
    for row in households.raw["rounds"]:
        days = {name: date.fromisoformat(str(day)) for name, day in row.items() if name != "held_in"}
        move_about(households, days["opened"])
        for at, uid in enumerate(households.units_with_cases()):
            if (uid, row["held_in"]) in held:
                continue
            # One round, one transaction: a break leaves no round half held.
            with transaction.atomic():
                decided = days["decided"] + timedelta(days=at % 5)
                _hold(
                    households,
                    users[officer_name(uid)],
                    units[uid],
                    row["held_in"],
                    {**days, "decided": decided},
                    papers,
                )
            made += 1
    return made


def _hold(
    households: Households,
    officer: User,
    unit: Unit,
    held_in: int,
    days: Mapping[str, date],
    papers: Mapping[str, bytes],
) -> None:
    name = unit.name_vi  # type: ignore[attr-defined]
    opened = reviews.open_round(
        by=officer, unit=unit, kind="yearly", held_in=held_in, on=days["opened"], illustrative=True
    )
    for case in households.asking(unit.uid, held_in):
        reviews.add_request(
            by=officer, round_id=opened.pk, household=case.code, reason="request_01", on=days["requested"]
        )
    form = sheet_form(opened)
    listed = HouseholdReview.objects.filter(round=opened).select_related("household", "village").order_by("pk")
    for review in listed:
        letter = households.letter(review.household.code, held_in)
        sheet = households.raw["sheets"][opened.area_type][NEITHER if letter == REFUSED else letter]
        _survey(officer, review, form, sheet, households.description(review.household.code), days["surveyed"])
        if letter == REFUSED:
            reviews.refuse(
                by=officer,
                review_id=review.pk,
                number=f"01/TB-UBND {_MARK}",
                refused_on=days["met"],
                signer=f"Chủ tịch UBND {name} {_MARK}",
                reasons="Thu nhập bình quân của hộ trên mức chuẩn nghèo.",
            )
    reviews.submit_round(by=officer, round_id=opened.pk)
    for village in sorted({review.village_id for review in listed}):
        reviews.record_meeting(
            by=officer,
            round_id=opened.pk,
            village_id=village,
            held_on=days["met"],
            chaired_by=f"Trưởng thôn, khu {_MARK}",
            present=40,
            agreeing=38,
            minutes=ContentFile(papers[_MINUTES], name=f"{_MINUTES}.pdf"),
        )
        reviews.post_results(by=officer, round_id=opened.pk, village_id=village, posted_on=days["posted"], place=_PLACE)
    reviews.complete_round(by=officer, round_id=opened.pk)
    reviews.report_to_district(by=officer, round_id=opened.pk, number=f"01/BC-UBND {_MARK}", sent_on=days["reported"])
    reviews.record_opinion(
        by=officer,
        round_id=opened.pk,
        number=f"01/UBND-LĐTBXH {_MARK}",
        answered_on=days["answered"],
        opinion="Nhất trí với kết quả rà soát.",
    )
    reviews.decide(
        by=officer,
        round_id=opened.pk,
        decided=Decided(
            number=f"01/QĐ-UBND {_MARK}", decided_on=days["decided"], signer=f"Chủ tịch UBND {name} {_MARK}"
        ),
        scan=ContentFile(papers[_DECISION], name=f"{_DECISION}.pdf"),
    )


def _survey(
    officer: User,
    review: HouseholdReview,
    form: SheetForm,
    sheet: Mapping[str, Any],
    description: Mapping[str, Any],
    on: date,
) -> None:
    questions = [one.code for one in form.form.deprivations]
    values = {
        "screening:": "survey",
        "income:": str(sheet["income"]),
        "a_score:": str(sheet["a_score"]),
        "surveyor:": f"Rà soát viên {_MARK}",
        "surveyed_on:": on.isoformat(),
        **{f"answer:{code}": "true" if at < sheet["deprived"] else "false" for at, code in enumerate(questions)},
    }
    if live_result(form, values, review.household.farming).described:
        values |= _described(form, description)
    saved = reviews.save_cells(
        by=officer,
        review_id=review.pk,
        cells=[CellTyped(name, text) for name, text in values.items()],
        sheet=form,
    )
    assert not saved.faults and not saved.conflicts, saved
    reviews.finish_sheet(by=officer, review_id=review.pk, sheet=form)


def _described(form: SheetForm, said: Mapping[str, Any]) -> dict[str, str]:
    """Sheet C, every line of it answered."""
    parts = (
        (CAUSE, form.lists.causes, said["causes"]),
        (NEED, form.lists.supports, said["needs"]),
        (RECEIVED, form.lists.supports, said["received"]),
    )
    return {f"{part}{code}": "true" if code in yes else "false" for part, codes, yes in parts for code in codes}
