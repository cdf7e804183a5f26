"""Demonstration data: people, reports of nine communes for three years, recognitions; all through the services."""

from programmes.services.demo.load import DemoSummary, load_demo

__all__ = ["DemoSummary", "load_demo"]
