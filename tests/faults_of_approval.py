"""Faults sown in the approval engine, each of which the tests must catch: `python -m
tests.faults_of_approval [word …]`.

Each is a change of the source in a copy of the tree. The test that should catch it runs first,
then, if that one lets it pass, the tests of the engine and the machine. Prints a table fault →
caught by; fails when one survives."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "app.py",
    "config.py",
    "transport.py",
    "pytest.ini",
    "models",
    "views",
    "jobs",
    "migrations",
    "templates",
    "translations",
    "static",
    "tests",
    "docs",
)
FLOWS, ENGINE = "tests/models/test_approval_flows.py", "tests/models/test_approvals.py"
ABSENCE, CHANGES = "tests/models/test_approval_absence.py", "tests/models/test_approval_changes.py"
GUARDS, MACHINE = "tests/models/test_approval_guards.py", "tests/models/test_approval_machine.py"
LISTS = "tests/models/archive/test_destruction_lists.py"
DESTRUCTION = "tests/models/archive/test_destruction.py"
ALL = (GUARDS, FLOWS, ENGINE, ABSENCE, CHANGES, LISTS, DESTRUCTION, MACHINE)
A = "models/approvals/"
# (what is broken, file, text as it stands, text with the fault, the test that should see it)
FAULTS = [
    (
        "anyone may decide, not only who is asked",
        A + "task.py",
        "by.id != self.user_id or not User",
        "not User",
        f"{GUARDS}::test_only_who_is_asked_decides",
    ),
    (
        "who was deactivated still decides",
        A + "task.py",
        " or not User.get_by_id(by.id).active:",
        ":",
        f"{GUARDS}::test_who_was_switched_off_decides_nothing",
    ),
    (
        "the submitter decides on the own paper",
        A + "task.py",
        "if by.id in (request.submitter_id, document.owner_id):",
        "if False:",
        f"{GUARDS}::test_who_becomes_the_owner_of_a_paper_no_longer_decides_on_it",
    ),
    (
        "a changed content is approved",
        A + "task.py",
        'document.content_hash() == request.content_approved or refuse("content_changed")',
        "pass",
        f"{LISTS}::test_a_list_whose_content_changes_while_it_is_asked_about_cannot_be_approved",
    ),
    (
        "a decided task is decided again",
        A + "task.py",
        'if fresh.state != "open" or request.state != "open":',
        "if False:",
        f"{GUARDS}::test_a_decision_by_another_hand_meanwhile_is_not_written_over",
    ),
    (
        "no reason is needed to reject",
        A + "task.py",
        'note.strip() or refuse("reason_needed")\n        self._decide(by, "rejected", note)',
        'self._decide(by, "rejected", note)',
        f"{GUARDS}::test_no_comes_with_a_reason",
    ),
    (
        "a return asks nobody anew but goes on",
        A + "request.py",
        "self.round, self.step = self.round + 1, step - 1",
        "self.round = self.round + 1",
        f"{ENGINE}::test_return_to_an_earlier_step_asks_its_people_anew",
    ),
    (
        "one yes is enough where all are asked",
        A + "request.py",
        'if step["rule"] == "all":',
        "if False:",
        f"{ENGINE}::test_all_must_agree",
    ),
    (
        "N of M counts one too few",
        A + "request.py",
        'yes >= (step["needed"]',
        'yes + 1 >= (step["needed"]',
        f"{ENGINE}::test_two_of_three_must_agree",
    ),
    (
        "a step is saved that nobody could decide",
        A + "step.py",
        'if known["rule"] == "n" and known["needed"] > found:',
        "if False:",
        f"{FLOWS}::test_a_step_that_asks_for_more_people_than_it_has_is_not_saved",
    ),
    (
        "who was added adds further people",
        A + "adding.py",
        'self.may_ask_another or refuse("added_asks_nobody")',
        "pass",
        f"{ENGINE}::test_who_was_asked_besides_asks_nobody_further",
    ),
    (
        "the step does not wait for who is asked after",
        A + "request.py",
        'if t.kind == "after"):',
        "if False):",
        f"{ENGINE}::test_ask_after_holds_the_step",
    ),
    (
        "issue takes an approval of another content",
        A + "request.py",
        '("issue", "approved", document.content_hash()) in newest',
        '("issue", "approved") in [row[:2] for row in newest]',
        f"{GUARDS}::test_content_changed_behind_the_engine_is_not_issued",
    ),
    (
        "the unique key of open requests is gone",
        "migrations/0001_baseline.sqlite.sql",
        'CREATE UNIQUE INDEX "approval_request_open"',
        'CREATE INDEX "approval_request_open"',
        f"{GUARDS}::test_the_database_lets_one_request_be_open",
    ),
    (
        "recall after a decision",
        A + "request.py",
        "if decided and not request.recall_late:",
        "if False:",
        f"{ENGINE}::test_recall_until_the_first_decision_or_later_where_allowed",
    ),
    (
        "anyone recalls",
        A + "request.py",
        "or may or refuse(",
        "or True or refuse(",
        f"{GUARDS}::test_only_those_concerned_take_back_or_urge",
    ),
    (
        "urged every minute",
        A + "request.py",
        "URGE_AGAIN = dt.timedelta(hours=1)",
        "URGE_AGAIN = dt.timedelta(minutes=1)",
        f"{GUARDS}::test_urged_again_only_after_a_full_hour",
    ),
    (
        "open tasks stay after a recall",
        A + "request.py",
        (
            '        Task.cancel_open(self)\n        self.move("open", "approved", to=state, '
            "closed_at=now())"
        ),
        '        self.move("open", "approved", to=state, closed_at=now())',
        f"{ENGINE}::test_recall_until_the_first_decision_or_later_where_allowed",
    ),
    (
        "straight back although it was changed",
        A + "request.py",
        "and last.content_approved == self.content_approved",
        "and True",
        f"{ENGINE}::test_returned_to_the_submitter_goes_straight_back_only_unchanged",
    ),
    (
        "who just agreed is asked again",
        A + "request.py",
        "approved=user.id in already_approved",
        "approved=False",
        f"{ENGINE}::test_the_same_person_is_not_asked_twice_in_a_row",
    ),
    (
        "the submitter is asked to approve",
        A + "step.py",
        "found = [u for u in named if u.id not in own]",
        "found = named",
        f"{ENGINE}::test_a_submitter_named_as_approver_gives_way_to_the_superior",
    ),
    (
        "nobody found passes silently",
        A + "step.py",
        'found or refuse("no_approver", role=step.get("role") or with_defaults(step)["who"])',
        "found",
        f"{ENGINE}::test_nobody_found_asks_the_fallback_and_never_approves_silently",
    ),
    (
        "a delegation holds on any day",
        A + "delegation.py",
        "~cls.ended, cls.first_day <= (last or first), cls.last_day >= first",
        "~cls.ended",
        f"{ABSENCE}::test_delegation_by_days_kinds_and_amount",
    ),
    (
        "a delegation's limit is turned round",
        A + "delegation.py",
        "abs(subject.total) <= self.most",
        "abs(subject.total) >= self.most",
        f"{ABSENCE}::test_delegation_by_days_kinds_and_amount",
    ),
    (
        "a stand-in approves the own paper",
        A + "delegation.py",
        "return person if person.id != user.id and person.id not in own else None",
        "return person if person.id != user.id else None",
        f"{ABSENCE}::test_nobody_stands_in_for_an_approver_of_their_own_paper_nor_in_a_circle",
    ),
    (
        "one person counts for two",
        A + "task.py",
        "stand_in = None if stand_in and stand_in.id in asked_ids else stand_in",
        "pass",
        f"{ENGINE}::test_nobody_counts_for_two",
    ),
    (
        "a limit of time ignores holidays",
        A + "deadline.py",
        "if special.get(day, day.weekday() < 5) and current < closes:",
        "if day.weekday() < 5 and current < closes:",
        f"{ABSENCE}::test_working_hours_know_weekends_holidays_and_make_up_days",
    ),
    (
        "time passes where the flow says remind",
        A + "late.py",
        'if action == "pass":',
        'if action in ("pass", "remind"):',
        f"{ABSENCE}::test_what_happens_when_a_step_is_late",
    ),
    (
        "the amount of a flow is compared the wrong way",
        A + "conditions.py",
        'facts["amount"] >= flow.least if same',
        'facts["amount"] > flow.least if same',
        f"{GUARDS}::test_a_flow_begins_at_its_very_amount",
    ),
    (
        "the highest precedence comes last",
        A + "flow.py",
        "cls.priority.desc()",
        "cls.priority",
        f"{FLOWS}::test_salesperson_and_team_are_conditions",
    ),
    (
        "an edit keeps the approval",
        "models/documents/draft.py",
        'if self.content_hash() != before and self.state in ("submitted", "approved"):',
        "if False:",
        f"{CHANGES}::test_a_change_of_what_was_approved_drops_it",
    ),
    (
        "an internal note drops the approval",
        "models/documents/draft.py",
        "if self.content_hash() != before and self.state in",
        "if self.state in",
        f"{CHANGES}::test_a_change_of_what_was_approved_drops_it",
    ),
    (
        "terms are no part of what is approved",
        "models/documents/snapshot.py",
        "currency language date terms_days due_on",
        "currency language date due_on",
        f"{GUARDS}::test_terms_alone_drop_the_approval_of_a_quote",
    ),
    (
        "issue does not ask for an approval",
        "models/documents/issue.py",
        'approval_gate.requests().covers(self) or refuse("not_approved")',
        "pass",
        f"{GUARDS}::test_content_changed_behind_the_engine_is_not_issued",
    ),
    (
        "a list is destroyed unapproved",
        "models/archive/destruction.py",
        'ApprovalRequest.covers(self) or refuse("not_approved")',
        "pass",
        f"{LISTS}::test_nothing_is_destroyed_that_differs_from_what_was_approved",
    ),
    (
        "an approver of a list is its witness",
        "models/archive/destruction.py",
        "return {self.proposer_id, self.approver_id} | self.deciders()",
        "return {self.proposer_id}",
        f"{LISTS}::test_the_flow_for_lists_says_who_approves_one_after_the_other",
    ),
    (
        "a flow for lists may ask nobody",
        A + "flow.py",
        "if self.kind in DECISION_REQUIRED and (",
        "if self.kind in () and (",
        f"{LISTS}::test_no_flow_lets_a_list_pass_unasked",
    ),
]


def main(words):
    chosen = [f for f in FAULTS if not words or any(word in f[0] for word in words)]
    survived, began = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "danju"
        tree.mkdir()
        for name in COPIED:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, tree / name)
        for what, path, stands, faulty, test in chosen:
            file = tree / path
            sound = file.read_text()
            assert stands in sound, f"{path} no longer says {stands!r}: mend the table"
            file.write_text(sound.replace(stands, faulty))
            caught = caught_by(tree, test) or caught_by(tree, *ALL)
            file.write_text(sound)
            caught or survived.append(what)
            print(f"{what:<60} {caught or 'SURVIVED'}", flush=True)
    print(
        f"{len(chosen) - len(survived)} of {len(chosen)} caught in {time.monotonic() - began:.0f} s"
    )
    return 1 if survived else 0


def caught_by(tree, *tests):
    """The first test that fails, or None when all pass."""
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--no-header",
            *tests,
        ],
        cwd=tree,
        text=True,
        capture_output=True,
        env={**os.environ, "SHRINK": "no", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    found = re.search(r"^(?:FAILED|ERROR) \S+::(\S+)", ran.stdout, re.M)
    assert ran.returncode in (0, 1) and bool(found) == bool(ran.returncode), (
        ran.stdout[-3000:] + ran.stderr[-3000:]
    )
    return found and found.group(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
