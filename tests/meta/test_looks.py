"""An address that shows a household leaves a trace: whoever opened it stands among those who have seen it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from communes.models import Household, HouseholdReview
from communes.scope import scope_of
from communes.selectors.household_lists import lists_seen_of
from communes.selectors.household_seen import seen_by
from communes.services import reviews
from communes.services.households import end_household
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.api.asked import FORMATS
from tests.factories.files import upload
from tests.factories.reviews import POSTED, Commune, bring_to, make_commune, make_decided, on
from tests.factories.windows import BACKEND
from tests.factories.world import make_person
from tests.meta.test_routes import VALUES, _fill

pytestmark = pytest.mark.django_db

# An address with one of these is one household's; in the API's section of households `pk` is its number.
KEYS = ("<int:household_id>", "<int:person_id>", "<int:review_id>", "<int:file_id>", "(?P<pk>")
LISTS = {"household_list", "review_households", "review_posting_list", "api-household-list"}
# Files leave by a POST; tests/communes/services/test_unmask.py and tests/communes/selectors/test_household_seen.py ask
# who is told of them.
FILES = {"household_export", "poverty_tables"}
# Rounds and counts, forms to begin something, days: no household is named.
NO_HOUSEHOLD = {
    "review_list", "days_off", "review_open", "review_move", "review_request", "review_meeting", "review_posting",
    "review_district", "review_opinion", "poverty_flows", "poverty_flows_chart", "household_new",
    "api-household-statistics-list", "api-household-statistics-flows",
}  # fmt: skip
# Of these, counts of a standard that is to be asked for: nothing but numbers.
COUNTS = {"poverty_flows_chart", "api-household-statistics-list", "api-household-statistics-flows"}
# Of a round, with the households that have left its unit.
WITH_THOSE_WHO_LEFT = {"review_round", "review_decision"}
# What somebody sent, as it was sent: the file is theirs, and the page says what is wrong with its cells.
SENT = {
    "opening_lists", "opening_list", "opening_list_scan", "opening_list_record", "opening_list_check",
    "opening_list_discard", "household_imports", "household_import", "household_import_layout",
    "household_import_faults", "household_import_confirm", "household_import_check", "household_import_words",
    "household_import_discard", "household_import_undo",
}  # fmt: skip
# The log itself: who read numbers of which code.
LOG = {"unmaskings"}
COORDINATORS = {"household_seen"}
# Of a decided round with a request.
DECIDED = {"review_certificate", "review_refusal"}


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str

    @property
    def of_one(self) -> bool:
        return any(key in self.pattern for key in KEYS)


def _routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[Route]:
    for one in patterns:
        here = before + str(one.pattern).replace("^", "")
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, here)
        else:
            yield Route(one.name or "", here)


ROUTES = [
    one
    for one in _routes(get_resolver().url_patterns)
    if one.pattern.startswith(("/households/", "/api/v1/households/")) or "household_id" in one.pattern
]
ONE = [route for route in ROUTES if route.of_one]


@dataclass
class Scene:
    commune: Commune
    household: Household
    decided: HouseholdReview
    numbers: Iterator[int]

    def reader(self, role: str = "commune_officer") -> User:
        unit = None if role == "coordinator" else self.commune.unit
        return make_person(f"nguoi-xem-{next(self.numbers)}", role, unit=unit)

    def address(self, route: Route) -> str:
        return _fill(route.pattern)

    def told(self, household: Household, reader: User) -> tuple[bool, bool]:
        """Whether the reader stands among those who looked at the household, and who read lists with it."""
        scope = scope_of(self.commune.coordinator)
        looked = {one.who for one in seen_by(scope, household.pk, limit=500)}
        listed = {one.who for one in lists_seen_of(scope, household.pk, size=500).lists}
        return str(reader) in looked, str(reader) in listed


@pytest.fixture
def scene(db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with on(date(2023, 11, 8)):
        commune = make_commune()
        round_ = bring_to(commune, "posted")
        review = commune.review("N1")
        paper = reviews.keep_paper(by=commune.officer, review_id=review.pk, paper="sheet", file=upload("phieu.pdf"))
        household = commune.households["N1"]
        values = {
            "household_id": household.pk, "person_id": household.members.get().person_id, "round_id": round_.pk,
            "review_id": review.pk, "file_id": paper.pk, "village_id": household.village_id, "pk": household.pk,
        }  # fmt: skip
        reviews.record_complaint(by=commune.officer, review_id=review.pk, received_on=POSTED, text="Xem lại")
        for name, value in values.items():
            monkeypatch.setitem(VALUES, name, str(value))
        yield Scene(commune, household, make_decided(commune.unit, "D1"), count(1))


def open_as(user: User, path: str, **query: str) -> Any:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.get(path, query)


def test_every_address_of_the_section_is_one_households_a_list_or_told_why_not() -> None:
    known = LISTS | FILES | NO_HOUSEHOLD | WITH_THOSE_WHO_LEFT | SENT | LOG
    names = {route.name for route in ROUTES}
    assert {route.name for route in ROUTES if not route.of_one} == known
    assert not known & {route.name for route in ONE} and len(ONE) >= 20
    assert names >= COORDINATORS | DECIDED


def test_whoever_opened_an_address_of_a_household_has_seen_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    untold, opened = {}, 0
    for route in ONE:
        household = scene.household
        if route.name in DECIDED:
            household = scene.decided.household
            monkeypatch.setitem(VALUES, "round_id", str(scene.decided.round_id))
            monkeypatch.setitem(VALUES, "review_id", str(scene.decided.pk))
        reader = scene.reader("coordinator" if route.name in COORDINATORS else "commune_officer")
        answer = open_as(reader, scene.address(route))
        if route.name in DECIDED:
            review = scene.commune.review("N1")
            monkeypatch.setitem(VALUES, "round_id", str(review.round_id))
            monkeypatch.setitem(VALUES, "review_id", str(review.pk))
        if answer.status_code == 405:
            continue
        opened += 1
        if answer.status_code != 200 or not scene.told(household, reader)[0]:
            untold[route.name] = answer.status_code
    assert untold == {}
    assert opened >= 18


def test_whoever_opened_a_list_may_have_seen_the_household(scene: Scene) -> None:
    untold = {}
    for route in ROUTES:
        for form in FORMATS if route.name == "api-household-list" else ("",):
            if route.name not in LISTS:
                continue
            reader = scene.reader()
            answer = open_as(reader, scene.address(route), **({"format": form} if form else {}))
            if answer.status_code != 200 or not any(scene.told(scene.household, reader)):
                untold[f"{route.name} {form}"] = answer.status_code
    assert untold == {}


def names(answer: Any, review: HouseholdReview) -> bool:
    """Whether an answer has the code of a household, its head's name, or a link to it."""
    text = answer.content.decode()
    told = re.sub(r"<[^>]*>", " ", text.partition("<main")[2] or text)
    code, head = review.household.code, review.household.head_name
    links = (f"/households/{review.household_id}/", f"/reviews/{review.round_id}/households/{review.pk}/")
    return bool(re.search(rf"\b{code}\b", told)) or head in told or any(link in text for link in links)


