"""Texts are sorted by the database as the keys to sort by are meant."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import connection

from mongcai_portal.common import checks
from mongcai_portal.common.text import sort_key

pytestmark = pytest.mark.django_db

NAMES = ["An", "Tân", "Tân Bình", "Uông Bí", "Ưng", "Vạn Ninh", "Xuân", "Yên"]


def test_a_database_that_compares_by_code_point_is_in_order() -> None:
    assert checks.order_of_texts(databases=["default"]) == []
    keys = [sort_key(name) for name in NAMES]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(["SELECT %s AS name"] * len(keys)) + " ORDER BY name", keys[::-1])
        assert [row[0] for row in cursor.fetchall()] == keys


def test_one_that_sorts_by_the_rules_of_a_language_is_told() -> None:
    with patch.object(checks, "_by_code_point", return_value=False):
        assert [found.id for found in checks.order_of_texts(databases=["default"])] == [checks.ORDER]


@pytest.mark.postgres
def test_it_is_known_by_what_it_does_with_signs_and_blanks() -> None:
    with connection.cursor() as cursor:
        cursor.execute('SELECT %s < %s COLLATE "und-x-icu"', ["Z", "["])
        assert cursor.fetchone() == (False,)


def test_nothing_is_asked_of_a_database_that_is_not_named() -> None:
    assert checks.order_of_texts() == []
