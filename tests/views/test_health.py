"""What a monitor learns."""

from config import VERSION
from models.core.database import Postgres, db


def test_all_is_well(app, firm, client):
    answer = client.get("/healthz")
    assert (
        answer.status_code == 200
        and answer.json["database"] == "ok"
        and answer.json["version"] == VERSION
        and answer.json["schema"] >= "0001_baseline"
    )
    assert answer.json["disk_free_mb"] > 0 and answer.json["scheduler"] == "not running"


def test_a_database_that_does_not_answer_is_told_as_503(app, firm, client, monkeypatch):
    db.close()
    with monkeypatch.context() as patch:
        patch.setattr(db, "obj", Postgres("danju", host="127.0.0.1", port=9))
        answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json["database"] == "down"


def test_the_demo_offers_its_accounts_wherever_one_lands(app, client):
    from models.company import Company
    from models.operations import first_firm

    first_firm.begin("示范", "zh", "CNY", "Ada", "admin@demo.test", "correct horse battery")
    Company.update(demo=True).execute()
    assert (
        "admin@demo.test" in client.get("/").text
        and "admin@demo.test" in client.get("/sign-in").text
    )
    Company.update(demo=False).execute()
    assert "admin@demo.test" not in client.get("/").text
