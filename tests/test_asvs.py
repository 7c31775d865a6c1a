"""`make asvs` names what has no proof."""

from tests import asvs

ROW = (asvs.MET, "because of this")


def results(rows, tests, came_to):
    return {id: result for id, result, _tests in asvs.judged(rows, tests, came_to)}


def test_the_page_speaks_of_each_id_and_of_no_other():
    assert asvs.rows().keys() == asvs.ids() and len(asvs.ids()) == 190 + len(asvs.BEYOND)
    assert all(sentence.strip() for _status, sentence in asvs.rows().values())


def test_what_has_a_passing_test_is_met_and_all_else_is_a_gap():
    rows = {
        "1.1.1": ROW,
        "1.1.2": ROW,
        "1.2.1": ROW,
        "1.2.2": ROW,
        "1.2.3": (asvs.NOT_MET, "not built"),
        "1.2.4": (asvs.NOT_APPLICABLE, "there is none"),
        "1.2.5": (asvs.NOT_APPLICABLE, ""),
        "9.9.9": ROW,
    }
    tests = {"a": {"1.1.1", "1.1.2"}, "b": {"1.1.2", "1.2.3", "99.1.1"}, "c": {"1.2.2"}}
    found = results(rows, tests, {"a": {"passed"}, "b": {"passed", "failed"}, "c": {"skipped"}})
    assert [found[id] for id in (*rows, "99.1.1", "1.2.9")] == [
        "met",
        "GAP: a test fails",
        "GAP: no test",
        "GAP: its tests were skipped",
        "GAP: a test fails",
        "not applicable",
        "GAP: no reason in docs/security.md",
        "GAP: no such id",
        "GAP: no such id",
        "GAP: no row in docs/security.md",
    ]


def test_ids_are_sorted_as_numbers():
    order = [id for id, _result, _tests in asvs.judged({}, {}, {})]
    assert (
        order.index("1.2.9") < order.index("1.3.1") < order.index("1.3.10") < order.index("2.1.1")
    )
