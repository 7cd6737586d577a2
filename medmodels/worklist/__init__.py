"""Many cases: found, read one after the other, put in order, kept as a table."""
