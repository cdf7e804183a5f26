"""The one registry of headline figures: every one has a code, a calculator, a unit, a direction, an explanation.

Codes are those of the city's three-year review (`data/headline_2023.yaml`). The ratios by level come from the levels of
the phase in force on the day, so another phase with other levels needs no change here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.measures import ntm, ocop, poverty
from programmes.measures.facts import LevelFact, World
from programmes.measures.gathered import POPULATION
from programmes.measures.money import GNBV, MONEY, NQ06, NTM
from programmes.measures.observed import observed
from programmes.measures.parts import Gather
from programmes.measures.values import (
    CHAIN,
    COMMUNE,
    COOPERATIVE,
    ENTERPRISE,
    HOUSEHOLD,
    INCOME,
    KILOMETRE,
    PERCENT,
    PERSON,
    PRODUCT,
    Measure,
    MeasureValue,
)
from programmes.rules.gather import MEAN, SHARE, SUM
from programmes.rules.progress import DOWN, NEUTRAL, UP


class UnknownMeasure(LookupError):
    """The registry has no such code on the day."""


# How the city's reports name the levels of 2021-2025; a level of another phase is named by its own row.
_LEVEL_LABELS: dict[str, str | Promise] = {
    "standard": _("Xã đạt chuẩn nông thôn mới"),
    "advanced": _("Xã đạt chuẩn nông thôn mới nâng cao"),
    "model": _("Xã đạt chuẩn nông thôn mới kiểu mẫu"),
}

# The review of 29/02/2024 names three breakthroughs; their measures carry the mark.
PRODUCTION, ENVIRONMENT, PEOPLES_INCOME = "production", "environment", "income"
BREAKTHROUGHS: dict[str, str | Promise] = {
    PRODUCTION: _("Sản xuất"),
    ENVIRONMENT: _("Môi trường nông thôn và vùng đồng bào dân tộc"),
    PEOPLES_INCOME: _("Thu nhập của người dân"),
}
# For what a figure may be typed.
COMMUNES, AREA = "communes", "area"

UPGRADE = Measure(
    code="ntm.criteria_upgrade",
    label=_("Xã thực hiện nâng chất các tiêu chí"),
    unit=PERCENT,
    direction=UP,
    calculate=ntm.criteria_upgrade,
    programme=NTM,
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
_ENTERED = _(
    "Định hướng của hội nghị sơ kết cho năm 2024, do xã hoặc văn phòng điều phối nhập kèm nguồn. Số của địa bàn là số "
    "đã công bố cho địa bàn; chưa có thì cộng số của từng xã trong nhóm, khi mọi xã đã nhập cho cùng một ngày. Chỗ "
    "trống không phải là số 0."
)
_SHARED = _(
    "Định hướng của hội nghị sơ kết cho năm 2024, do xã hoặc văn phòng điều phối nhập kèm nguồn. Số của địa bàn là số "
    "đã công bố cho địa bàn; chưa có thì lấy tổng tử số chia tổng mẫu số của mọi xã trong nhóm cho cùng một ngày, "
    "không lấy trung bình của các tỷ lệ. Chỗ trống không phải là số 0."
)
_HAVING = _(
    "Số xã có ít nhất một mô hình dịch vụ nông thôn (du lịch cộng đồng, hợp tác xã dịch vụ). Mỗi xã nhập 1 khi có, 0 "
    "khi chưa có, kèm nguồn; số của địa bàn là tổng khi mọi xã trong nhóm đã nhập cho cùng một ngày."
)
_MEAN = _(
    "Số do nguồn công bố, giữ nguyên như nguồn. Đặt bên cạnh là số cổng tính: thu nhập của từng xã nhân với dân số của "
    "xã trong năm đó, cộng lại rồi chia cho tổng dân số; không lấy trung bình của các số trung bình."
)
_OF_COMMUNE = _(
    "Thu nhập bình quân đầu người của một xã, phường: số trong báo cáo năm đã được phê duyệt, và số do các nguồn khác "
    "công bố. Nguồn nêu khác nhau thì hiện mọi số, không tự chọn."
)
_PEOPLE = _("Dân số của một xã, phường như nguồn nêu; dùng làm quyền số khi tính thu nhập bình quân của nhiều xã.")


_COUNTED = _(
    "Số hộ theo phân loại có hiệu lực trong ngày, đếm từ sổ hộ theo chuẩn nghèo cả nước của năm đó; số được công bố "
    "theo ngày cuối năm (của năm nay: hôm nay). Nơi sổ hộ chưa có thì lấy số do nguồn công bố, giữ nguyên như nguồn."
)
_RATED = _(
    "Số hộ theo phân loại có hiệu lực trong ngày trên tổng số hộ của sổ hộ, theo chuẩn nghèo cả nước của năm đó; hộ "
    "không được rà soát cũng nằm trong mẫu số."
)


def _statistic(code: str, label: str | Promise, unit: str, direction: str, **more: object) -> Measure:
    given = {"rule": _PRINTED, "programme": NTM, **more}
    return Measure(code, label, unit, direction, observed, **given)  # type: ignore[arg-type]


def _direction(code: str, label: str | Promise, unit: str, **more: object) -> Measure:
    """One of the review's directions for 2024: entered by communes, or for the area."""
    how = SHARE if unit == PERCENT else SUM
    given = {
        "rule": _SHARED if how == SHARE else _ENTERED,
        "gather": Gather(how, ntm.UPGRADE),
        "typed_for": frozenset({COMMUNES, AREA}),
        **more,
    }
    return _statistic(code, label, unit, UP, **given)


