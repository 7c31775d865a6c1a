"""Bank statements: read in five formats, matched to what is owed, booked once."""
