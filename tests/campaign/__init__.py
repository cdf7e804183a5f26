"""The fault campaign: a portal of its own is worked in and hurt, and afterwards everything is counted."""
