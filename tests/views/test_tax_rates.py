"""Tax rates as data with their days."""

import datetime as dt

from models.products import TaxRate


def test_a_rate_is_offered_only_on_its_days(firm, sign_in):
    browser = sign_in(firm.ada)
    answer = browser.post(
        "/tax-rates/new",
        data={
            "name": "1%",
            "kind": "taxed",
            "rate": "1",
            "valid_from": "2020-03-01",
            "valid_to": "2022-12-31",
        },
    )
    rate = TaxRate.get(TaxRate.name == "1%")
    assert answer.status_code == 303 and rate.rate == 100
    assert rate in TaxRate.valid(dt.date(2021, 1, 1)) and rate not in TaxRate.valid(
        dt.date(2026, 1, 1)
    )
    assert "Not valid today" in browser.get("/tax-rates/").text


def test_rates_that_make_no_sense_are_refused(firm, sign_in):
    browser, before = sign_in(firm.ada), TaxRate.select().count()
    for data in (
        {"kind": "exempt", "rate": "13"},
        {"kind": "taxed", "rate": "0"},
        {"kind": "taxed", "rate": "101"},
        {"kind": "taxed", "rate": "5", "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
        {"kind": "bribe", "rate": "5"},
    ):
        answer = browser.post("/tax-rates/new", data={"name": "x", **data})
        assert (
            answer.status_code == 422
            and 'value="x"' in answer.text
            and TaxRate.select().count() == before
        )


def test_an_old_paper_keeps_its_tax(firm, sign_in):
    paper = firm.issued(price="100")
    sign_in(firm.ada).post(
        f"/tax-rates/{firm.tax.id}/edit", data={"name": "13%", "kind": "taxed", "rate": "14"}
    )
    assert TaxRate.get_by_id(firm.tax.id).rate == 1400 and paper.lines.get().rate == 1300
