"""The words of marks, and the component that shows them."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from indicators.models import CriterionResult
from indicators.presenters.marks import marks_of, marks_text
from indicators.rules.marks import Marks

WORDS = {"unverified": "mức chưa đối chiếu", "judged": "thẩm định của phòng ban", "illustrative": "minh họa"}


def drawn(thing: object, options: str = "") -> str:
    return Template("{% load marks %}{% rest_marks thing " + options + " %}").render(Context({"thing": thing}))


def test_stored_and_computed_results_say_their_marks_alike() -> None:
    stored = CriterionResult(rests_on_unverified=True, rests_on_judgement=True)
    computed = SimpleNamespace(unverified=True, judged="Phòng Tài chính")
    assert marks_of(stored) == marks_of(computed) == Marks(True, True, False)
    assert marks_of(stored, illustrative=True) == Marks(True, True, True)
    assert marks_of(object()) == Marks()


@pytest.mark.parametrize("kind", list(WORDS))
@pytest.mark.parametrize("options", ["", "compact=True"])
def test_each_mark_is_a_word_beside_its_shape(kind: str, options: str) -> None:
    page = drawn(Marks(**{kind: True}), options)
    assert WORDS[kind] in page and re.search("<svg|>[△◇※]<", page)
    assert not any(word in page for other, word in WORDS.items() if other != kind)


def test_a_firm_result_shows_nothing() -> None:
    assert drawn(Marks()).strip() == ""
    assert marks_text(Marks()) == ""


def test_all_marks_stand_together_and_the_office_is_named() -> None:
    page = drawn(Marks(True, True, True), 'judged_by="Phòng <A>"')
    assert all(word in page for word in WORDS.values())
    assert "(Phòng &lt;A&gt;)" in page


def test_the_words_follow_the_readers_language() -> None:
    assert marks_text(Marks(True, True, True)) == "minh họa, mức chưa đối chiếu, thẩm định của phòng ban"
    with translation.override("en"):
        assert marks_text(Marks(True, True, True)) == "illustrative, norm not checked, judgement of the office"
        assert "norm not checked" in drawn(Marks(unverified=True))
    assert "mức chưa đối chiếu" in drawn(Marks(unverified=True))
