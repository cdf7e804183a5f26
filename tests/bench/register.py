"""A register of a million made-up households in 170 communes and wards, written by the database itself."""

from __future__ import annotations

from datetime import date
from itertools import product

from django.db import connection

from mongcai_portal.common.text import search_key, sort_key

START = date(2020, 1, 1)
# Family names with about the shares they have among people; the rest is the last one's.
FAMILIES = {
    "Nguyễn": 31, "Trần": 11, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Vũ": 4, "Đặng": 3, "Bùi": 3, "Đỗ": 3, "Hồ": 2, "Ngô": 2,
    "Dương": 2, "Lý": 2, "Chíu": 2, "Phùng": 2, "Tằng": 2, "Voòng": 2, "Đinh": 7,
}  # fmt: skip
MIDDLE = "Văn Thị Hữu Đức Minh Ngọc Thanh Quang Xuân Thu Hồng Kim Bảo Gia".split()
GIVEN = (
    "An Anh Bình Cường Châu Dung Dũng Đạt Giang Hà Hải Hạnh Hiền Hiếu Hòa Hoa Hùng Hương Khánh Lan Linh Long Mai Nam"
    " Nga Nhung Oanh Phúc Phương Quân Quyên Sơn Tâm Thảo Thắng Thủy Trang Tuấn Uyên Vân Việt Vinh Xuyến Yến"
).split()


def fill(households: int) -> None:
    """Make the villages of 170 units and so many households of their heads alone; PostgreSQL only."""
    from tests.factories.households import make_village
    from tests.factories.world import make_person, make_unit

    town = make_unit("tinh", "Tỉnh Thử", "province", None)
    units = [make_unit(f"don-vi-{n}", f"Đơn vị {n}", "ward" if n % 3 else "commune", town) for n in range(170)]
    villages = [make_village(unit, f"{unit.uid}-{n}", f"Thôn {n}") for unit in units for n in range(8)]
    make_person("bench-coordinator", "coordinator")
    make_person("bench-officer", "commune_officer", unit=units[3])
    names = [
        (family, middle, given, f"{family} {middle} {given}")
        for family, middle, given in product(FAMILIES, MIDDLE, GIVEN)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_name (family int, middle int, given int, name text, search text, sort text)"
        )
        cursor.executemany(
            "INSERT INTO bench_name VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (list(FAMILIES).index(f), MIDDLE.index(m), GIVEN.index(g), name, search_key(name), sort_key(name))
                for f, m, g, name in names
            ],
        )
        cursor.execute("CREATE TEMP TABLE bench_family (at int, low float, high float)")
        low = 0
        for at, share in enumerate(FAMILIES.values()):
            cursor.execute("INSERT INTO bench_family VALUES (%s, %s, %s)", [at, low / 100, (low + share) / 100])
            low += share
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            "CREATE TEMP TABLE bench_draw AS SELECT i, random() AS f, floor(random() * %s)::int AS middle,"
            " floor(random() * %s)::int AS given, %s + floor(random() * %s)::int AS village"
            " FROM generate_series(1, %s) i",
            [len(MIDDLE), len(GIVEN), villages[0].pk, len(villages), households],
        )
        cursor.execute(
            "CREATE TEMP TABLE bench_head AS SELECT i, village, name, search, sort FROM bench_draw"
            " JOIN bench_family ON f >= low AND f < high"
            " JOIN bench_name n ON n.family = at AND n.middle = bench_draw.middle AND n.given = bench_draw.given"
            " ORDER BY i"
        )
        cursor.execute(
            "INSERT INTO communes_person (id, name, search_key, sort_key, birth_precision, sex, ethnicity,"
            " identity_key, identity_text, identity_index, schooling, education, work, allowance, nutrition, lock,"
            " birth_date)"
            " SELECT i, name, search, sort, 'day', 'male',"
            " CASE i %% 10 WHEN 0 THEN '09' WHEN 1 THEN '04' ELSE '01' END,"
            " '00000000', 'x' || i, md5(i::text) || md5(i::text),"
            " '', '', '', '', '', 0, date '1970-01-01' + i %% 9000 FROM bench_head",
            [],
        )
        cursor.execute(
            "INSERT INTO communes_household (id, code, village_id, address, head_name, size, search_key, sort_key,"
            " valid_from, began_as, ended_as, note, illustrative, lock)"
            " SELECT i, '22' || lpad(i::text, 8, '0'), village, 'Tổ ' || i %% 20, name, 1,"
            " search || ' 22' || lpad(i::text, 8, '0') || ' to ' || i %% 20, sort, %s, 'entered', '', '', true, 0"
            " FROM bench_head",
            [START],
        )
        cursor.execute(
            "INSERT INTO communes_householdstay (household_id, village_id, address, valid_from)"
            " SELECT i, village, '', %s FROM bench_head",
            [START],
        )
        cursor.execute(
            "INSERT INTO communes_householdmember (household_id, person_id, relation, valid_from, began_as, ended_as)"
            " SELECT i, i, 'head', %s, 'entered', '' FROM bench_head",
            [START],
        )
        for table in ("communes_person", "communes_household"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, households])
        cursor.execute("VACUUM ANALYZE")
