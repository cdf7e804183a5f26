"""What a file can say of a household and its people, and the headings under which exports say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mongcai_portal.common.text import search_key

HOUSEHOLD, PERSON = "household", "person"
TEXT, WORD, YES_NO, DAY, MONEY, IDENTITY, PLACE = "text", "word", "yes_no", "day", "money", "identity", "place"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field: whose it is, how its cells are read, and headings that name it (compared without tone marks)."""

    key: str
    about: str
    kind: str
    headings: tuple[str, ...]
    longest: int = 0


FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("code", HOUSEHOLD, TEXT, ("Mã hộ", "Mã hộ gia đình", "Mã số hộ", "Household code"), 40),
    FieldSpec("unit", HOUSEHOLD, PLACE, ("Xã", "Phường", "Xã/phường", "Xã, phường", "Tên xã", "Commune")),
    FieldSpec(
        "village", HOUSEHOLD, PLACE,
        ("Thôn", "Bản", "Khu", "Thôn, bản, khu", "Thôn/bản", "Thôn/khu", "Tên thôn", "Mã thôn", "Village"),
    ),
    FieldSpec("address", HOUSEHOLD, TEXT, ("Địa chỉ", "Nơi ở", "Chỗ ở", "Address"), 300),
    FieldSpec(
        "no_labour", HOUSEHOLD, YES_NO,
        ("Không có khả năng lao động", "Hộ không có khả năng lao động", "Unable to work"),
    ),
    FieldSpec(
        "farming", HOUSEHOLD, YES_NO,
        ("Làm nông, lâm, ngư, diêm nghiệp", "Hộ nông, lâm, ngư, diêm nghiệp", "Farming, forestry, fishery or salt"),
    ),
    FieldSpec(
        "income", HOUSEHOLD, MONEY,
        ("Thu nhập bình quân", "Thu nhập bình quân đầu người", "Thu nhập", "Thu nhập bình quân/người/tháng", "Income"),
    ),
    FieldSpec("note", HOUSEHOLD, TEXT, ("Ghi chú", "Note"), 2000),
    FieldSpec("name", PERSON, TEXT, ("Họ và tên", "Họ tên", "Tên", "Họ và tên thành viên", "Full name"), 120),
    FieldSpec(
        "relation", PERSON, WORD, ("Quan hệ với chủ hộ", "Quan hệ", "Quan hệ chủ hộ", "Relation to the head")
    ),
    FieldSpec("birth_date", PERSON, DAY, ("Ngày sinh", "Ngày tháng năm sinh", "Năm sinh", "Date of birth")),
    FieldSpec("sex", PERSON, WORD, ("Giới tính", "Nam/nữ", "Sex")),
    FieldSpec("ethnicity", PERSON, WORD, ("Dân tộc", "Ethnicity")),
    FieldSpec(
        "identity_number", PERSON, IDENTITY,
        ("Số định danh", "Số định danh cá nhân", "Số CCCD", "CCCD", "Số CMND", "CMND/CCCD", "Identity number"),
    ),
    FieldSpec("schooling", PERSON, WORD, ("Tình trạng đi học", "Đang học", "Schooling")),
    FieldSpec("education", PERSON, WORD, ("Trình độ", "Trình độ học vấn", "Trình độ văn hóa", "Education")),
    FieldSpec("work", PERSON, WORD, ("Việc làm", "Tình trạng việc làm", "Work")),
    FieldSpec("health_insurance", PERSON, YES_NO, ("Bảo hiểm y tế", "BHYT", "Có BHYT", "Health insurance")),
    FieldSpec(
        "allowance", PERSON, WORD,
        ("Trợ cấp xã hội", "Bảo trợ xã hội", "Đối tượng bảo trợ xã hội", "Social allowance"),
    ),
    FieldSpec("meritorious", PERSON, YES_NO, ("Người có công", "Có công", "Person of merit")),
    FieldSpec("nutrition", PERSON, WORD, ("Dinh dưỡng", "Tình trạng dinh dưỡng", "Nutrition")),
)  # fmt: skip
BY_KEY: Mapping[str, FieldSpec] = {field.key: field for field in FIELDS}
HOUSEHOLD_KEYS = tuple(field.key for field in FIELDS if field.about == HOUSEHOLD)
PERSON_KEYS = tuple(field.key for field in FIELDS if field.about == PERSON)
# Between the rows of a heading that has several.
STEP = " › "


def proposed(headings: Mapping[int, str]) -> dict[str, int]:
    """Return which column a field probably stands in, by its heading: what someone then looks at and confirms.

    The lowest row of a heading counts; the whole heading where that alone says nothing. A column is proposed once.
    """
    found: dict[str, int] = {}
    for column, heading in sorted(headings.items()):
        for text in (heading.rpartition(STEP)[2], heading):
            field = _named.get(search_key(text))
            if field is not None and field not in found:
                found[field] = column
                break
    return found


_named = {search_key(text): field.key for field in FIELDS for text in field.headings}


def heading_rows(rows: Sequence[tuple[int, Mapping[int, str]]]) -> int | None:
    """Return the number of the row that most probably holds the headings (the lowest row of them); None if none does.

    Args:
        rows: the first rows of a sheet, each with its texts by column.
    """
    best, most = None, 1
    for number, texts in rows:
        known = len({_named[key] for key in map(search_key, texts.values()) if key in _named})
        if known > most:
            best, most = number, known
    return best
