"""Periods in templates."""

from __future__ import annotations

from django import template

from indicators.presenters.words import period_label

register = template.Library()
register.filter("period_label", period_label)
