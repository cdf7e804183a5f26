"""Review rounds as their pages and services read them; everything in sets, whatever the number of households."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from communes.models import (
    Complaint,
    DistrictReport,
    HouseholdReview,
    Posting,
    ReviewProcedure,
    ReviewRound,
    ReviewTerm,
    RoundStandard,
    UnitVersion,
    VillageMeeting,
    VillageVersion,
)
from communes.rules.poverty.types import AVERAGE_LINE, StandardSpec
from communes.rules.reviews.procedure import (
    ProcedureSpec,
    TermSpec,
    Window,
    asks_district,
    district_term,
    window,
)
from communes.rules.reviews.stages import Hung, VillageFacts, decision_from, stage_of
from communes.scope import Scope
from communes.selectors.poverty import poverty_standards
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.special_days import work_calendar
from mongcai_portal.common.workflow import APPROVED


def procedure_spec(row: ReviewProcedure) -> ProcedureSpec:
    """Return a procedure as the rules read it: one query."""
    return ProcedureSpec(row.code, {term.code: _term(term) for term in row.terms.all()})


def _term(row: ReviewTerm) -> TermSpec:
    return TermSpec(row.code, row.number, row.month, row.day, row.provenance, row.source, row.until)


def procedure_on(day: date) -> ReviewProcedure | None:
    """Return the procedure in force on a day; None while none is entered."""
    found: ReviewProcedure | None = (
        ReviewProcedure.objects.filter(in_force_q(day)).prefetch_related("terms").order_by("-valid_from").first()
    )
    return found


def rounds(scope: Scope) -> QuerySet[ReviewRound]:
    """Return the rounds that the reader sees, the newest first, with how many households and finished sheets."""
    return _newest(scope).annotate(
        listed=Count("reviews"),
        settled=Count("reviews", filter=Q(reviews__finished_at__isnull=False) | Q(reviews__refusal__isnull=False)),
    )


def open_rounds(scope: Scope, unit_id: int) -> tuple[ReviewRound, ...]:
    """Return the rounds of a unit that wait for their decision, the newest first: two queries."""
    return tuple(_newest(scope).filter(unit=unit_id).exclude(status=APPROVED))


def _newest(scope: Scope) -> QuerySet[ReviewRound]:
    """The rounds that the reader sees, the newest first, with the terms of their procedures: two queries."""
    found: QuerySet[ReviewRound] = ReviewRound.objects.visible_to(scope)
    rows = found.select_related("unit", "procedure", "decision").prefetch_related("procedure__terms")
    return rows.order_by("-held_in", "-opened_on", "-pk")


def find_round(scope: Scope, round_id: int) -> ReviewRound:
    """Return a round that the reader sees.

    Raises:
        ReviewRound.DoesNotExist.
    """
    found: ReviewRound = (
        ReviewRound.objects.visible_to(scope).select_related("unit", "procedure", "form", "decision").get(pk=round_id)
    )
    return found


def round_window(round_: ReviewRound, procedure: ProcedureSpec) -> Window:
    """Return the window of a round."""
    return window(procedure, round_.kind, round_.held_in, round_.month)


@dataclass(frozen=True, slots=True)
class RoundStandardSpec:
    """A standard that a round classifies by: as the rules read it, with its row and the year it counts for."""

    pk: int
    spec: StandardSpec
    effective_year: int
    name_vi: str
    name_en: str
    decision: str


def round_standards(round_: ReviewRound) -> tuple[RoundStandardSpec, ...]:
    """Return the standards of a round."""
    specs = {spec.code: spec for spec in poverty_standards()}
    return tuple(
        RoundStandardSpec(
            row.standard_id,
            specs[row.standard.code],
            row.effective_year,
            row.standard.name_vi,
            row.standard.name_en,
            row.standard.decision,
        )
        for row in RoundStandard.objects.filter(round=round_).select_related("standard").order_by("pk")
    )


def average_standards(round_: ReviewRound) -> tuple[RoundStandardSpec, ...]:
    """Return the standards of a round by which a household may be of average living standard there."""
    return tuple(one for one in round_standards(round_) if one.spec.line(round_.area_type, AVERAGE_LINE) is not None)


@dataclass(frozen=True, slots=True)
class DistrictState:
    """Where a round that asks the district stands with it: the report that counts, by when its answer is due."""

    report: DistrictReport | None = None
    due: date | None = None

    @property
    def answered_on(self) -> date | None:
        """The day of the opinion; None while it is waited for."""
        return self.report.answered_on if self.report else None


def district_state(round_: ReviewRound, procedure: ProcedureSpec) -> DistrictState | None:
    """Return where a round stands with the district; None: it does not ask it. Up to three queries."""
    if not asks_district(procedure, round_.kind, round_.opened_on):
        return None
    report = DistrictReport.objects.filter(round=round_, counts=True).first()
    if report is None:
        return DistrictState()
    return DistrictState(report, district_term(procedure, work_calendar(), report.sent_on).ends_on)


def unit_names(day: date, unit_ids: Iterable[int]) -> dict[int, UnitVersion]:
    """Return the names of units on a day: one query."""
    return {row.unit_id: row for row in UnitVersion.objects.filter(in_force_q(day), unit__in=set(unit_ids))}


@dataclass(frozen=True, slots=True)
class VillageState:
    """A village of a round: how its households stand, what was done, and the stage that follows from it."""

    village_id: int
    code: str
    name: str
    listed: int
    settled: int
    facts: VillageFacts
    stage: str
    meeting: VillageMeeting | None
    postings: tuple[Posting, ...]
    past_meetings: int
    last_survey: date | None
    recheck_due: date | None = None  # of the open complaint whose term ends first


def village_states(round_: ReviewRound, today: date) -> list[VillageState]:
    """Return the villages of a round that have households to review, by name: five queries."""
    counts = list(
        HouseholdReview.objects.filter(round=round_)
        .with_presence(today)
        .values("village_id", "village__code")
        .annotate(
            listed=Count("pk"),
            open=Count("pk", filter=Q(finished_at__isnull=True, refusal__isnull=True, present=True)),
            to_judge=Count("pk", filter=Q(finished_at__isnull=False) | Q(refusal__isnull=True, present=True)),
            last=Max("surveyed_on"),
        )
    )
    meetings: dict[int, VillageMeeting] = {}
    held: dict[int, int] = {}
    for meeting in VillageMeeting.objects.filter(round=round_):
        held[meeting.village_id] = held.get(meeting.village_id, 0) + 1
        if meeting.counts:
            meetings[meeting.village_id] = meeting
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(round=round_, counts=True).order_by("posted_on", "second"):
        postings.setdefault(posting.village_id, []).append(posting)
    complaints: Mapping[int, dict[str, object]] = {
        row["review__village_id"]: row
        for row in Complaint.objects.filter(review__round=round_)
        .values("review__village_id")
        .annotate(
            open=Count("pk", filter=Q(answered_on__isnull=True)),
            due=Min("due_on", filter=Q(answered_on__isnull=True)),
            answered=Max("answered_on"),
        )
    }
    names = village_names(round_.opened_on, [row["village_id"] for row in counts])
    found = []
    for row in counts:
        village = row["village_id"]
        if not row["to_judge"]:
            continue  # all were refused or gone unsurveyed: there is nothing for a meeting to agree to
        hung = {posting.second: Hung(posting.posted_on, posting.until) for posting in postings.get(village, ())}
        said = complaints.get(village, {})
        first = hung.get(False)
        answered, due = said.get("answered"), said.get("due")
        # What was complained of before the village was reviewed anew is settled by that.
        counted = answered if isinstance(answered, date) and first and answered >= first.posted_on else None
        facts = VillageFacts(
            unfinished=row["open"],
            agreed=village in meetings,
            first=first,
            second=hung.get(True),
            complaints=int(str(said.get("open") or 0)),
            answered_on=counted,
        )
        name, key = names.get(village, (row["village__code"], ""))
        found.append(
            (
                key,
                VillageState(
                    village_id=village,
                    code=row["village__code"],
                    name=name,
                    listed=row["listed"],
                    settled=row["listed"] - row["open"],
                    facts=facts,
                    stage=stage_of(facts, today),
                    meeting=meetings.get(village),
                    postings=tuple(postings.get(village, ())),
                    past_meetings=held.get(village, 0) - (village in meetings),
                    last_survey=row["last"],
                    recheck_due=due if isinstance(due, date) else None,
                ),
            )
        )
    return [state for _key, state in sorted(found, key=lambda pair: (pair[0], pair[1].code))]


def village_names(day: date, village_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return name and sort key of villages on a day: one query."""
    rows = VillageVersion.objects.filter(in_force_q(day), village__in=set(village_ids))
    return {row.village_id: (_titled(row), row.sort_key) for row in rows}


def _titled(row: VillageVersion) -> str:
    """A village with the word for what it is: sources write the name with it and without."""
    if row.name_vi.casefold().startswith(("thôn ", "bản ", "khu ")):
        return row.name_vi
    words = {"thon": _("Thôn %(name)s"), "ban": _("Bản %(name)s"), "khu": _("Khu %(name)s")}
    return words[row.kind] % {"name": row.name_vi}


def decidable_from(states: Iterable[VillageState], district: DistrictState | None = None) -> date | None:
    """Return the first day of a decision, after the postings and on the opinion; None while something is before it."""
    first = decision_from(state.facts for state in states)
    if first is None or district is None:
        return first
    return max(first, district.answered_on) if district.answered_on else None
