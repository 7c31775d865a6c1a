"""A row that is created in a dialog of another page, which goes on with it."""

import json

from flask import make_response, render_template, request

from views.web.language import N_

TITLES = {"customer": N_("New customer"), "product": N_("New product")}


def dialog(kind, form, first, code=200, **context):
    """The form as a piece: the fields in `first` open, the others behind a fold."""
    for field in form:
        field.id = f"new-{field.id}"  # the page has fields of the same names
    return make_response(
        render_template(
            "shared/creation.html",
            form=form,
            title=TITLES[kind],
            address=request.path,
            first=[form[name] for name in first if name in form],
            rest=[
                field
                for field in form
                if field.short_name not in first
                and field.type not in ("CSRFTokenField", "HiddenField")
            ],
            **context,
        ),
        code,
    )


def created(kind, **facts):
    """Tells the page what it can go on with."""
    told = json.dumps({"created": {"kind": kind, **facts}})
    return make_response("", 204, {"HX-Trigger": told})
