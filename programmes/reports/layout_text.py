"""What the built-in Word template says, section by section; see `layout`."""

from __future__ import annotations

from typing import Any

from programmes.reports.layout_parts import (
    LEFT,
    RIGHT,
    SMALL,
    add_caption,
    add_command,
    add_heading,
    add_paragraph,
    add_picture,
    add_table,
    write,
)

_SOURCE = (
    "[{{ row.note }}]{% if row.standard %} {{ row.standard }}{% endif %}"
    "{% if row.standard and row.mark %}; {% else %} {% endif %}{{ row.mark }}"
)
_LABEL = "{{ row.label }}{% if row.breakthrough %} (khâu đột phá: {{ row.breakthrough }}){% endif %}"


def write_text(document: Any) -> None:
    _figures(document)
    _ntm(document)
    _poverty(document)
    _targets(document)
    _ocop(document)
    _money(document)
    _tasks(document)
    _attention(document)
    _difficulties(document)
    _proposals(document)
    _close(document)


def _figures(document: Any) -> None:
    add_paragraph(
        document,
        "Báo cáo này nêu kết quả thực hiện các chương trình mục tiêu quốc gia trên địa bàn {{ report.area }} "
        "từ ngày {{ report.since }} đến ngày {{ report.until }}, theo số liệu trên cổng tiến độ lấy ngày "
        "{{ report.written_on }}.",
    )
    add_heading(document, "I. CÁC CON SỐ CHỦ YẾU")
    add_command(document, "{%p for row in figures.rows %}")
    add_paragraph(document, "- {{ row.sentence }}")
    add_command(document, "{%p endfor %}")
    add_command(document, "{%p for row in figures.unsettled %}")
    add_paragraph(document, "- {{ row.sentence }}")
    add_command(document, "{%p endfor %}")
    add_caption(document, "Bảng 1. Các con số chủ yếu đến ngày {{ report.until }}")
    add_table(
        document,
        "figures.rows",
        (
            ("Con số", _LABEL, 42, LEFT),
            ("Kết quả", "{{ row.text }}", 40, RIGHT),
            ("So với đầu kỳ", "{{ row.change }}", 17, RIGHT),
            ("Chỉ tiêu (năm)", "{{ row.target }}", 18, RIGHT),
            ("Nguồn, ghi chú", _SOURCE, 48, LEFT),
        ),
    )
    add_command(document, "{%p for row in figures.sources %}")
    write(document.add_paragraph(), "[{{ row.note }}] {{ row.title }}.", size=SMALL)
    add_command(document, "{%p endfor %}")
    for code in ("trend_recognised", "trend_recognised_next", "trend_income"):
        add_picture(document, code)


def _ntm(document: Any) -> None:
    add_heading(document, "II. XÂY DỰNG NÔNG THÔN MỚI")
    add_paragraph(document, "1. Xã theo mức đạt chuẩn", bold=True)
    add_paragraph(
        document,
        "Công nhận là quyết định của cấp có thẩm quyền; đạt theo số liệu là kết quả tính từ báo cáo đã phê duyệt. "
        "{% if levels.group %}Tỷ lệ tính trên nhóm: {{ levels.group }}.{% endif %}",
    )
    add_command(document, "{%p for row in levels.levels %}")
    add_paragraph(
        document, "- {{ row.label }}: được công nhận {{ row.recognised }} xã; đạt theo số liệu {{ row.attained }} xã."
    )
    add_command(document, "{%p endfor %}")
    add_picture(document, "levels")
    add_caption(document, "Bảng 2. Mức được công nhận và mức đạt theo số liệu của từng xã")
    add_table(
        document,
        "levels.communes",
        (
            ("Xã", "{{ row.name }}", 26, LEFT),
            ("Được công nhận", "{{ row.recognised }}", 36, LEFT),
            ("Quyết định", "{{ row.decision }}", 38, LEFT),
            ("Đạt theo số liệu", "{{ row.attained }}", 34, LEFT),
            ("Ghi chú", "{{ row.differs }}", 31, LEFT),
        ),
    )
    add_paragraph(document, "2. Tiêu chí còn thiếu", bold=True)
    add_picture(document, "criteria")
    add_paragraph(document, "Xã không nêu trong bảng ở một mức là xã đã đạt mọi tiêu chí áp dụng của mức đó.")
    add_caption(document, "Bảng 3. Tiêu chí còn thiếu của từng xã")
    add_table(
        document,
        "criteria.lacking",
        (
            ("Xã", "{{ row.commune }}", 26, LEFT),
            ("Mức", "{{ row.level }}", 40, LEFT),
            ("Tiêu chí đạt", "{{ row.met }}", 18, RIGHT),
            ("Còn thiếu", "{{ row.missing }}", 81, LEFT),
        ),
    )


