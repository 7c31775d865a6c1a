"""Every event has a whole sentence in both languages, of the verbs and classes in models/."""

import ast
import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from models.core.journal import Event, Journaled
from views.web.events import SENTENCES, acts, told
from views.web.events.kinds import KINDS

# How record() and its kin get the action, by position.
RECORDING = {"record": 0, "save_changes": 1, "remove": 1, "_reassign": 3, "_close": 1}
RECORDING |= {"_escalate": 1, "_keep": 1, "finish": 0}
# {variable in models/ whose name is not that of its class: the class}
VARIABLES = {
    "batch": "GreetingBatch",
    "firm": "Company",
    "level": "ReminderLevel",
    "paper": "MonthlyPaper",
    "person": "User",
    "request": "ApprovalRequest",
    "section": "OwnSection",
    "self.file": "ExternalFile",
    "self.fresh_request()": "ApprovalRequest",
    "self.request": "ApprovalRequest",
    "self.user or self.contact": "User",
    "task": "ApprovalRequest",
}
IN_FILE = {  # where the row may be of any class, or is called `row` outside of its class
    "models/approvals/adding.py": "ApprovalRequest",
    "models/core/journal/migration.py": "*",
    "models/documents/link.py": "*",
    "models/governance/section.py": "OwnSection",
}
HELD = {  # actions that a variable holds, by file
    "models/approvals/task.py": ["step_approved", "step_rejected", "step_returned"],
    "models/archive/destruction_decision.py": ["approved", "rejected", "returned"],
    "models/archive/inspection.py": ["asked", "done", "failed"],
    "models/operations/backup/post_restore.py": ["alone", "caught_up"],
}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
OF_TESTS = {"Sample", "Example"}


def recordings():
    """[(file:line, classes it may be about, action, facts or None where they are not all seen)]."""
    found = []
    for path in sorted(Path("models").rglob("*.py")):
        source = path.read_text()
        for owner, call in _calls(ast.parse(source)):
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in RECORDING:
                continue
            name, receiver = call.func.attr, ast.unparse(call.func.value)
            arguments = call.args[RECORDING[name] :][:1]
            if name == "save_changes" and not arguments:
                actions = ["revised"]
            else:
                actions = [action for a in arguments for action in _constants(a)]
            if name == "record" and not actions:
                actions = HELD.get(str(path), [])
            facts = {k.arg for k in call.keywords}
            known = facts if name == "record" and None not in facts else None
            classes = _classes(receiver, owner, str(path))
            found += [(f"{path}:{call.lineno}", classes, action, known) for action in actions]
    return found


def _calls(tree, owner=None):
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.ClassDef) else owner
        if isinstance(node, ast.Call):
            yield owner, node
        yield from _calls(node, inner)


def _constants(node):
    if isinstance(node, ast.IfExp):
        return _constants(node.body) + _constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) else []


def _classes(receiver, owner, path):
    """The journaled classes that an event is about: those of the variable's name, else all that
    have the verb from the class in whose body it stands."""
    first = re.split(r"[.(]", receiver)[0]
    named = VARIABLES.get(receiver) or VARIABLES.get(first) or first.title().replace("_", "")
    if named in Journaled.registry:
        return [named]
    if path in IN_FILE:
        return [IN_FILE[path]]
    return [
        kind
        for kind, cls in Journaled.registry.items()
        if owner in {base.__name__ for base in cls.__mro__} and kind not in OF_TESTS
    ]


def has_sentence(kind, action):
    return action in SENTENCES.get(kind, {}) or action in SENTENCES["*"]


def test_every_event_that_a_verb_records_has_a_sentence(app):
    found = recordings()
    assert len(found) > 170
    assert [where for where, classes, _a, _f in found if not classes] == []
    assert [
        (where, kind, action)
        for where, classes, action, _facts in found
        for kind in classes
        if not has_sentence(kind, action)
    ] == []


def test_no_sentence_is_for_an_event_that_nothing_records(app):
    made = {(kind, a) for _w, classes, a, _f in recordings() for kind in classes}
    anyone = {a for _kind, a in made}
    extra = [
        (kind, key)
        for kind, actions in SENTENCES.items()
        for key in actions
        if key.split()[0] not in anyone or kind != "*" and (kind, key.split()[0]) not in made
    ]
    assert extra == []


def test_a_sentence_names_only_facts_that_its_event_has(app):
    facts = {}
    for _where, classes, action, known in recordings():
        for kind in classes:
            if known is None or facts.get((kind, action), ()) is None:
                facts[kind, action] = None
            else:
                facts.setdefault((kind, action), set()).update(known)
    assert [
        (kind, key, text)
        for kind, actions in SENTENCES.items()
        for key, texts in actions.items()
        for text in texts
        if facts.get((kind, key.split()[0])) is not None
        if set(PLACEHOLDER.findall(text)) - facts[kind, key.split()[0]] - {"who", "link"}
    ] == []


def test_every_kind_of_thing_has_a_name(app):
    assert sorted(set(Journaled.registry) - set(KINDS) - OF_TESTS) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_is_whole_and_needs_no_facts_at_last(app, language):
    """Each ends with a sentence that needs nothing but the name of who did it."""
    with app.test_request_context(), force_locale(language):
        for kind, actions in SENTENCES.items():
            for key, texts in actions.items():
                action, _space, code = key.partition(" ")
                assert set(PLACEHOLDER.findall(texts[-1])) <= {"who"}, texts
                event = Event(
                    actor_type="User",
                    actor_name="李明",
                    action=action,
                    subject_type=kind,
                    facts={"because": code} if code else {},
                )
                (sentence,) = told(event)
                assert "%(" not in sentence
                if language == "zh":
                    assert not re.search("[A-Za-z]", sentence.replace("PDF", "")), sentence
        assert not any("%(" in name for name in acts().values())


def test_danju_itself_is_called_the_system(app, firm):
    event = firm.a.record("revised", None)
    with app.test_request_context():
        with force_locale("en"):
            assert told(event) == ["System changed the customer"]
        with force_locale("zh"):
            assert told(event) == ["系统 修改了客户资料"]


def test_a_fact_that_the_sentence_has_no_place_for_follows_it(app, firm):
    event = firm.a.record("revised", firm.li, reason="moved house", behalf="王经理")
    with app.test_request_context(), force_locale("en"):
        assert told(event) == [
            "李销售 changed the customer",
            "On behalf of 王经理",
            "Reason: moved house",
        ]


def test_one_action_reads_as_its_thing_needs(app, firm):
    with app.test_request_context(), force_locale("en"):
        paper = firm.draft()
        paper.submit(firm.li)
        request = Event.select().where(Event.subject_type == "ApprovalRequest").order_by(Event.id)
        assert [[told(e)[0] for e in rows] for rows in (paper.events, request)] == [
            [
                "李销售 created the draft",
                "李销售 submitted it for approval",
                "Approved automatically: below the limit",
            ],
            ["李销售 requested approval", "Approved automatically: below the limit"],
        ]
