"""The figures of the report tables: read in sets from stored counts, answers and flows."""
