"""Where the reports of each period stand, and who is missing."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.models import HistoryImport, ReportRevision
from programmes.selectors.overview import overview
from tests.factories.board import COMPUTED, board

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


def test_nobody_is_missing_in_a_year_that_the_archive_alone_brought() -> None:
    town = board(communes=3)
    town.report(town.communes[:1], "2022", {"standard": "met"})

    def missing() -> list[tuple[str, int]]:
        return [(s.period.code, s.missing) for s in overview(END, today=END, area="mong-cai").periods]

    assert ("2022", 2) in missing()
    source = HistoryImport.objects.create(
        name="qua-khu.xlsx", media_type="x", size=1, sha256="a", file="a.xlsx", stored_at=COMPUTED,
        status="applied", checked_at=COMPUTED, decided_at=COMPUTED,
    )  # fmt: skip
    ReportRevision.objects.update(imported_from=source, submitted_at=None)
    assert ("2022", 2) in missing()  # its deadline is one that the coordinator set
    town.periods["2022"].due_on = town.periods["2022"].ends_on
    town.periods["2022"].save()
    assert "2022" not in dict(missing())
