"""Danju speaks to other machines over TLS with a checked certificate, or not at all, unless whoever
runs it names the machine; the doctor names those."""

import re

import pytest

import config
import transport
from app import write_mail
from config import BadSetting
from models.adapters import bounces, event_receiver, outbox, smtp
from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import Refused
from models.operations import connections, doctor
from models.operations.backup import Place, snapshot
from tests.support.certificates import authority_and_server, listening

IN_CLEAR = {
    "SMTP_URL": "smtp://mail.example.com",
    "IMAP_URL": "imap://u:p@mail.example.com",
    "SECURITY_URL": "syslog+tcp://mail.example.com",
    "DATABASE_URL": "postgresql://u:p@mail.example.com/danju?sslmode=require",
    "FILES_URL": "s3://k:s@bucket?endpoint=http://mail.example.com",
}
EVENT = {"at": "2026-11-30T08:00:00Z", "kind": "refusal"}


@pytest.fixture
def env(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "read_env_file", lambda: None)
    for name in (*config.SECRETS, "BASE_URL", "WITHOUT_TLS", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return monkeypatch.setenv


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize("name", IN_CLEAR)
def test_no_other_machine_is_spoken_to_in_clear_unless_it_is_named(env, name):
    env(name, IN_CLEAR[name])
    with pytest.raises(BadSetting, match=f"{name} would speak to mail.example.com"):
        config.settings()
    env("WITHOUT_TLS", "db.lan, Mail.example.com")
    assert config.settings()[name] == IN_CLEAR[name]


@pytest.mark.asvs("12.3.1")
def test_the_firm_is_moved_to_no_server_that_listens_in_clear(app, firm):
    ran = app.test_cli_runner().invoke(args=["move", "--to", "postgresql://u:p@db.lan/danju"])
    assert ran.exit_code == 1 and "would speak to db.lan without encryption" in ran.output


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize(
    "url, host",
    [
        ("smtp://127.0.0.1:25", ""),
        ("smtp://[::1]", ""),
        ("smtp+tls://mail.example.com", ""),
        ("smtps://mail.example.com", ""),
        ("imap://192.168.1.5", "192.168.1.5"),
        ("syslog://log.lan", "log.lan"),
        ("syslog+tls://log.lan", ""),
        ("http://log.lan/hook", "log.lan"),
        ("tcp://scanner:3310", "scanner"),
        ("postgresql://u@localhost/danju", ""),
        ("postgresql:///danju?host=/run/postgresql", ""),
        ("postgresql:///danju", ""),
        ("postgresql:///danju?host=db.lan", "db.lan"),
        ("postgresql://localhost:5432,db.lan:5432/danju", "db.lan"),
        ("postgresql://u:p@localhost/danju?hostaddr=10.0.0.5", "10.0.0.5"),
        ("postgresql://u:p@[::1]:5432/danju", ""),
        ("postgresql://u:p@[fd00::5]:5432/danju", "fd00::5"),
        ("postgresql://u@db.lan/danju?sslmode=prefer", "db.lan"),
        ("postgresql://u@db.lan/danju?sslmode=verify-full", ""),
        ("sqlite:////srv/danju.db", ""),
        ("s3://bucket", ""),
        ("s3://bucket?endpoint=https://s3.lan", ""),
        ("", ""),
    ],
)
def test_what_speaks_in_clear_is_known_by_its_address(url, host, monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False), monkeypatch.delenv("PGSSLMODE", raising=False)
    assert transport.in_clear(url) == host


@pytest.mark.asvs("12.3.1")
def test_the_database_s_own_environment_counts(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.lan"), monkeypatch.delenv("PGSSLMODE", raising=False)
    assert transport.in_clear("postgresql:///danju") == "db.lan"
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert transport.in_clear("postgresql:///danju") == ""


@pytest.mark.asvs("12.3.1")
def test_the_doctor_names_what_is_still_said_in_clear(app, firm):
    def found():
        return [f for _n, code, _good, f in doctor.examine(False) if code == "encrypted"][0]

    assert found() == {}
    place = Place.add(firm.ada, "NAS", "webdav", {"url": "https://nas.lan/b", "user": "u"}, "s")
    assert found() == {}
    place.settings = {**place.settings, "url": "http://nas.lan/b"}  # from an earlier version
    Place.update(settings=place.settings).execute()
    app.config.update(SMTP_URL="smtp://mail.lan")
    snapshot.use(app.config)
    assert found() == {"found": "SMTP_URL, NAS"}


@pytest.mark.asvs("12.3.1")
def test_a_place_for_backups_sends_no_password_in_clear(app, firm):
    for settings in (
        ("webdav", {"url": "http://nas.lan/b", "user": "u"}),
        ("s3", {"endpoint": "http://nas.lan", "bucket": "b", "key_id": "k"}),
    ):
        with pytest.raises(Refused, match="place_plain"):
            Place.add(firm.ada, "NAS", *settings, "s")
    app.config.update(WITHOUT_TLS={"nas.lan"})
    snapshot.use(app.config)
    assert Place.add(firm.ada, "NAS", *settings, "s").in_clear


SPEAK = {
    "smtps": lambda port: smtp.send(f"smtps://u:p@localhost:{port}", None),
    "imaps": lambda port: bounces.read(f"imaps://u:p@localhost:{port}"),
    "syslog+tls": lambda port: event_receiver.send(f"syslog+tls://localhost:{port}", [EVENT]),
    "https": lambda port: event_receiver.send(f"https://localhost:{port}/x", [EVENT]),
}


@pytest.mark.asvs("12.3.2", "12.3.1")
@pytest.mark.parametrize("scheme", SPEAK)
def test_a_server_with_a_certificate_of_nobody_we_trust_is_told_nothing(tmp_path, scheme):
    _authority, *server = authority_and_server(tmp_path)
    untrusted = pytest.raises((OSError, smtp.NoServer), match="CERTIFICATE_VERIFY_FAILED")
    with listening(*server) as (port, heard), untrusted:
        SPEAK[scheme](port)
    assert not any(heard)


@pytest.mark.asvs("16.3.4")
def test_a_certificate_that_is_not_trusted_is_logged_and_the_mail_waits(app, tmp_path, caplog):
    _authority, *server = authority_and_server(tmp_path)
    Mail.enqueue("k", to="x@a.test", template="test_mail", language="en", context={})
    with listening(*server) as (port, _heard):
        app.config.update(SMTP_URL=f"smtps://u:p@localhost:{port}")
        outbox.use(app.config["SMTP_URL"], "firm@firm.test", write_mail, "firm.test")
        outbox.deliver_waiting()
    mail = Mail.get()
    assert mail.state == "queued" and "CERTIFICATE_VERIFY_FAILED" in mail.error
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text


@pytest.mark.asvs("12.3.1")
def test_a_mail_server_that_knows_no_tls_gets_no_password(server):
    """Somebody in between may have taken STARTTLS out of what it offers."""
    with pytest.raises(smtp.NoServer, match="STARTTLS"):
        smtp.send(f"smtp+tls://user:password@127.0.0.1:{server.port}", None)
    assert server.mails == []


@pytest.mark.asvs("16.4.3", "12.3.1")
def test_events_reach_a_log_server_over_tls(tmp_path, monkeypatch):
    authority, *server = authority_and_server(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    with listening(*server) as (port, heard):
        event_receiver.send(f"syslog+tls://localhost:{port}", [EVENT])
    [line] = heard
    assert b'"kind": "refusal"' in line and line.partition(b" ")[0].isdigit()


@pytest.mark.asvs("13.3.1")
@pytest.mark.parametrize("way", ["SMTP_URL_FILE", "CREDENTIALS_DIRECTORY"])
def test_a_vault_fills_the_secrets(env, tmp_path, way):
    """As a file that a setting names, or as a credential that systemd decrypts for the service."""
    path = tmp_path / "smtp_url"
    path.write_text("smtps://u:from-the-vault@mail.example.com\n")
    (tmp_path / "secret_key").write_text("k" * 40)
    if way == "CREDENTIALS_DIRECTORY":
        env(way, str(tmp_path))
    else:
        env(way, str(path)), env("SECRET_KEY_FILE", str(tmp_path / "secret_key"))
    made = config.settings()
    assert made["SMTP_URL"] == "smtps://u:from-the-vault@mail.example.com"
    assert made["SECRET_KEY"] == "k" * 40
    assert not (tmp_path / "data" / "secret_key").exists()


@pytest.mark.asvs("13.3.1", "13.3.2")
def test_the_doctor_names_a_secret_that_everybody_can_read(firm, env, tmp_path, monkeypatch):
    def found():
        return [f for _n, code, _good, f in doctor.examine(False) if code == "private"][0]

    path = tmp_path / "smtp_url"
    path.write_text("smtps://u:p@mail.example.com"), path.chmod(0o640)
    env("SMTP_URL_FILE", str(path))
    assert found() == {}
    path.chmod(0o644)
    assert found() == {"found": str(path)}
    path.chmod(0o600), monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SMTP_URL=x"), (tmp_path / ".env").chmod(0o604)
    assert found() == {"found": ".env"}


@pytest.mark.asvs("12.2.2")
@pytest.mark.parametrize("days, trusted, found", [(15, 1, None), (13, 1, "13"), (90, 0, "unable")])
def test_the_doctor_asks_the_portal_for_a_certificate_that_browsers_trust(
    app, tmp_path, monkeypatch, days, trusted, found
):
    authority, *server = authority_and_server(tmp_path, days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", authority)
    with listening(*server) as (port, _heard):
        app.config.update(BASE_URL=f"https://localhost:{port}")
        snapshot.use(app.config)
        told = connections.certificate().get("found")
    assert told is found or found in told
    assert connections.certificate() == {}  # nobody listens there: it may be reached from elsewhere
    assert doctor.QUICKER[connections.certificate]() == {}  # a page waits for nobody


@pytest.mark.asvs("13.2.1", "13.2.2")
@pytest.mark.parametrize("further, named", [((), False), (("rolcreatedb",), True)])
def test_an_account_with_further_rights_is_known_by_any_of_them(monkeypatch, further, named):
    class Server:
        obj = None

        def execute_sql(self, sql):
            rights = re.findall(r"rol(?!name)\w+", sql)
            assert {"rolsuper", "rolcreaterole", *further} < set(rights)
            self.row = ("danju", *(right in further for right in rights))
            return self

        def fetchone(self):
            return self.row

    monkeypatch.setattr(connections, "db", Server())
    assert bool(connections.account()) == named


@pytest.mark.asvs("13.2.1", "13.2.2")
@pytest.mark.on_postgres
def test_the_doctor_names_an_account_that_may_do_more_than_its_database_needs(firm):
    def found():
        return [f for _n, code, _good, f in doctor.examine(False) if code == "account"][0]

    account = db.execute_sql("SELECT current_user").fetchone()[0]
    assert found() == {"found": account}  # the tests make databases
    with db.atomic() as rolled_back:
        db.execute_sql("CREATE ROLE portal LOGIN")
        db.execute_sql("SET LOCAL ROLE portal")
        assert connections.account() == {}
        rolled_back.rollback()
