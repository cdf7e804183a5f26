"""How measures and pages look: labels, shapes, links; no query and no rule."""
