"""How places, people and the log look."""
