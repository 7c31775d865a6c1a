"""What every model stands on: database, clock, fields, errors, rights, journal."""
