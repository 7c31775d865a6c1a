"""Printing: frozen content → HTML by a Jinja environment of its own → PDF in a worker process.

Nothing here knows of a request, and this file imports nothing: a worker process loads it."""
