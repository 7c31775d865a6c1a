"""Measurements, not tests: `make bench` prints their figures side by side, docs/performance.md
tells them."""
