"""Entity tags: strong by content, and with a version that a writer names."""

import pytest

from mongcai_portal.common.api.etags import holds, tag_of, tags_in
from mongcai_portal.common.versions import version_of

SEEN, OTHER = version_of("report", 7, "draft", 1, 1, None), version_of("report", 7, "draft", 1, 2, None)


def test_a_version_is_its_parts_and_nothing_else():
    assert version_of("report", 7, "draft", 1, 1, None) == SEEN != OTHER
    assert version_of("1", "2") != version_of("12") != version_of(12)


def test_a_tag_differs_with_the_content_and_keeps_the_version():
    vietnamese, english = tag_of("Xã".encode(), SEEN), tag_of(b"Commune", SEEN)
    assert vietnamese != english
    assert all(tag.startswith(f'"{SEEN}.') and tag.endswith('"') for tag in (vietnamese, english))
    assert "." not in tag_of(b"[]")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "*",
        tag_of(b"{}", SEEN),
        tag_of(b"another representation", SEEN),
        "W/" + tag_of(b"compressed on the way", SEEN),
        f'"x", {tag_of(b"{}", OTHER)} ,{tag_of(b"{}", SEEN)}',
    ],
)
def test_a_caller_who_names_the_version_has_seen_it(header):
    assert holds(header, SEEN)


@pytest.mark.parametrize(
    "header",
    [
        tag_of(b"{}", OTHER),
        tag_of(b"{}"),
        f'"{SEEN}"',
        SEEN,
        "",
        f"{tag_of(b'{}', SEEN)} junk",
        f'"*", {tag_of(b"{}", OTHER)}',
    ],
)
def test_anything_else_is_not_the_version(header):
    assert not holds(header, SEEN)


@pytest.mark.parametrize(
    ("header", "tags"),
    [('"a"', ["a"]), ('W/"a", "b,c"', ["a", "b,c"]), ('"a" "b"', []), ("a", []), ('"a', []), ("", [])],
)
def test_a_malformed_header_names_no_tag(header, tags):
    assert tags_in(header) == tags
