"""What needs attention of OCOP products: certificates that end."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.words import listed
from indicators.rules.marks import Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.facts import World
from programmes.measures.register_facts import ProductFact
from programmes.presenters.attention_lines import Attention, Told
from programmes.rules.ocop import EXPIRED, EXPIRING, last_day, newest, state_on
from programmes.selectors.overview import Overview


def ocop_lines(found: Overview) -> list[Told]:
    """Certificates of OCOP products that end soon, and those that ended without a new assessment: a line each."""
    world = found.world
    if world.ocop is None:
        return []
    by_state: dict[str, list[ProductFact]] = {EXPIRING: [], EXPIRED: []}
    for one in world.ocop.within(world.in_area):
        state = state_on(one.certificates, world.as_of)
        if state in by_state:
            by_state[state].append(one)
    items: list[Told] = []
    for state, products in by_state.items():
        if products:
            products.sort(key=lambda one: (_ends(one, world), one.sort_key))
            items.append(partial(_ocop_ending, found, state, products))
    return items


def _ends(one: ProductFact, world: World) -> date:
    last = newest(one.certificates, world.as_of)
    assert last is not None, "a product of the register was recognised by the day"
    return last.expires_on


def _ocop_ending(found: Overview, state: str, products: list[ProductFact]) -> Attention:
    n, day = len(products), date_vi(last_day(_ends(products[0], found.world)))
    if state == EXPIRING:
        title = ngettext(
            "%(n)s sản phẩm OCOP sắp hết hiệu lực công nhận", "%(n)s sản phẩm OCOP sắp hết hiệu lực công nhận", n
        )
        detail = _("sớm nhất hết ngày %(day)s: %(name)s") % {"day": day, "name": products[0].name}
    else:
        title = ngettext(
            "%(n)s sản phẩm OCOP đã hết hiệu lực, chưa được công nhận lại",
            "%(n)s sản phẩm OCOP đã hết hiệu lực, chưa được công nhận lại",
            n,
        )
        detail = _("không còn được tính: %(names)s") % {"names": listed([one.name for one in products[:3]])}
        detail += " …" if n > 3 else ""
    marks = Marks(
        illustrative=any("illustrative" in one.provenances.values() for one in products),
    )
    url = link("ocop_list", as_of=found.world.as_of, state=state, unit=_commune(found.world))
    return Attention("clock-exclamation", "part", title % {"n": n}, detail, url, marks)


def _commune(world: World) -> str:
    return world.area.uid if world.area.kind in ("commune", "ward") else ""
