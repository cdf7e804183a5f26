"""What is loaded before the first request."""

from django.template import engines
from django.urls import get_resolver

from mongcai_portal.common.warming import template_names, warm


def test_every_template_of_the_portal_compiles_before_the_first_request() -> None:
    engine = engines["django"].engine
    engine.template_loaders[0].reset()
    warm()
    names = template_names()
    assert {"base.html", "programmes/overview.html", "indicators/attainment.html"} <= set(names)
    assert set(names) <= set(engine.template_loaders[0].get_template_cache)
    assert get_resolver()._populated
