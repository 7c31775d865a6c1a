"""Addresses within the portal that are safe to go to next."""

from flask import (
    current_app,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def parent_page(path):
    """The nearest page above an address that only takes forms: where the form stood, or nearly."""
    while path := path.rstrip("/").rpartition("/")[0]:
        for page in (path, f"{path}/"):
            if safe_next_url(page) == page:
                return page
    return ""


def safe_next_url(target):
    """`target` if it is a path of ours that leads somewhere, else the home page."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
        or any(ord(c) < 33 for c in target)
    ):
        return url_for("home.index")
    try:
        current_app.url_map.bind("").match(target.split("?")[0].split("#")[0], "GET")
    except (RequestRedirect, HTTPException):
        return url_for("home.index")
    return target
