"""Measurements, not tests: each prints its figures side by side. `make bench`, or `python -m
bench.lists 100000`."""
