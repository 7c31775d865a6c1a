"""Forms with files, sent as a browser does."""

import secrets


def post(browser, path, **data):
    return browser.post(
        path,
        data={"idempotency_key": secrets.token_urlsafe(18), **data},
        content_type="multipart/form-data",
    )
