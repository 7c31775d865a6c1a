"""A hostile request sent to the application, and what is wrong with its answer."""

import time

from tests.fuzz import hostile
from tests.support.undo import undone


def cookies_of(browser, path):
    """What a browser would send to that address."""
    sent = {}
    for cookie in browser._cookies.values():
        if path.startswith(cookie.path):
            sent[cookie.key] = cookie.value
    return sent


def fault_of(status, headers, body):
    """What is wrong with an answer, whatever was asked."""
    if status >= 500:
        return f"answered {status}: {body[-300:]!r}" if status != 500 else f"answered {status}"
    broken = [name for name, value in headers if "\n" in value or "\r" in value]
    if broken or any(n == "Set-Cookie" and v.startswith("evil") for n, v in headers):
        return f"let a header in: {broken}"
    if b"Traceback (most recent call last)" in body:
        return "shows a traceback"
    return ""


def answered(app, given):
    """(status, seconds, fault); what took long is asked again, as another process may be the
    reason."""
    for _again in range(2):
        began = time.monotonic()
        with undone():
            found = hostile.call(app, dict(given))
        seconds = time.monotonic() - began
        if seconds < 2:
            break
        given["wsgi.input"].seek(0)
    return found[0], seconds, fault_of(*found)


def try_one(app, watch, name, method, path, query, headers, kind, body, cookies):
    given = hostile.environ(method, path, query, headers, kind, body, cookies)
    status, seconds, fault = answered(app, given)
    watch.note(f"{name} {method} {path[:60]}?{query[:60]}", seconds, fault, status)
