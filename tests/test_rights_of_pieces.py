"""What is refused stays refused however it is asked: as a piece for htmx, by a page's own clock,
as what a browser has kept already or wants a part of, by a stand-in whose time is over."""

import pytest

from models.approvals import ApprovalRequest, Delegation, Task
from models.core.clock import today
from tests import arguments
from tests.firm import KEY
from tests.support.databases import POSTGRES
from tests.support.house import house_in
from tests.support.sets import FULL, one_in
from tests.support.undo import undone
from tests.test_audience import ROLES, browser_of, expected, path_of, questions
from tests.test_rights_ended import OUT
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


def ways(share, *words):
    """In which ways this is asked: in full each, else of one in so many cases one."""
    if FULL:
        return WAYS
    return [way for way in WAYS if one_in(share * len(WAYS) * (1 + bool(POSTGRES)), way, *words)]


def ask(browser, path, method, headers):
    """The status; whatever was asked is taken back."""
    with undone():
        data = {"idempotency_key": KEY} if method == "POST" else None
        return browser.open(path, method=method, data=data, headers=headers).status_code


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.asvs("8.2.1", "8.2.2")
def test_what_is_refused_is_refused_in_every_way(house, who):
    browser, wrong, asked = browser_of(house, who), [], 0
    for rule, view, thing, method in questions(house, who):
        right = expected(who, view, thing)
        if not right or rule.endpoint == "home.index":
            continue
        for way in ways(10, who, rule, method, thing):
            path = path_of(rule, thing and thing.id)
            status = ask(browser, path, method, WAYS[way])
            asked += 1
            if status not in right:
                wrong.append(f"{way} {method} {path}: {status}, expected {right}")
    assert not wrong, "\n".join(wrong)
    assert asked


@pytest.mark.parametrize("case", OUT)
def test_who_is_out_is_out_in_every_way(house, case):
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
            kind = arguments.kind_of(rule)
            path = path_of(rule, house.things[kind][0].id if kind else 1)
            for method in sorted(rule.methods & {"GET", "POST"}):
                for way in ways(8 if audience == "staff" else 1, case, rule, method):
                    status = ask(browser, path, method, WAYS[way])
                    if status != 401:
                        wrong.append(f"{way} {method} {rule.endpoint}: {status}")
    assert not wrong, "\n".join(wrong)


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
