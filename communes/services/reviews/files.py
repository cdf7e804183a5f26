"""Papers of a round: checked by their content before anything else is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import HouseholdReview, ReviewFile, ReviewRound
from communes.services.households.guard import tell as tell_about
from communes.services.reviews.guard import UNDECIDED, hold, review_for, round_for, tell_review
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.uploads import CheckedUpload, check_upload

KINDS = ("pdf", "png", "jpeg")
MOST_BYTES = 20 * 1024 * 1024
# Sheets and requests come as photographs of their pages.
MOST_FILES = 12
Paper = ReviewFile.Paper
CALLED = {Paper.REQUEST: "giay-de-nghi", Paper.SHEET: "phieu-ra-soat"}


def checked_paper(file: File[Any] | None, field: str, missing: str, faults: list[Fault]) -> CheckedUpload | None:
    """Check a paper; what is wrong with it is added to the faults at its field. `missing` says which is wanted."""
    try:
        return check_upload(file, kinds=KINDS, max_bytes=MOST_BYTES)
    except ValidationError as error:
        for one in error.error_list:
            faults.append(Fault(f"/{field}", str(one.code), missing if one.code == "missing" else one.messages[0]))
        return None


def store_paper(
    round_: ReviewRound, paper: str, file: File[Any], checked: CheckedUpload, *, by: Any, **belongs: Any
) -> ReviewFile:
    """Store a checked paper, in the caller's transaction; what a household's was called may name its people."""
    if paper in CALLED:
        ending = checked.name.rpartition(".")[2]
        checked = replace(checked, name=f"{CALLED[paper]}-{checked.sha256[:6]}.{ending}")
    row = ReviewFile.of(file, checked, by=by, round=round_, paper=paper, **belongs)
    row.save()
    return row


def keep_paper(*, by: Any, review_id: int, paper: str, file: File[Any] | None) -> ReviewFile:
    """Keep the request or the filled-in sheet of a household; the same file again is left.

    Raises:
        HouseholdReview.DoesNotExist, Forbidden; Stale: decided meanwhile; Invalid: `/file` what `check_upload` names,
        or too_many.
    """
    review: HouseholdReview = review_for(by=by, review_id=review_id)
    if paper not in (Paper.REQUEST, Paper.SHEET):
        raise ValueError(paper)
    faults: list[Fault] = []
    checked = checked_paper(file, "file", _("Chọn ảnh hoặc bản quét."), faults)
    stored = review.files.filter(paper=paper)
    if checked is not None and (known := stored.filter(sha256=checked.sha256).first()):
        return known
    if stored.count() >= MOST_FILES:
        faults.append(Fault("/file", "too_many", _("Mỗi hộ giữ tối đa %(n)s tệp một loại.") % {"n": MOST_FILES}))
    if faults or checked is None or file is None:
        raise Invalid(faults)
    with transaction.atomic():
        hold(review.round, UNDECIDED, _("Đợt rà soát đã có quyết định, không thêm giấy tờ được."))
        row = store_paper(review.round, paper, file, checked, by=by, review=review)
        tell_review(review, kind=Kind.REVIEW_FILED, by=by, paper=paper, sha256=checked.sha256)
    return row


def read_paper(*, by: Any, round_id: int, file_id: int) -> ReviewFile:
    """Return a paper of a round to be shown; who opens one of a household, which may show all of it, stands in its log.

    Raises:
        ReviewRound.DoesNotExist, ReviewFile.DoesNotExist: outside the person's scope.
    """
    round_ = round_for(by=by, round_id=round_id, permission=Permission.HOUSEHOLDS_VIEW)
    row: ReviewFile = ReviewFile.objects.select_related("review__household").get(pk=file_id, round=round_)
    if row.review_id is not None:
        with transaction.atomic():
            tell_about(row.review.household, kind=Kind.REVIEW_PAPER_READ, by=by, paper=row.paper, sha256=row.sha256)
    return row
