"""Words that exports use for what the register knows by a code.

A word that can mean two things is not here (`cháu` is a grandchild or a nephew): whoever brings the file says what it
means there.
"""

from __future__ import annotations

from collections.abc import Mapping

from communes.rules.ethnic_groups import ETHNIC_GROUPS, FOREIGN
from communes.rules.names import name_key
from mongcai_portal.common.text import search_key

RELATIONS = {
    "head": ("chủ hộ", "head"),
    "spouse": ("vợ", "chồng", "vợ hoặc chồng", "vợ/chồng", "spouse", "wife", "husband"),
    "child": ("con", "con đẻ", "con trai", "con gái", "con ruột", "con nuôi", "child", "son", "daughter"),
    "step_child": ("con riêng", "con riêng của vợ hoặc chồng", "con riêng của vợ", "con riêng của chồng", "step-child"),
    "child_in_law": ("con dâu", "con rể", "con dâu, con rể", "child-in-law"),
    "parent": ("bố", "mẹ", "cha", "ba", "má", "bố đẻ", "mẹ đẻ", "cha đẻ", "bố, mẹ", "bố mẹ", "parent"),
    "parent_in_law": (
        "bố vợ", "mẹ vợ", "bố chồng", "mẹ chồng", "cha vợ", "cha chồng", "bố, mẹ của vợ hoặc chồng", "parent-in-law",
    ),
    "grandparent": ("ông", "bà", "ông, bà", "ông nội", "bà nội", "ông ngoại", "bà ngoại", "grandparent"),
    "grandchild": ("cháu nội", "cháu ngoại", "cháu nội, cháu ngoại", "chắt", "grandchild"),
    "sibling": (
        "anh", "chị", "em", "anh, chị, em", "anh chị em", "anh ruột", "chị ruột", "em ruột", "anh trai", "chị gái",
        "em trai", "em gái", "sibling", "brother", "sister",
    ),
    "other_relative": ("quan hệ gia đình khác", "cháu họ", "cô", "dì", "chú", "bác", "cậu", "em họ", "other relative"),
    "unrelated": (
        "không có quan hệ gia đình", "không quan hệ gia đình", "ở nhờ", "người giúp việc", "cùng ở nhờ", "unrelated",
    ),
}  # fmt: skip
SEXES = {"male": ("nam", "male", "m"), "female": ("nữ", "female", "f")}
SCHOOLING = {
    "none": ("không đi học", "không học", "nghỉ học", "chưa đi học", "not at school"),
    "kindergarten": ("mầm non", "mẫu giáo", "nhà trẻ", "kindergarten"),
    "primary": ("tiểu học", "cấp 1", "primary school", "primary"),
    "lower_secondary": ("trung học cơ sở", "thcs", "cấp 2", "lower secondary school", "lower secondary"),
    "upper_secondary": ("trung học phổ thông", "thpt", "cấp 3", "upper secondary school", "upper secondary"),
    "vocational": ("đào tạo nghề", "học nghề", "trung cấp", "sơ cấp", "vocational training"),
    "higher": ("cao đẳng, đại học trở lên", "cao đẳng", "đại học", "sau đại học", "college or university"),
}  # fmt: skip
EDUCATION = {
    "none": ("chưa có bằng cấp", "không có bằng cấp", "không bằng cấp", "chưa tốt nghiệp tiểu học", "no degree"),
    "primary": ("tốt nghiệp tiểu học", "tiểu học", "cấp 1", "primary school"),
    "lower_secondary": ("tốt nghiệp trung học cơ sở", "tốt nghiệp thcs", "trung học cơ sở", "thcs", "cấp 2"),
    "upper_secondary": ("tốt nghiệp trung học phổ thông", "tốt nghiệp thpt", "trung học phổ thông", "thpt", "cấp 3"),
    "vocational": ("sơ cấp, trung cấp, chứng nhận nghề", "sơ cấp", "trung cấp", "chứng chỉ nghề", "chứng nhận nghề"),
    "higher": ("tốt nghiệp cao đẳng, đại học trở lên", "cao đẳng", "đại học", "cao đẳng, đại học trở lên"),
}  # fmt: skip
WORK = {
    "contract": ("làm công ăn lương, có hợp đồng lao động", "có hợp đồng lao động", "có hđlđ"),
    "no_contract": ("làm công ăn lương, không có hợp đồng lao động", "không có hợp đồng lao động", "không có hđlđ"),
    "self_employed": ("tự làm", "lao động tự do", "làm nông nghiệp", "làm ruộng", "nông dân", "self-employed"),
    "seeking": ("không có việc làm, đang tìm việc", "đang tìm việc", "thất nghiệp"),
    "not_seeking": ("không làm việc, không tìm việc", "không tìm việc", "nội trợ"),
    "unable": ("không có khả năng lao động", "mất khả năng lao động"),
    "outside_age": ("ngoài độ tuổi lao động", "hết tuổi lao động", "chưa đến tuổi lao động", "còn nhỏ"),
}  # fmt: skip
ALLOWANCES = {
    "none": ("không hưởng trợ cấp", "không hưởng", "không"),
    "elderly": ("người cao tuổi hưởng trợ cấp xã hội hằng tháng", "người cao tuổi"),
    "disabled": ("người khuyết tật hưởng trợ cấp xã hội hằng tháng", "người khuyết tật", "khuyết tật"),
    "other": ("đối tượng bảo trợ xã hội khác", "đối tượng khác"),
}
NUTRITION = {
    "normal": ("bình thường", "không suy dinh dưỡng"),
    "stunted": ("suy dinh dưỡng chiều cao theo tuổi", "thấp còi", "suy dinh dưỡng chiều cao"),
    "underweight": ("suy dinh dưỡng cân nặng theo tuổi", "nhẹ cân", "suy dinh dưỡng cân nặng"),
    "both": ("suy dinh dưỡng cả chiều cao và cân nặng",),
}
# Other spellings of the names in QĐ 121-TCTK/PPCĐ, as other papers write them.
_OTHER_NAMES = {
    "08": ("Mông", "H'Mông", "Mèo"), "04": ("Hán",), "09": ("Dao Thanh Y",), "15": ("Sán Chỉ", "Cao Lan"),
    "05": ("Khmer", "Khơ me"), "12": ("Ê đê", "Êđê"), "55": ("người nước ngoài", "nước ngoài", "foreigner"),
}  # fmt: skip
ETHNICITIES = {
    code: (code, str(int(code)), ETHNIC_GROUPS.get(code, "nước ngoài"), *_OTHER_NAMES.get(code, ()))
    for code in (*ETHNIC_GROUPS, FOREIGN)
}
# The portal's own words in English, as its export writes them for an English reader.
_ENGLISH: dict[str, dict[str, str]] = {
    "relation": {
        "head": "head of the household",
        "sibling": "brother or sister",
        "unrelated": "no relative",
    },
    "schooling": {
        "higher": "college, university or higher",
    },
    "education": {
        "primary": "primary school completed",
        "lower_secondary": "lower secondary school completed",
        "upper_secondary": "upper secondary school completed",
        "vocational": "vocational certificate",
        "higher": "college or university degree",
    },
    "work": {
        "contract": "wage earner with a contract",
        "no_contract": "wage earner without a contract",
        "seeking": "without work, looking for it",
        "not_seeking": "neither working nor looking for work",
        "unable": "unable to work",
        "outside_age": "outside working age",
    },
    "allowance": {
        "none": "no allowance",
        "elderly": "elderly person with a monthly social allowance",
        "disabled": "disabled person with a monthly social allowance",
        "other": "other person under social protection",
    },
    "nutrition": {
        "normal": "normal",
        "stunted": "stunted",
        "underweight": "underweight",
        "both": "stunted and underweight",
    },
}
_VIETNAMESE: dict[str, Mapping[str, tuple[str, ...]]] = {
    "relation": RELATIONS, "sex": SEXES, "ethnicity": ETHNICITIES, "schooling": SCHOOLING, "education": EDUCATION,
    "work": WORK, "allowance": ALLOWANCES, "nutrition": NUTRITION,
}  # fmt: skip
CODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    field: {
        code: (*words, english) if (english := _ENGLISH.get(field, {}).get(code, "")) else words
        for code, words in codes.items()
    }
    for field, codes in _VIETNAMESE.items()
}
YES, NO = ("có", "x", "1", "đúng", "yes", "true", "✓", "v"), ("không", "0", "ko", "k", "no", "false")


