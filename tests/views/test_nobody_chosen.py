"""No form begins with a customer or a delegate that nobody chose: one press would take the first
of the list."""

import re

PRESET = re.compile(r'<select(?=[^>]*name="(customer|to)")[^>]*>\s*<option[^>]*value="([1-9]\d*)"')


def test_no_form_begins_with_the_first_of_a_list(app, firm, sign_in):
    firm.ada.revise(firm.ada, roles=["admin", "manager", "finance", "archivist", "sales"])
    ada, found = sign_in(firm.ada), {}
    for rule in app.url_map.iter_rules():
        audience = set(getattr(app.view_functions[rule.endpoint], "audience", ()))
        if "GET" in rule.methods and not rule.arguments and not {"public", "contact"} & audience:
            page = ada.get(rule.rule)
            if page.mimetype == "text/html" and (preset := PRESET.findall(page.text)):
                found[rule.rule] = preset
    assert not found