def test_an_address_that_names_who_has_left_tells_of_it_and_others_name_nobody(scene: Scene) -> None:
    review = scene.commune.review("P1")
    end_household(by=None, household_id=review.household_id, on=date(2023, 11, 7), because="moved_out")
    wrong, named = {}, set()
    for route in ROUTES:
        if route.name not in (NO_HOUSEHOLD - COUNTS) | WITH_THOSE_WHO_LEFT:
            continue
        reader = scene.reader()
        answer = open_as(reader, scene.address(route))
        if names(answer, review):
            named.add(route.name)
        if answer.status_code not in (200, 405) or names(answer, review) != scene.told(review.household, reader)[0]:
            wrong[route.name] = answer.status_code
    assert (wrong, named) == ({}, WITH_THOSE_WHO_LEFT)


def test_who_opened_nothing_of_it_is_not_told_of(scene: Scene) -> None:
    other = scene.commune.households["N2"]
    reader = scene.reader()
    open_as(reader, f"/households/{other.pk}/")
    assert scene.told(other, reader) == (True, False)
    assert scene.told(scene.household, reader) == (False, False)
    assert open_as(scene.commune.stranger, f"/households/{other.pk}/").status_code == 404
    open_as(scene.commune.stranger, "/households/")
    assert scene.told(other, scene.commune.stranger) == (False, False)


def test_a_list_of_another_village_or_unit_is_not_told_of(scene: Scene) -> None:
    reader, foreign = scene.reader(), scene.reader("coordinator")
    open_as(reader, "/households/", village="thon-2")
    open_as(foreign, "/households/", unit="tra-co")
    assert not any((*scene.told(scene.household, reader), *scene.told(scene.household, foreign)))
    assert scene.told(scene.commune.households["N2"], reader) == (False, True)


def test_a_list_is_noted_once_a_day_by_its_conditions_and_keeps_no_search(scene: Scene) -> None:
    reader = scene.reader()
    client = Client()
    client.force_login(reader, backend=BACKEND)
    for _twice in range(2):
        client.get("/households/")
        client.get("/households/", {"state": "all"})
        client.post("/households/", {"q": "Chủ Hộ N1"}, follow=True)
    events = AuditEvent.objects.filter(kind="households.listed", actor_id=str(reader.pk))
    assert [(one.unit_uid, one.details["asked"]) for one in events.order_by("pk")] == [
        (scene.commune.unit.uid, {"pages": "1"}),
        (scene.commune.unit.uid, {"pages": "1", "state": "all"}),
        (scene.commune.unit.uid, {"pages": "1", "searched": True}),
    ]
    assert not any("N1" in repr(one.details) + one.search_key for one in events)


def test_a_list_that_showed_nobody_is_told_to_nobody(scene: Scene) -> None:
    reader = scene.reader()
    assert open_as(reader, "/api/v1/households/", unit="tra-co").json()["results"] == []
    assert AuditEvent.objects.get(actor_id=str(reader.pk), kind="households.listed").details["asked"]["empty"] is True
    assert scene.told(scene.household, reader) == (False, False)


def test_a_code_is_told_to_its_household_alone(scene: Scene) -> None:
    reader = scene.reader()
    open_as(reader, "/api/v1/households/", code="N1")
    assert scene.told(scene.household, reader) == (True, False)
    assert scene.told(scene.commune.households["P1"], reader) == (False, False)


def test_lists_go_on_page_by_page_and_are_for_who_reviews_the_log(scene: Scene) -> None:
    readers = [scene.reader() for _ in range(5)]
    for reader in readers:
        open_as(reader, "/households/")
    scope, found, before = scope_of(scene.commune.coordinator), [], None
    while True:
        part = lists_seen_of(scope, scene.household.pk, before=before, size=2)
        assert len(part.lists) <= 2
        found += [one.who for one in part.lists]
        if part.older is None:
            break
        before = part.older
    assert found == [str(reader) for reader in reversed(readers)]
    page = open_as(scene.commune.coordinator, f"/households/{scene.household.pk}/seen/").content.decode()
    assert page.count("đã mở danh sách có hộ này") == 5
    assert open_as(readers[0], f"/households/{scene.household.pk}/seen/").status_code == 403
