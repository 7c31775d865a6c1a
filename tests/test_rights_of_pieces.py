"""What is refused stays refused however it is asked: as a piece for htmx, by a page's own clock,
as what a browser has kept already or wants a part of, as a form that is sent again, by a stand-in
whose time is over."""

import pytest

from models.approvals import ApprovalRequest, Delegation, Task
from models.core.clock import today
from tests import arguments
from tests.firm import KEY
from tests.support.databases import POSTGRES
from tests.support.house import house_in
from tests.support.sets import fully, one_in
from tests.support.undo import undone
from tests.test_audience import ROLES, browser_of, expected, path_of, questions
from tests.test_rights_ended import OUT, fresh
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled
from views.web.visitors import BY_ITSELF

WAYS = {
    "a piece": {"HX-Request": "true", "HX-Current-URL": "/customers/"},
    "by the clock": {"HX-Request": "true", BY_ITSELF: "yes"},
    "kept already": {"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    "a part": {"Range": "bytes=0-0", "If-Range": '"x"'},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("pieces")) as made:
        yield made


def ask(browser, path, method, headers):
    """The status; whatever was asked is taken back."""
    with undone():
        data = {"idempotency_key": KEY} if method == "POST" else None
        return browser.open(path, method=method, data=data, headers=headers).status_code


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ROLES)
@pytest.mark.asvs("8.2.1", "8.2.2")
def test_what_is_refused_is_refused_in_every_way(house, who, way):
    browser, wrong, asked = browser_of(house, who), [], 0
    for rule, view, thing, method in questions(house, who):
        right = expected(who, view, thing)
        if not right or rule.endpoint == "home.index":
            continue
        if not one_in(fully(1, 24 if POSTGRES else 12), way, who, rule, method, thing):
            continue
        path = path_of(rule, thing and thing.id)
        status = ask(browser, path, method, WAYS[way])
        asked += 1
        if status not in right:
            wrong.append(f"{method} {path}: {status}, expected {right}")
    assert not wrong, "\n".join(wrong)
    assert asked > 4


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", OUT)
def test_who_is_out_is_out_in_every_way(house, case, way):
    who, deed = OUT[case]
    audience = {"anna": "contact", "link": "link"}.get(who, "staff")
    wrong = []
    with undone():
        browser = browser_of(house, who)
        deed(house.firm)
        for rule in house.url_map.iter_rules():
            view = house.view_functions[rule.endpoint]
            if rule.endpoint == "static" or audience not in view.audience:
                continue
            if not one_in(fully(1, 40 if audience == "staff" else 8), case, way, rule):
                continue
            kind = arguments.kind_of(rule)
            ident = house.things[kind][0].id if kind else 1
            for method in sorted(rule.methods & {"GET", "POST"}):
                status = ask(browser, path_of(rule, ident), method, WAYS[way])
                if status != 401:
                    wrong.append(f"{method} {rule.endpoint}: {status}")
    assert not wrong, "\n".join(wrong)


REPEATED = [e for e in CASES if e not in ("setup.new", "restoring.create")]


@pytest.mark.parametrize("endpoint", [e for e in REPEATED if one_in(15, "repeated", e)])
def test_a_form_sent_again_is_answered_to_its_sender_alone(app, firm, sign_in, endpoint):
    """The key of a form that was taken opens nothing to another, nor to who is out by now."""
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    if who in (None, "link") or not hasattr(app.view_functions[endpoint], "idempotent"):
        return
    browser = sign_in(getattr(firm, who))
    first = browser.post(path, data=filled(fields))
    if first.status_code != 303:  # a file, or a piece
        return
    for other in ("bob", "zhao"):
        if other == who:
            continue
        answer = sign_in(getattr(firm, other)).post(path, data=filled(fields))
        assert answer.status_code != 303 or other == "zhao", f"{other}: {answer.location}"
    person = fresh(getattr(firm, who))
    if person.is_staff and person.id != firm.ada.id:
        person.disable(firm.ada)
    elif not person.is_staff:
        person.disable(firm.li)
    else:
        person.end_sessions()
    assert browser.post(path, data=filled(fields)).status_code == 401


def test_a_stand_in_whose_time_is_over_reaches_nothing_new(house):
    """What was handed over stays; what is submitted later is for who is back."""
    firm = house.firm
    with undone():
        Delegation.arrange(firm.wang, firm.wang, firm.chen, today(), today()).end(firm.wang)
        paper = firm.draft(price="20000")
        paper.submit(by=firm.li)
        request = ApprovalRequest.current(paper)
        asked = [task.user_id for task in request.tasks.where(Task.state == "open")]
        assert asked == [firm.wang.id]
        ids = {"papers": paper.id, "requests": request.id, "tasks": request.tasks.get().id}
        browser, wrong = browser_of(house, "chen"), []
        for rule in house.url_map.iter_rules():
            view, ident = house.view_functions[rule.endpoint], ids.get(arguments.kind_of(rule))
            if ident is None or "staff" not in view.audience:
                continue
            for method in sorted(rule.methods & {"GET", "POST"}):
                status = ask(browser, path_of(rule, ident), method, {})
                if status not in (403, 404):
                    wrong.append(f"{method} {rule.endpoint}: {status}")
        assert not wrong, "\n".join(wrong)
