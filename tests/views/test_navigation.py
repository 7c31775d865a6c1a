"""No page is lost: each lights its entry in the menu and opens a section of the handbook that
exists."""

import io
import re
from pathlib import Path

import pytest
from flask import url_for

from models.approvals import ApprovalFlow
from tests.firm import KEY
from views.web.blueprints import PortalBlueprint, StaffBlueprint
from views.web.navigation import BESIDE, FIRM, PORTAL, STAFF

OUTSIDE_THE_MENU = {
    "filters": "only forms, answered by the list they stand in",
    "search": "the palette over every page",
    "second_factor": "below the sign-in and devices of one's own menu",
    "sessions": "in the person's own menu, of staff and customers alike",
}
WITHOUT_MENU = {
    "styles": "the style sheets of every page",
    "auth": "before anybody is signed in",
    "second_step": "before anybody is signed in",
    "provider": "before anybody is signed in",
    "setup": "before there is a firm",
    "restoring": "before there is a firm",
    "health": "read by machines",
    "opt_outs": "opened from a mail, by nobody who is signed in",
    "links": "opened from a mail, by nobody who is signed in",
    "statement_links": "opened from a mail, by nobody who is signed in",
    "days": "what is typed into a field of any page",
}


def endpoints(menu):
    """Those of the entries and of their tabs; the first tab is the entry's own page."""
    return [e.endpoint for e in menu] + [t.endpoint for e in menu for t in e.tabs[1:]]


def entries(menu):
    return [endpoint.split(".")[0] for endpoint in endpoints(menu)]


def test_every_blueprint_says_where_it_stands(app):
    kinds = (StaffBlueprint, PortalBlueprint)
    plain = {name for name, bp in app.blueprints.items() if not isinstance(bp, kinds)}
    assert plain == set(WITHOUT_MENU)
    for name, bp in app.blueprints.items():
        if bp.import_name.startswith("views.staff."):
            assert isinstance(bp, StaffBlueprint), name


@pytest.mark.parametrize(
    "kind, menu, outside",
    [(StaffBlueprint, STAFF + FIRM, OUTSIDE_THE_MENU), (PortalBlueprint, PORTAL, {})],
)
def test_every_page_lights_exactly_one_entry(app, kind, menu, outside):
    lit = {name: bp.menu for name, bp in app.blueprints.items() if isinstance(bp, kind)}
    assert {name for name, entry in lit.items() if entry is None} == set(outside)
    wrong = {
        name: entry for name, entry in lit.items() if entry and entries(menu).count(entry) != 1
    }
    assert not wrong
    assert all(endpoint in app.view_functions for endpoint in endpoints(menu))
    assert all(e.tabs[0].endpoint == e.endpoint for e in menu if e.tabs)


def test_the_menu_is_short():
    assert len(STAFF) <= 8


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_help_is_a_section_of_the_handbook(app, language):
    named = {bp.help for bp in app.blueprints.values() if isinstance(bp, StaffBlueprint)}
    assert named <= {path.stem for path in Path("docs/handbook", language).glob("*.md")}


@pytest.mark.parametrize(
    "address, entry, section",
    [
        ("/reminders/levels/", "/payments/", "08-reminders"),
        ("/disputes/figures/", "/payments/", "08-reminders"),
        ("/follow-ups/month", "/customers/", "13-care"),
        ("/insights/acts/", "/insights/", "13-care"),
        ("/insights/papers", "/insights/", "13-care"),
        ("/archive/einvoices/", "/archive/", "10-filing"),
        ("/archive/inspections/", "/archive/", "10-filing"),
        ("/archive/holds/", "/archive/", "10-filing"),
        ("/archive/packages/", "/archive/", "11-keeping"),
        ("/archive/rules/", "/archive/", "10-filing"),
        ("/status/", "/status/", "11-keeping"),
    ],
)
def test_a_page_below_an_entry_lights_it_and_opens_its_help(firm, sign_in, address, entry, section):
    firm.ada.revise(firm.ada, roles=["admin", "manager", "finance", "archivist"])
    page = sign_in(firm.ada).get(address)
    assert page.status_code == 200
    lit = re.findall(r'class="nav-item" href="([^"]*)"[^>]* aria-current', page.text)
    lit += re.findall(r'<li><a href="([^"]*)" aria-current', page.text)
    assert set(lit) == {entry}
    assert re.search(rf'href="/manual/\w+\?rule={section}" data-help', page.text)


def test_only_who_decides_asks_for_the_count_of_approvals(firm, sign_in):
    ApprovalFlow.define(firm.ada, "invoice", 0, ["manager"], priority=1)
    firm.draft().submit(by=firm.li)
    assert 'hx-get="/tasks/count"' in sign_in(firm.wang).get("/documents/").text
    assert 'hx-get="/tasks/count"' not in sign_in(firm.li).get("/documents/").text


def test_the_empty_palette_shows_what_one_worked_on_last(firm, sign_in):
    mine, others = firm.draft(), firm.draft(by=firm.wang)
    firm.a.revise(firm.li, phone="1")
    found = lambda person: sign_in(person).get("/search/", headers={"HX-Request": "true"}).text  # noqa: E731
    page = found(firm.li)
    assert f'id="found-documents-{mine.id}"' in page and f'id="found-customers-{firm.a.id}"' in page
    assert f'id="found-documents-{others.id}"' not in page
    assert "found-documents" not in found(firm.fang)


@pytest.mark.parametrize("endpoint", sorted(BESIDE))
def test_a_page_beside_a_tab_keeps_the_tabs(app, firm, sign_in, endpoint):
    with app.test_request_context():
        address = url_for(endpoint)
    page = sign_in(firm.ada).get(address).text
    tabs = re.search(r'id="section-tabs".*?</nav>', page, re.S)
    assert tabs and 'aria-current="page"' in tabs[0]


def test_a_refused_form_keeps_the_tabs_of_its_page(firm, sign_in):
    file = {"file": (io.BytesIO(b"nonsense"), "bank.csv"), "idempotency_key": KEY}
    assert 'id="section-tabs"' in sign_in(firm.fang).post("/bank-lines/", data=file).text