def _poverty(document: Any) -> None:
    add_heading(document, "III. GIẢM NGHÈO")
    add_command(document, "{%p if households.cohort %}")
    add_paragraph(document, "{{ households.cohort }}")
    add_command(document, "{%p endif %}")
    add_picture(document, "households")
    add_command(document, "{%p if households.years %}")
    add_caption(document, "Bảng 4. Hộ nghèo, hộ cận nghèo cuối mỗi năm")
    add_table(
        document,
        "households.years",
        (
            ("Ngày", "{{ row.day }}", 24, LEFT),
            ("Hộ nghèo", "{{ row.poor }}", 22, RIGHT),
            ("Tỷ lệ", "{{ row.poor_rate }}", 18, RIGHT),
            ("Hộ cận nghèo", "{{ row.near_poor }}", 24, RIGHT),
            ("Tỷ lệ", "{{ row.near_poor_rate }}", 18, RIGHT),
            ("Chuẩn nghèo", "{{ row.standard }}", 59, LEFT),
        ),
    )
    add_command(document, "{%p endif %}")
    add_command(document, "{%p if households.flows %}")
    add_caption(document, "Bảng 5. Biến động hộ nghèo, hộ cận nghèo trong từng năm")
    add_table(
        document,
        "households.flows",
        (
            ("Năm", "{{ row.year }}", 14, LEFT),
            ("Loại hộ", "{{ row.kind }}", 28, LEFT),
            ("Đầu năm", "{{ row.opening }}", 18, RIGHT),
            ("Tăng", "{{ row.came }}", 21, RIGHT),
            ("Giảm", "{{ row.left }}", 21, RIGHT),
            ("Cuối năm", "{{ row.closing }}", 18, RIGHT),
            ("Chuẩn nghèo", "{{ row.standard }}", 45, LEFT),
        ),
    )
    add_command(document, "{%p endif %}")
    add_command(document, "{%p if households.note %}")
    add_paragraph(document, "{{ households.note }}", italic=True)
    add_command(document, "{%p endif %}")


def _targets(document: Any) -> None:
    add_heading(document, "IV. CHỈ TIÊU KẾ HOẠCH")
    add_command(document, "{%p if targets.rows %}")
    add_caption(document, "Bảng 6. Chỉ tiêu kế hoạch và kết quả")
    add_table(
        document,
        "targets.rows",
        (
            ("Chương trình", "{{ row.programme }}", 32, LEFT),
            ("Con số", "{{ row.label }}", 44, LEFT),
            ("Năm", "{{ row.year }}", 13, LEFT),
            ("Kế hoạch", "{{ row.planned }}", 26, RIGHT),
            ("Thực hiện", "{{ row.reached }}", 28, RIGHT),
            ("Đánh giá", "{{ row.status }}", 22, LEFT),
        ),
    )
    add_command(document, "{%p else %}")
    add_paragraph(document, "Không có chỉ tiêu kế hoạch nào của kỳ này trên cổng.")
    add_command(document, "{%p endif %}")


def _ocop(document: Any) -> None:
    add_heading(document, "V. SẢN PHẨM OCOP")
    _unless(document, "ocop")
    add_paragraph(
        document,
        "Đến ngày {{ report.until }} có {{ ocop.live }} sản phẩm còn hiệu lực công nhận; lũy kế {{ ocop.ever }} sản "
        "phẩm từng được công nhận, trong đó {{ ocop.new }} sản phẩm được công nhận lần đầu trong kỳ.",
    )
    add_caption(document, "Bảng 7. Sản phẩm OCOP theo hạng sao và cấp công nhận")
    add_table(
        document,
        "ocop.counts",
        (
            ("Hạng sao", "{{ row.stars }}", 40, LEFT),
            ("Cấp công nhận", "{{ row.level }}", 60, LEFT),
            ("Còn hiệu lực", "{{ row.live }}", 32, RIGHT),
            ("Lũy kế", "{{ row.ever }}", 33, RIGHT),
        ),
    )
    add_command(document, "{%p if ocop.expiring %}")
    add_caption(document, "Bảng 8. Sản phẩm sắp hết hiệu lực công nhận")
    add_table(
        document,
        "ocop.expiring",
        (
            ("Sản phẩm", "{{ row.name }}", 50, LEFT),
            ("Chủ thể", "{{ row.producer }}", 43, LEFT),
            ("Địa bàn", "{{ row.place }}", 26, LEFT),
            ("Hạng sao", "{{ row.stars }}", 18, LEFT),
            ("Hiệu lực đến hết", "{{ row.until }}", 28, LEFT),
        ),
    )
    add_command(document, "{%p endif %}")
    add_command(document, "{%p endif %}")


def _money(document: Any) -> None:
    add_heading(document, "VI. VỐN CÁC CHƯƠNG TRÌNH")
    _unless(document, "money")
    add_caption(document, "Bảng 9. Kế hoạch, phân bổ, giải ngân vốn (triệu đồng)")
    for rows in ("money.rows", "money.totals"):
        add_table(
            document,
            rows,
            (
                ("Chương trình", "{{ row.label }}{% if row.mark %} ({{ row.mark }}){% endif %}", 44, LEFT),
                ("Năm", "{{ row.year }}", 13, LEFT),
                ("Kế hoạch", "{{ row.planned }}", 20, RIGHT),
                ("Kéo dài", "{{ row.carried_over }}", 18, RIGHT),
                ("Phân bổ", "{{ row.allocated }}", 19, RIGHT),
                ("Giải ngân", "{{ row.disbursed }}", 19, RIGHT),
                ("Tỷ lệ", "{{ row.rate }}", 15, RIGHT),
                ("Huy động", "{{ row.mobilised }}", 19, RIGHT),
            ),
        )
    add_command(document, "{%p if money.note %}")
    add_paragraph(document, "{{ money.note }}", italic=True)
    add_command(document, "{%p endif %}")
    add_command(document, "{%p endif %}")


