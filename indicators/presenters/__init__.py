"""How results and reports look: labels, marks, links."""
