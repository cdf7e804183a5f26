"""Workbooks of the finance office: how they are laid out, and what their rows state. Pure."""
