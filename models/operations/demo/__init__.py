"""The demo: a firm with a year of trade."""
