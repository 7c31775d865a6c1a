"""Which section of the handbook explains a page."""

from flask import current_app, request, url_for

OVERVIEW = "01-overview"


def help_address():
    """The section that the page's blueprint names; the overview for a page that has none."""
    blueprint = current_app.blueprints.get(request.blueprint)
    return url_for("handbook.show", key=getattr(blueprint, "help", OVERVIEW))
