"""The ethnic groups of Vietnam by their statistical code (QĐ 121-TCTK/PPCĐ of 02/03/1979); names as written there."""

from __future__ import annotations

ETHNIC_GROUPS: dict[str, str] = {
    f"{number:02d}": name
    for number, name in enumerate(
        (
            "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Hmông", "Dao", "Gia-rai", "Ngái", "Ê-đê", "Ba-na",
            "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Raglay", "Xtiêng", "Bru-Vân Kiều",
            "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú", "Co", "Tà-ôi", "Chơ-ro", "Kháng", "Xinh-mun",
            "Hà Nhì", "Chu-ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng",
            "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ-đu", "Rơ-măm",
        ),
        start=1,
    )
}  # fmt: skip
# Someone of another nationality.
FOREIGN = "55"
KINH = "01"
CODES = frozenset(ETHNIC_GROUPS) | {FOREIGN}


def is_minority(code: str) -> bool | None:
    """Whether a person counts as of an ethnic minority (dân tộc thiểu số); None as long as nothing is recorded."""
    return None if not code else code not in (KINH, FOREIGN)