def _index(codes: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], dict[str, str]]:
    """Words by their own key; and without tone marks, where only one code is meant by them."""
    exact = {name_key(word) or word: code for code, words in codes.items() for word in words}
    loose: dict[str, set[str]] = {}
    for code, words in codes.items():
        for word in words:
            loose.setdefault(search_key(word), set()).add(code)
    return exact, {key: codes.pop() for key, codes in loose.items() if len(codes) == 1 and key}


_KNOWN = {field: _index(codes) for field, codes in CODES.items()}
_YES_NO = _index({"yes": YES, "no": NO})


def word_key(text: str) -> str:
    """Return the key by which a file's own words are kept; of signs alone the signs themselves."""
    return name_key(text) or text.strip()


def code_of(field: str, text: str, own: Mapping[str, str]) -> str | None:
    """Return what a word means in a field, None when nobody knows; `own` are words that were declared for the file."""
    key = word_key(text)
    if key in own:
        return own[key]
    exact, loose = _KNOWN[field]
    return exact.get(key) or loose.get(search_key(text))


def yes_or_no(text: str, own: Mapping[str, str]) -> bool | None:
    """Return whether a word says yes; None when nobody knows."""
    key = word_key(text)
    found = own.get(key) or _YES_NO[0].get(key) or _YES_NO[1].get(search_key(text))
    return None if found is None else found == "yes"
