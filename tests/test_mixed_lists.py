"""Every form that takes several things at once gets one of its sender's and one of another's: the
other one is not touched, shown or packed. Generated, so that a new such form is not forgotten."""

import ast
import inspect
import io
import sys
import textwrap
import zipfile

import pytest

from models.core.journal import Event
from models.core.roles import MAY
from tests.firm import KEY
from tests.spoiling import posts
from tests.support.house import house_in
from tests.support.undo import undone
from tests.test_audience import browser_of

SEE_ALL = {"admin", "finance", "archivist"}
# Products are everyone's; the mails of a batch are found within one's own batch.
EVERYONES = {"products.bulk", "greetings.leave_out"}
READERS = {"form_ids", "getlist"}
READ_ONLY = {"ids", "contacts", "document"}  # the names of such lists
# {endpoint: (who sends it, the kind of what is listed, the rest of the form)}; {id} in the address
# is the sender's own document.
FORMS = {
    "acts.create": ("li", "customers", {"kind": "tasks", "cause": "best", "what": "x"}),
    "acts.preview": ("li", "customers", {"kind": "tasks", "cause": "best", "what": "x"}),
    "archive.several": ("li", "filings", {}),
    "customers.bulk": ("li", "customers", {"act": "tag", "tag": "VIP"}),
    "decisions.many": ("wang", "tasks", {}),
    "documents.bulk": ("li", "papers", {"act": "discard"}),
    "documents.several": ("li", "papers", {}),
    "duplicates.apart": ("li", "customers", {}),
    "issues.create": ("li", "contacts", {"send": "y", "subject": "x", "message": "x"}),
    "portal_documents.several": ("anna", "papers", {}),
    "sendings.create": ("li", "contacts", {"subject": "x", "message": "x"}),
    "sendings.preview": ("li", "contacts", {"subject": "x", "message": "x"}),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("mixed")) as made:
        yield made


def lists_of(view):
    """The names of the lists that a view, and what it calls of views/, reads from the form."""
    found, waiting, seen = set(), [inspect.unwrap(view)], set()
    while waiting:
        function = waiting.pop()
        if function in seen or not function.__module__.startswith("views"):
            continue
        seen.add(function)
        home = vars(sys.modules[function.__module__])
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rsplit(".")[-1]
            if name in READERS and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            called = home.get(ast.unparse(node.func))
            if inspect.isfunction(called):
                waiting.append(inspect.unwrap(called))
            elif inspect.isclass(called) and called.__module__.startswith("views"):
                waiting += [m for m in vars(called).values() if inspect.isfunction(m)]
                waiting += [
                    m.func if hasattr(m, "func") else m.fget
                    for m in vars(called).values()
                    if hasattr(m, "func") or isinstance(m, property)
                ]
    return found & READ_ONLY


def test_every_form_of_several_things_is_tried(house):
    missing = []
    for endpoint in posts(house):
        view = house.view_functions[endpoint]
        if lists_of(view) and endpoint not in FORMS.keys() | EVERYONES:
            roles = MAY[view.ability] if view.ability else {"anybody"}
            if roles - SEE_ALL:
                missing.append(f"{endpoint} reads {sorted(lists_of(view))}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("endpoint", FORMS)
@pytest.mark.asvs("8.2.2", "8.3.1")
def test_of_a_mixed_list_only_the_own_is_touched(house, endpoint):
    who, kind, form = FORMS[endpoint]
    [name] = lists_of(house.view_functions[endpoint])
    own, other = house.things[kind]
    assert who in own.seen_by and who not in other.seen_by
    rule = posts(house)[endpoint]
    ident = house.things["approved" if endpoint == "issues.create" else "papers"][0].id
    path = rule.build({name: ident for name in rule.arguments})[1]
    for ids in ([own.id, other.id], [other.id]):
        with undone():
            newest = Event.select().order_by(Event.id.desc()).get().id
            data = {**form, name: ids, "idempotency_key": KEY}
            answer = browser_of(house, who).post(path, data=data)
            assert answer.status_code < 500, answer.text
            written = list(Event.select().where(Event.id > newest))
            touched = touched_by(house, other, kind)
            assert not [e for e in written if (e.subject_type, e.subject_id) in touched]
            for word in words_of(house, other, kind):
                assert word not in shown(answer), f"{endpoint} {ids}"


def touched_by(house, other, kind):
    """(class, id) of what the journal would tell of the other's thing."""
    if kind == "tasks":  # their journal is that of the request
        return {("ApprovalRequest", house.things["requests"][1].id)}
    classes = {
        "customers": ["Customer"],
        "contacts": ["Contact"],
        "papers": ["Document"],
        "filings": ["Filing", "ExternalFile"],
    }
    return {(cls, other.id) for cls in classes[kind]}


def words_of(house, other, kind):
    """What an answer that shows the other's thing would hold."""
    from models.archive import Filing
    from models.documents import Document

    if kind == "papers":
        return [Document.get_by_id(other.id).number]
    if kind == "filings":
        return [Filing.get_by_id(other.id).name]
    return ["Beta Ltd", "bob@b.test"]


def shown(answer):
    """The text of the answer; of a zip the names of what it holds."""
    data = answer.get_data()
    if data[:2] == b"PK":
        return " ".join(zipfile.ZipFile(io.BytesIO(data)).namelist())
    return answer.get_data(as_text=True)
