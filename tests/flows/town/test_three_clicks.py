"""From ratio to reason: whoever asks "why 2 of 5?" follows the links that stand on the pages, three times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")
DAY = "2023-12-31"
COMMUNE = re.compile(r"^/(attainment|units)/[\w-]+/\?")
CRITERION = re.compile(r"^/attainment/[\w-]+/criteria/\d+/\?")
INDICATOR = re.compile(r"^/attainment/[\w-]+/indicators/[\d.]+/\?")


@dataclass(frozen=True)
class Link:
    """A link as it stands on a page."""

    href: str
    text: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Link] = []
        self._inside = False
        self._href = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self._inside = True
        elif tag == "a" and self._inside:
            self._href, self._text = given.get("href") or "", []

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside = False
        elif tag == "a" and self._href:
            self.found.append(Link(self._href, re.sub(r"\s+", "", "".join(self._text))))
            self._href = ""


class Reader:
    """A leader at the overview who clicks; every click is counted, and must be a link of the page before."""

    def __init__(self) -> None:
        self.window = LocalWindow("leader")
        self.clicks = 0
        self.page = self.window.get(f"/?as_of={DAY}")

    def links(self) -> list[Link]:
        reader = _Links()
        reader.feed(self.page.html)
        return reader.found

    def leading_to(self, pattern: re.Pattern[str]) -> list[Link]:
        return [link for link in self.links() if pattern.match(link.href)]

    def ratio(self, shown: str, level: str) -> Link:
        """The ratio of recognised communes on a level's card."""
        (card,) = [one for one in self.links() if one.text == shown and f"recognised.{level}/" in one.href]
        return card

    def click(self, link: Link) -> None:
        assert link in self.links()
        self.clicks += 1
        self.page = self.window.get(link.href)
        assert self.page.status == 200, link


def asked(href: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(href).query).items()}


def ways(reader: Reader, ratio: str, level: str) -> Iterator[Reader]:
    """Walk from a ratio to every indicator that keeps a commune of the group from the level, a new reader each."""
    (card,) = [
        one for one in reader.links() if one.text == ratio and f".{level}/" in one.href and "recognised" in one.href
    ]
    members = Reader()
    members.click(card)
    for criterion in members.leading_to(CRITERION):
        one = Reader()
        one.click(card)
        one.click(criterion)
        open_ones = one.leading_to(INDICATOR)
        assert open_ones, criterion
        one.click(open_ones[0])
        yield one


@pytest.mark.parametrize(("ratio", "level"), [("05/05", "standard"), ("02/05", "advanced")])
def test_three_clicks_lead_from_the_ratio_to_value_norm_and_decree(ratio: str, level: str) -> None:
    shown = 0
    for reader in ways(Reader(), ratio, level):
        assert reader.clicks == 3
        text = reader.page.text
        assert "Chưa đạt" in text or "Chưa có số liệu" in text or "Chưa xác định" in text
        if re.search(r"[\d,]+%? (≥|≤|=) [\d,]+%?: sai", text):
            assert re.search(r"mức (≥|≤|=) [\d,]+.*QĐ-", text)
            shown += 1
    assert shown > 0


def test_the_first_click_names_the_five_communes_and_what_each_lacks() -> None:
    reader = Reader()
    card = reader.ratio("02/05", "advanced")
    reader.click(card)
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', reader.page.html, flags=re.S)
    assert len(rows) == 5
    for row in rows:
        assert ("Được công nhận<" in row) != ("Chưa được công nhận<" in row)
        assert ("Đạt theo số liệu<" in row) != ("Chưa đạt theo số liệu<" in row)
        assert ("Chưa đạt theo số liệu<" in row) == ("Còn thiếu" in row or "nhưng chưa đạt mức" in row)


def test_the_tour_of_the_readme_is_what_the_pages_say() -> None:
    reader = Reader()
    reader.click(reader.ratio("02/05", "advanced"))
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', reader.page.html, flags=re.S)
    lacking = {
        name: len(set(re.findall(rf'href="(/attainment/{uid}/criteria/\d+/)', row)))
        for row in rows
        for name, uid in (("Bắc Sơn", "bac-son"), ("Hải Sơn", "hai-son"), ("Quảng Nghĩa", "quang-nghia"),
                          ("Vĩnh Thực", "vinh-thuc"), ("Vĩnh Trung", "vinh-trung"))
        if name in row
    }  # fmt: skip
    assert lacking == {"Bắc Sơn": 9, "Hải Sơn": 6, "Quảng Nghĩa": 0, "Vĩnh Thực": 0, "Vĩnh Trung": 1}
    (income,) = [one for one in reader.leading_to(CRITERION) if "/bac-son/criteria/10/" in one.href]
    reader.click(income)
    assert "62,8 ≥ 68: sai ⇒ Chưa đạt" in reader.page.text
    reader.click(reader.leading_to(INDICATOR)[0])
    assert "thiếu 5,2 triệu đồng/người/năm" in reader.page.text and "318/QĐ-TTg" in reader.page.text
    assert reader.clicks == 3


def test_where_recognition_and_figures_differ_both_counts_are_news() -> None:
    reader = Reader()
    assert "Công nhận 05/05 xã, số liệu đã duyệt cho thấy 04/05 xã đạt" in reader.page.text
    card = reader.ratio("05/05", "standard")
    reader.click(card)
    assert "Công nhận 05/05 xã, số liệu đã duyệt cho thấy 04/05 xã đạt." in reader.page.text
    assert "đã công nhận, số liệu chưa đủ: Bắc\N{NO-BREAK SPACE}Sơn" in reader.page.html


def test_every_dot_tile_cell_and_warning_keeps_level_and_day() -> None:
    reader = Reader()
    found = [one for one in reader.links() if one.href.startswith(("/attainment/", "/measures/", "/units/"))]
    assert len(found) > 200
    for link in found:
        assert asked(link.href).get("as_of") == DAY, link
        if COMMUNE.match(link.href) or CRITERION.match(link.href):
            assert asked(link.href).get("level") in ("standard", "advanced", "model"), link


@pytest.mark.parametrize("where", ["/attainment/bac-son/", "/units/bac-son/"])
def test_a_commune_on_the_overview_leads_to_the_indicator_in_three_clicks_too(where: str) -> None:
    """The dots of the cards and the warnings lead to the one page, the tiles of the map to the other."""
    reader = Reader()
    dot = next(one for one in reader.leading_to(COMMUNE) if one.href.startswith(where) and "level=standard" in one.href)
    reader.click(dot)
    reader.click(reader.leading_to(CRITERION)[0])
    indicator = reader.leading_to(INDICATOR)[0]
    reader.click(indicator)
    assert reader.clicks == 3
    assert asked(indicator.href) == {"as_of": DAY, "level": "standard"}
    assert "QĐ-" in reader.page.text or "chưa có mức đạt chuẩn" in reader.page.text


def test_level_and_day_are_kept_all_the_way() -> None:
    reader = Reader()
    card = reader.ratio("02/05", "advanced")
    reader.click(card)
    criterion = reader.leading_to(CRITERION)[0]
    reader.click(criterion)
    indicator = reader.leading_to(INDICATOR)[0]
    for href in (criterion.href, indicator.href):
        assert asked(href) == {"as_of": DAY, "level": "advanced"}
