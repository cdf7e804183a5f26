"""Small worlds to test in."""
