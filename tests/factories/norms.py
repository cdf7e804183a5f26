"""Entering norms in the small town: what it is for, what is typed, and the scan."""

from __future__ import annotations

from typing import Any

from indicators.models import IndicatorVersion, Norm, NormDocument
from indicators.selectors.norm_target import NormTarget, norm_target
from indicators.services.norm_documents import keep_scan
from indicators.services.norm_reading import NormTyped, read_norm
from indicators.services.norms import enter_norm, seen_of
from mongcai_portal.accounts.models import User
from tests.factories.files import upload
from tests.factories.world import World, fresh


def version_of(code: str) -> IndicatorVersion:
    return IndicatorVersion.objects.get(indicator__code=code)


def target_of(code: str, part: str = "") -> NormTarget:
    return norm_target(version_of(code).pk, part)


def coordinator(world: World) -> User:
    return fresh(world.people["coordinator"])


def scan(world: World, name: str = "quyet-dinh.pdf") -> NormDocument:
    return keep_scan(by=coordinator(world), file=upload(name))


def typed(world: World, **over: Any) -> NormTyped:
    """A norm typed without fault; `document=None` leaves the scan out."""
    given: dict[str, Any] = {
        "value": "85",
        "decision": "12/QĐ-UBND",
        "issued_on": "05/06/2022",
        "issuer": "UBND tỉnh Quảng Ninh",
    }
    if "document" not in over:
        given["document"] = scan(world).pk
    return NormTyped(**{**given, **over})


def enter(world: World, code: str, part: str = "", **over: Any) -> Norm:
    """Enter a norm as the coordinator does after having seen its effect."""
    target = target_of(code, part)
    draft = read_norm(by=coordinator(world), target=target, typed=typed(world, **over))
    return enter_norm(by=coordinator(world), draft=draft, seen=seen_of(target))
