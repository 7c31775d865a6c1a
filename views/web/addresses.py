"""Addresses within the portal: built once each, and those that are safe to go to next."""

import functools

from flask import (
    current_app,
    has_request_context,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def built_once(url_for):
    """`url_for` of an app, which takes the same again from memory: a page has two hundred addresses
    and building them took a tenth of its time."""

    @functools.lru_cache(8192)
    def kept(_root, endpoint, values):
        return url_for(endpoint, **dict(values))

    def address(endpoint, **values):
        if not has_request_context() or any(name.startswith("_") for name in values):
            return url_for(endpoint, **values)
        if endpoint.startswith("."):
            endpoint = f"{request.blueprint}{endpoint}"
        try:
            return kept(request.script_root, endpoint, tuple(values.items()))
        except TypeError:  # a list of values
            return url_for(endpoint, **values)

    return address


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