INCOME_OF_COMMUNE = "income.commune.per_capita"

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
        programme=GNBV,
    ),
    Measure("poverty.poor.count", _("Hộ nghèo"), HOUSEHOLD, DOWN, poverty.count, _COUNTED, programme=GNBV),
    Measure("poverty.near_poor.count", _("Hộ cận nghèo"), HOUSEHOLD, DOWN, poverty.count, _COUNTED, programme=GNBV),
    Measure("poverty.poor.rate", _("Tỷ lệ hộ nghèo"), PERCENT, DOWN, poverty.rate, _RATED, programme=GNBV, card=False),
    Measure(
        "poverty.near_poor.rate",
        _("Tỷ lệ hộ cận nghèo"),
        PERCENT,
        DOWN,
        poverty.rate,
        _RATED,
        programme=GNBV,
        card=False,
    ),
    _statistic(
        "income.rural.per_capita",
        _("Thu nhập bình quân đầu người khu vực nông thôn"),
        INCOME,
        UP,
        rule=_MEAN,
        gather=Gather(MEAN, ntm.UPGRADE, INCOME_OF_COMMUNE),
        typed_for=frozenset({AREA}),
        breakthrough=PEOPLES_INCOME,
    ),
    _statistic(
        "income.ethnic_border_island.per_capita",
        _("Thu nhập bình quân đầu người vùng dân tộc, biên giới, hải đảo"),
        INCOME,
        UP,
        rule=_MEAN,
        group="ethnic_border_island",
        gather=Gather(MEAN, "ethnic_border_island", INCOME_OF_COMMUNE),
        typed_for=frozenset({AREA}),
        programme=NQ06,
        breakthrough=PEOPLES_INCOME,
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
        programme=NTM,
        breakthrough=PRODUCTION,
    ),
    _statistic(
        "hardship.extremely_difficult_coastal.count",
        _("Xã đặc biệt khó khăn vùng bãi ngang, ven biển và hải đảo"),
        COMMUNE,
        DOWN,
        programme=GNBV,
        typed_for=frozenset({AREA}),
    ),
)

# Asked for by the review's directions for 2024: empty until somebody enters them.
NOT_YET = (
    _direction(
        "services.rural_model.communes",
        _("Xã có mô hình dịch vụ nông thôn"),
        COMMUNE,
        rule=_HAVING,
        group=ntm.UPGRADE,
        breakthrough=PRODUCTION,
    ),
    _direction("labour.non_agricultural.share", _("Tỷ lệ lao động phi nông nghiệp"), PERCENT),
    _direction("roads.connecting.upgraded_km", _("Đường kết nối được nâng cấp"), KILOMETRE),
    _direction(
        "cooperatives.effective.count", _("Hợp tác xã hoạt động hiệu quả"), COOPERATIVE, breakthrough=PRODUCTION
    ),
    _direction("value_chains.count", _("Chuỗi liên kết giá trị"), CHAIN, breakthrough=PRODUCTION),
    _direction(
        "enterprises.investing.count", _("Doanh nghiệp đầu tư vào nông nghiệp"), ENTERPRISE, breakthrough=PRODUCTION
    ),
    _direction(
        "environment.waste_collected.share", _("Tỷ lệ rác thải được thu gom"), PERCENT, breakthrough=ENVIRONMENT
    ),
)

# Figures of single communes, from which those of areas are put together; no cards of their own.
OF_COMMUNES = (
    _statistic(
        INCOME_OF_COMMUNE,
        _("Thu nhập bình quân đầu người của xã"),
        INCOME,
        UP,
        rule=_OF_COMMUNE,
        typed_for=frozenset({COMMUNES}),
        breakthrough=PEOPLES_INCOME,
        card=False,
    ),
    _statistic(
        POPULATION,
        _("Dân số"),
        PERSON,
        NEUTRAL,
        rule=_PEOPLE,
        gather=Gather(SUM, ntm.UPGRADE),
        typed_for=frozenset({COMMUNES, AREA}),
        card=False,
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
        programme=NTM,
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
        programme=NTM,
        level=level,
        contribution=ntm.attained_member,
    )


def measures_with(levels: Iterable[LevelFact]) -> tuple[Measure, ...]:
    """Return all measures where these are the levels, in the order of the overview."""
    levels = tuple(levels)
    return (
        UPGRADE,
        *(_recognised(level) for level in levels),
        *(_attained(level) for level in levels),
        *STATISTICS,
        *NOT_YET,
        *OF_COMMUNES,
        *MONEY,
    )


def measures_of(world: World) -> tuple[Measure, ...]:
    """Return all measures of the day in the order of the overview."""
    return measures_with(world.levels)


def typed_measures(kind: str) -> tuple[Measure, ...]:
    """Return the measures whose figures are typed for communes (`COMMUNES`) or for an area (`AREA`)."""
    return tuple(one for one in (*STATISTICS, *NOT_YET, *OF_COMMUNES) if kind in one.typed_for)


def calculate(world: World, measure: Measure) -> MeasureValue:
    """Compute one measure from what is loaded."""
    return measure.calculate(world, measure)
