"""What is not touched stays: every form that shows a row is sent back as it came, and then with one
field changed. tests/test_audience.py looks on every page for forms that are not here."""

import copy
import re

import pytest

from app import create_app
from models import numbering
from models.company import PAY_COLUMNS, PAY_SETTINGS
from models.core.database import db
from models.core.journal import Event
from models.core.model import tables
from models.documents import Line
from models.people import Session
from tests.firm import Firm
from tests.support import edit_forms
from tests.support.databases import settings_of
from tests.support.forms import Forms
from tests.support.portal import isolate_requests
from tests.support.sets import one_in
from tests.support.undo import undone

ASIDE = {"AccessEntry", "Event", "IdempotencyKey", "Session", "Lease", "Progress", "Autosave"}
# What is computed from the rest, counts its versions, or tells since when a second factor is asked.
DERIVED = re.compile(
    r"(SearchEntry|IndexedText)\..*|FlowVersion|Factor|(Document|ApprovalFlow)\.version"
    r"|(Document|Line)\.(net|tax|gross|total|due_on)"
)
HOLDERS = {"settings", "keep", "text", "conditions", "tags"}  # columns that hold several fields
TAX = {"Line.tax_rate_id", "Line.tax_label", "Line.tax_kind", "Line.rate"}  # copied together
NEVER_FULL = {  # nothing is stored of these
    ("external_files.correct", "reason"),
    ("handbook.edit", "reason"),
    ("handbook.edit", "same_meaning"),
    *(("settings.patterns", f"start-{kind}") for kind in numbering.DEFAULTS),
}
VALUES = {
    "bic": "DEUTDEFFXXX",
    "cost": "7",
    "credit_limit": "7",
    "email": "other@else.test",
    **dict.fromkeys(("discount", "line-discount", "margin", "below_list"), "3"),
    "iban": "GB82 WEST 1234 5698 7654 32",
}
# A change of this field alone is refused, with a sentence.
REFUSED = re.compile(
    r"external_files.correct .*"  # without a reason
    r"|contacts.edit lunar_(month|day)"  # none without the other
    r"|flows.edit steps-.*"  # names someone who has left
    r"|settings.accounts bank_(name|branch|code)-(GBP|HKD|JPY)"  # without the account
    r"|settings.edit fiscal_month|people.edit roles|tax_rates.edit (kind|rate)"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One firm with full rows: what each form does is taken back."""
    made = create_app(**settings_of(tmp_path_factory.mktemp("untouched")))
    isolate_requests(made)
    with made.app_context():
        firm = Firm()
        made.paths = edit_forms.paths(firm)
        made.browser, made.seller = (browser_of(made, who) for who in (firm.ada, firm.chen))
        made.before, made.forms = rows(), list(each_form(made))
        yield made
        db.close()


def browser_of(made, person):
    browser = made.test_client()
    browser.set_cookie("language", "en")
    browser.set_cookie("danju_sid", Session.start(person))
    return browser


def rows():
    """{table: {id: row}} of all that is stored, but who is signed in and what is only typed."""
    found = {}
    for cls in tables():
        if cls.__name__ not in ASIDE:
            query = db.execute_sql(f'SELECT * FROM "{cls._meta.table_name}"')
            names = [column[0] for column in query.description]
            stored = [dict(zip(names, row, strict=True)) for row in query.fetchall()]
            if cls is Line:  # written anew with its document, each time with another id
                stored = [{**row, "id": (row["document_id"], row["position"])} for row in stored]
            found[cls.__name__] = {row.get("id", str(row)): row for row in stored}
    return found


def changed(before, after):
    """{"Table.column"} that differ; of rows that came or went "Table"."""
    found = set()
    for table, there in after.items():
        known = before[table]
        found |= {table for ident in there.keys() ^ known.keys() if ident is not None}
        for ident in there.keys() & known.keys():
            pairs = zip(known[ident].items(), there[ident].values(), strict=True)
            found |= {f"{table}.{name}" for (name, old), new in pairs if old != new}
    return found


def forms(house, endpoint, path, browser=None):
    """The forms on the page that this endpoint takes, as [(address, [control])]."""
    matching = house.url_map.bind("localhost")
    page = (browser or house.browser).get(path)
    assert page.status_code == 200, path
    for address, controls in Forms(path, page.text).found:
        if matching.match(address.split("?")[0], method="POST")[0] == endpoint:
            yield address, controls


def send(house, address, controls, browser=None):
    """(what changed, events, status) of the form as a browser sends it; all is taken back."""
    data = {}
    for control in controls:
        if control.name and control.sent():
            data.setdefault(control.name, []).extend(control.sent())
    with undone():
        first = Event.select().count()
        answer = (browser or house.browser).post(
            address, data=data, content_type="multipart/form-data"
        )
        rows_after = rows()
        written = Event.select().count() - first
    return changed(house.before, rows_after), written, answer.status_code


def each_form(house):
    """(endpoint, address of the page, address of the form, [control]) of every form."""
    for endpoint, found in house.paths.items():
        for path in found:
            sent = list(forms(house, endpoint, path))
            assert sent, f"{path} shows no form for {endpoint}"
            for address, controls in sent:
                yield endpoint, path, address, controls


def test_what_is_sent_back_as_it_came_changes_nothing(house):
    wrong = []
    for endpoint, path, address, controls in house.forms:
        differs, events, status = send(house, address, controls)
        refused = status == 422 and endpoint == "external_files.correct"
        if differs or events or not (status == 303 or refused):
            wrong.append(f"{endpoint} {path}: {status}, {events} events, {sorted(differs)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", ["customers.edit", "contacts.edit", "products.edit"])
def test_who_sees_less_of_a_row_changes_nothing_either(house, endpoint):
    path = house.paths[endpoint][0]
    for address, controls in forms(house, endpoint, path, house.seller):
        assert send(house, address, controls, house.seller) == (set(), 0, 303)


def test_each_form_shows_a_full_row(house):
    """An empty field, or a first choice, would not show that it is kept."""
    full, seen = set(), set()
    for endpoint, _path, _address, controls in house.forms:
        for c in controls:
            if changes(endpoint, c) and not c.tick:
                name = re.sub(r"\d+|-[A-Z]{3}$", "", c.name)
                seen.add((endpoint, name))
                if c.filled and (c.tag != "select" or c.chosen != c.options[:1]):
                    full.add((endpoint, name))
    assert not sorted(seen - full)


def test_one_field_changed_changes_its_column_alone(house):
    wrong, tried = [], 0
    for endpoint, path, address, controls in house.forms:
        for n, control in enumerate(controls):
            tries = changes(endpoint, control) and one_in(6, path, address, n, control.name)
            other = tries and changed_control(control)
            if not other:
                continue
            sent = [other if c is control else c for c in controls]
            differs, events, status = send(house, address, sent)
            tried += 1
            if not right(endpoint, control.name, differs, events, status):
                wrong.append(
                    f"{endpoint} {path} {control.name}: {status}, {events} events, "
                    f"{sorted(differs)}"
                )
    assert not wrong, "\n".join(wrong)
    assert tried > 20


def changes(endpoint, control):
    """Whether the control shows what is stored, and can change it."""
    unstored = control.kind == "password" or (endpoint, control.name) in NEVER_FULL
    return control.shown and not unstored


def right(endpoint, name, differs, events, status):
    """Whether the field's own column alone has changed, in one event; or nothing, where the change
    is refused."""
    if status in (409, 422):
        return REFUSED.fullmatch(f"{endpoint} {name}") and not differs and not events
    own = {column for column in differs if not DERIVED.fullmatch(column)} - {"Mail"}
    if name in {*PAY_COLUMNS, *PAY_SETTINGS} and endpoint == "settings.edit":
        return own == {"AccountChange", "Company.accounts_from"} and events == 1  # it waits
    if name == "team":  # a name that is new
        own, events = own - {"Team"}, events - ("Team" in differs)
    if name == "line-tax":
        return own and own <= TAX and events == 1
    if not own and re.fullmatch(r"steps-\d+-(role|people)", name):  # nobody is asked by it
        return not events
    name = re.sub(r"line-|steps-\d+-", "", name)
    column = next(iter(own), "?").partition(".")[2]  # none where the row is new
    meant = column in ("", name, f"{name}_id") or column in HOLDERS
    return meant and len(own) == 1 and events == 1


def changed_control(control):
    """The control with another good value; None where there is none."""
    other = copy.copy(control)
    if control.tick:
        other.on = not control.on
    elif control.tag == "select":
        other.chosen = [o for o in control.options if o not in control.sent()][:1]
        return other if other.chosen else None
    elif control.kind == "date":
        other.value = "2026-11-05"
    elif re.fullmatch(r"-?[\d.]+", control.value):
        other.value = f"{int(float(control.value)) + 1}"
    else:
        other.value = VALUES.get(control.name, control.value + "x")
    return other


def test_the_forms_are_those_of_the_product(house):
    """Each is taken by a route that there is; a form on a page that is neither here nor exempt
    fails tests/test_audience.py."""
    routes = {rule.endpoint for rule in house.url_map.iter_rules() if "POST" in rule.methods}
    assert set(house.paths) | set(edit_forms.EXEMPT) <= routes
    assert not set(house.paths) & set(edit_forms.EXEMPT)
    assert set(house.paths) == edit_forms.EDITED