def _tasks(document: Any) -> None:
    add_heading(document, "VII. THỰC HIỆN KẾT LUẬN, NHIỆM VỤ")
    _unless(document, "tasks")
    add_paragraph(document, "{{ tasks.sentence }}")
    add_caption(document, "Bảng 10. Tình hình thực hiện từng nhiệm vụ đến ngày {{ report.until }}")
    add_table(
        document,
        "tasks.rows",
        (
            ("Nhiệm vụ", "{{ row.title }}{% if row.mark %} ({{ row.mark }}){% endif %}", 50, LEFT),
            ("Chương trình", "{{ row.programme }}", 27, LEFT),
            ("Chủ trì", "{{ row.office }}", 27, LEFT),
            ("Địa bàn", "{{ row.place }}", 19, LEFT),
            ("Thời hạn", "{{ row.due }}", 20, LEFT),
            ("Tình trạng", "{{ row.status }}", 22, LEFT),
        ),
    )
    add_command(document, "{%p endif %}")


def _attention(document: Any) -> None:
    add_heading(document, "VIII. VIỆC CẦN CHÚ Ý")
    add_command(document, "{%p if attention.rows %}")
    add_command(document, "{%p for row in attention.rows %}")
    add_paragraph(document, "- {{ row.title }}{% if row.detail %} ({{ row.detail }}){% endif %}.")
    add_command(document, "{%p endfor %}")
    add_command(document, "{%p if attention.more %}")
    add_paragraph(document, "{{ attention.more }}")
    add_command(document, "{%p endif %}")
    add_command(document, "{%p else %}")
    add_paragraph(document, "Không có việc nào cần chú ý.")
    add_command(document, "{%p endif %}")


def _difficulties(document: Any) -> None:
    add_heading(document, "IX. TỒN TẠI, KHÓ KHĂN, NGUYÊN NHÂN")
    _unless(document, "difficulties")
    for number, heading, rows in (
        (1, "Tồn tại, hạn chế", "difficulties.limitations"),
        (2, "Khó khăn, vướng mắc", "difficulties.difficulties"),
    ):
        add_command(document, f"{{%p if {rows} %}}")
        add_paragraph(document, f"{number}. {heading}", bold=True)
        add_command(document, f"{{%p for row in {rows} %}}")
        add_paragraph(
            document,
            "- {{ row.text }} ({{ row.programme }}; {{ row.place }}; {{ row.status }}"
            "{% if row.mark %}; {{ row.mark }}{% endif %})."
            "{% if row.causes %} Nguyên nhân: {{ row.causes }}.{% endif %}",
        )
        add_command(document, "{%p endfor %}")
        add_command(document, "{%p endif %}")
    add_command(document, "{%p endif %}")


def _proposals(document: Any) -> None:
    add_heading(document, "X. KIẾN NGHỊ, ĐỀ XUẤT")
    _unless(document, "difficulties.proposals")
    for whom, rows in (
        ("Trung ương", "central"),
        ("tỉnh", "province"),
        ("thành phố", "town"),
        ("xã, phường", "commune"),
    ):
        add_command(document, f"{{%p if difficulties.proposals.{rows} %}}")
        add_paragraph(document, f"Đối với {whom}:", bold=True)
        add_command(document, f"{{%p for row in difficulties.proposals.{rows} %}}")
        add_paragraph(
            document,
            "- {{ row.text }} ({{ row.programme }}; {{ row.place }}{% if row.mark %}; {{ row.mark }}{% endif %}).",
        )
        add_command(document, "{%p endfor %}")
        add_command(document, "{%p endif %}")
    add_command(document, "{%p endif %}")


def _unless(document: Any, part: str) -> None:
    """Say that a part has nothing to tell, else begin what it tells; `{%p endif %}` ends it."""
    add_command(document, f"{{%p if {part}.none %}}")
    add_paragraph(document, f"{{{{ {part}.none }}}}")
    add_command(document, "{%p else %}")


def _close(document: Any) -> None:
    add_command(document, "{%p if report.remarks %}")
    add_heading(document, "XI. NHẬN XÉT CỦA CƠ QUAN BÁO CÁO")
    add_command(document, "{%p for line in report.remarks %}")
    add_paragraph(document, "{{ line }}")
    add_command(document, "{%p endfor %}")
    add_command(document, "{%p endif %}")
    closing = add_paragraph(
        document,
        "Trên đây là báo cáo kết quả từ ngày {{ report.since }} đến ngày {{ report.until }} của địa bàn "
        "{{ report.area }}./.",
    )
    closing.paragraph_format.keep_with_next = True  # nobody signs an empty page
