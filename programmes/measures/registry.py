"""The one registry of headline figures: every one has a code, a calculator, a unit, a direction, an explanation.

Codes are those of the city's three-year review (`data/headline_2023.yaml`). The ratios by level come from the levels of
the phase in force on the day, so another phase with other levels needs no change here.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.measures import ntm, ocop, poverty
from programmes.measures.facts import LevelFact, World
from programmes.measures.observed import observed
from programmes.measures.values import (
    CHAIN,
    COMMUNE,
    COOPERATIVE,
    ENTERPRISE,
    HOUSEHOLD,
    INCOME,
    KILOMETRE,
    PERCENT,
    PRODUCT,
    Measure,
    MeasureValue,
)
from programmes.rules.progress import DOWN, UP


class UnknownMeasure(LookupError):
    """The registry has no such code on the day."""


# How the city's reports name the levels of 2021-2025; a level of another phase is named by its own row.
_LEVEL_LABELS: dict[str, str | Promise] = {
    "standard": _("Xã đạt chuẩn nông thôn mới"),
    "advanced": _("Xã đạt chuẩn nông thôn mới nâng cao"),
    "model": _("Xã đạt chuẩn nông thôn mới kiểu mẫu"),
}

UPGRADE = Measure(
    code="ntm.criteria_upgrade",
    label=_("Xã thực hiện nâng chất các tiêu chí"),
    unit=PERCENT,
    direction=UP,
    calculate=ntm.criteria_upgrade,
    rule=_(
        "Số xã trong nhóm có báo cáo của giai đoạn đã được phê duyệt, cho một kỳ kết thúc không muộn hơn ngày xem, "
        "trên tổng số xã của nhóm trong ngày đó."
    ),
    group=ntm.UPGRADE,
    contribution=ntm.criteria_upgrade_member,
)

_PRINTED = _(
    "Số liệu do nguồn công bố, giữ nguyên như nguồn; cổng lấy số mới nhất tính đến ngày xem và ghi rõ ngày của số liệu."
)
_NOT_YET = _("Chỉ tiêu theo dõi từ năm 2024, chưa có số liệu được nhập. Cổng không thay chỗ trống bằng số 0.")


_COUNTED = _(
    "Số hộ theo phân loại có hiệu lực trong ngày, đếm từ sổ hộ theo chuẩn nghèo cả nước của năm đó; số được công bố "
    "theo ngày cuối năm (của năm nay: hôm nay). Nơi sổ hộ chưa có thì lấy số do nguồn công bố, giữ nguyên như nguồn."
)
_RATED = _(
    "Số hộ theo phân loại có hiệu lực trong ngày trên tổng số hộ của sổ hộ, theo chuẩn nghèo cả nước của năm đó; hộ "
    "không được rà soát cũng nằm trong mẫu số."
)


def _statistic(code: str, label: str | Promise, unit: str, direction: str, **more: object) -> Measure:
    rule = more.pop("rule", _PRINTED)
    return Measure(code, label, unit, direction, observed, rule, **more)  # type: ignore[arg-type]


STATISTICS = (
    Measure(
        "poverty.poor.escaped",
        _("Hộ nghèo đã thoát nghèo 2021-2023"),
        PERCENT,
        UP,
        poverty.escaped,
        _(
            "Trong số hộ nghèo ngày cuối năm trước giai đoạn (31/12/2020), số hộ không còn nghèo, mỗi ngày theo chuẩn "
            "nghèo cả nước của năm đó. Đếm từ sổ hộ; nơi sổ hộ chưa có thì lấy số do nguồn công bố. Các biến động khác "
            "(phát sinh, chuyển đi, chuyển đến) không nằm trong con số này."
        ),
    ),
    Measure("poverty.poor.count", _("Hộ nghèo"), HOUSEHOLD, DOWN, poverty.count, _COUNTED),
    Measure("poverty.near_poor.count", _("Hộ cận nghèo"), HOUSEHOLD, DOWN, poverty.count, _COUNTED),
    Measure("poverty.poor.rate", _("Tỷ lệ hộ nghèo"), PERCENT, DOWN, poverty.rate, _RATED, card=False),
    Measure("poverty.near_poor.rate", _("Tỷ lệ hộ cận nghèo"), PERCENT, DOWN, poverty.rate, _RATED, card=False),
    _statistic(
        "income.rural.per_capita", _("Thu nhập bình quân đầu người khu vực nông thôn"), INCOME, UP, breakthrough=True
    ),
    _statistic(
        "income.ethnic_border_island.per_capita",
        _("Thu nhập bình quân đầu người vùng dân tộc, biên giới, hải đảo"),
        INCOME,
        UP,
        group="ethnic_border_island",
        breakthrough=True,
    ),
    Measure(
        ocop.LIVE_PRODUCTS,
        _("Sản phẩm OCOP 3-5 sao còn hiệu lực"),
        PRODUCT,
        UP,
        ocop.count,
        _(
            "Số sản phẩm có quyết định công nhận 3-5 sao còn hiệu lực trong ngày xem (36 tháng kể từ ngày quyết định, "
            "chưa bị thu hồi), đếm từ sổ OCOP; mỗi sản phẩm một lần, theo quyết định mới nhất. Tiềm năng 5 sao chưa "
            "được tính. Trước khi sổ có quyết định nào thì lấy số do nguồn công bố, giữ nguyên như nguồn."
        ),
        breakthrough=True,
    ),
    _statistic(
        "hardship.extremely_difficult_coastal.count",
        _("Xã đặc biệt khó khăn vùng bãi ngang, ven biển và hải đảo"),
        COMMUNE,
        DOWN,
    ),
)

# Asked for by the review's directions for 2024: empty until somebody enters them.
NOT_YET = (
    _statistic(
        "services.rural_model.communes",
        _("Xã có mô hình dịch vụ nông thôn"),
        COMMUNE,
        UP,
        rule=_NOT_YET,
        group=ntm.UPGRADE,
        breakthrough=True,
    ),
    _statistic("labour.non_agricultural.share", _("Tỷ lệ lao động phi nông nghiệp"), PERCENT, UP, rule=_NOT_YET),
    _statistic("roads.connecting.upgraded_km", _("Đường kết nối được nâng cấp"), KILOMETRE, UP, rule=_NOT_YET),
    _statistic(
        "cooperatives.effective.count",
        _("Hợp tác xã hoạt động hiệu quả"),
        COOPERATIVE,
        UP,
        rule=_NOT_YET,
        breakthrough=True,
    ),
    _statistic("value_chains.count", _("Chuỗi liên kết giá trị"), CHAIN, UP, rule=_NOT_YET, breakthrough=True),
    _statistic(
        "enterprises.investing.count",
        _("Doanh nghiệp đầu tư vào nông nghiệp"),
        ENTERPRISE,
        UP,
        rule=_NOT_YET,
        breakthrough=True,
    ),
    _statistic(
        "environment.waste_collected.share",
        _("Tỷ lệ rác thải được thu gom"),
        PERCENT,
        UP,
        rule=_NOT_YET,
        breakthrough=True,
    ),
)


def level_label(level: LevelFact) -> str | Promise:
    """Return how reports name the communes of a level."""
    return _LEVEL_LABELS.get(level.code) or format_lazy(_("Xã đạt: {level}"), level=_LevelName(level))


class _LevelName:
    """A level's own name in the reader's language, decided when it is shown."""

    def __init__(self, level: LevelFact) -> None:
        self.level = level

    def __str__(self) -> str:
        return self.level.name_en if (get_language() or "vi").startswith("en") else self.level.name_vi


def _recognised(level: LevelFact) -> Measure:
    return Measure(
        code=f"ntm.recognised.{level.code}",
        label=level_label(level),
        unit=PERCENT,
        direction=UP,
        calculate=ntm.recognised,
        rule=_(
            "Số xã trong nhóm có quyết định công nhận mức này hoặc mức cao hơn còn hiệu lực trong ngày xem, trên tổng "
            "số xã của nhóm trong ngày đó. Xã đạt mức cao hơn được tính cả ở mức thấp hơn."
        ),
        group=ntm.ASSESSED,
        level=level,
        contribution=ntm.recognised_member,
    )


def _attained(level: LevelFact) -> Measure:
    return Measure(
        code=f"ntm.attained.{level.code}",
        label=format_lazy(_("{label}, tính từ số liệu"), label=level_label(level)),
        unit=PERCENT,
        direction=UP,
        calculate=ntm.attained,
        rule=_(
            "Số xã trong nhóm mà số liệu của kỳ đã phê duyệt gần nhất, kết thúc không muộn hơn ngày xem, đáp ứng mọi "
            "tiêu chí áp dụng của mức này hoặc mức cao hơn, trên tổng số xã của nhóm trong ngày đó."
        ),
        group=ntm.ASSESSED,
        level=level,
        contribution=ntm.attained_member,
    )


def measures_of(world: World) -> tuple[Measure, ...]:
    """Return all measures of the day in the order of the overview."""
    return (
        UPGRADE,
        *(_recognised(level) for level in world.levels),
        *(_attained(level) for level in world.levels),
        *STATISTICS,
        *NOT_YET,
    )


def calculate(world: World, measure: Measure) -> MeasureValue:
    """Compute one measure from what is loaded."""
    return measure.calculate(world, measure)
