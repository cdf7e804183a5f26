"""A part of a page that is drawn once and filled many times."""

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from mongcai_portal.common.stencils import Stencil, number_slot, slot

TEMPLATE = "indicators/_mx_turns.html"  # <div><dt><a href="{{ url }}">{{ name }}</a></dt>{{ lines }}</div>


def drawn(**values: object) -> str:
    return Stencil(TEMPLATE, {"url": "/a/?x=%20&y", "name": slot("name"), "lines": slot("lines")}).fill(values)


def test_every_slot_is_filled_and_the_rest_stands_as_the_template_drew_it() -> None:
    assert drawn(name="Xã", lines=1) == '<div><dt><a href="/a/?x=%20&amp;y">Xã</a></dt>1</div>'
    assert isinstance(drawn(name="Xã", lines=1), SafeString)


def test_a_value_is_put_in_as_it_is_and_is_no_slot_itself() -> None:
    assert ">%(name)s 100%<" in drawn(name=escape("%(name)s 100%"), lines="")
    assert ">&lt;b&gt;<" in drawn(name=escape("<b>"), lines="")


def test_a_text_of_the_template_is_no_slot_whatever_characters_it_has() -> None:
    called = "Xã\ue000lines\ue001\ue000:\ue001 100%\ue001"
    stencil = Stencil(TEMPLATE, {"url": "", "name": called, "lines": slot("lines")})
    assert stencil.fill({"lines": "2"}) == f'<div><dt><a href="">{called}</a></dt>2</div>'


def test_a_slot_without_a_value_is_a_fault() -> None:
    with pytest.raises(KeyError):
        drawn(name="Xã")


def test_one_stencil_serves_any_number_of_times() -> None:
    stencil = Stencil(TEMPLATE, {"url": slot("url"), "name": slot("name"), "lines": ""})
    first, second = (stencil.fill({"url": f"/{n}/", "name": n, "left over": 0}) for n in (1, 2))
    assert ('href="/1/">1<' in first, 'href="/2/">2<' in second) == (True, True)


def test_an_address_takes_a_slot_that_is_a_number() -> None:
    report, other = number_slot("report"), number_slot("other")
    assert report == number_slot("report") != other
    stencil = Stencil(
        TEMPLATE, {"url": reverse("report_entry", args=[report]), "name": slot("name"), "lines": f"1{other}"}
    )
    drawn = stencil.fill({"report": 7, "name": "Xã"})
    assert drawn == f'<div><dt><a href="/reports/7/">Xã</a></dt>1{other}</div>', "longer numbers are none"
