"""Danju: create_app() = build_app() + bind(), extensions, error pages, the `flask` commands."""

import secrets
from urllib.parse import urlsplit

import click
from flask import Flask, abort, current_app, g, render_template, request
from flask.globals import request_ctx
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect
from htmx_flask import Htmx
from peewee import DatabaseError
from werkzeug.exceptions import HTTPException

import models.load  # noqa: F401
from config import BadSetting, settings, setup_code
from jobs import commands, demo, key_commands, proofs, serve
from models.adapters import blobs, large_files, outbox, provider, scanner
from models.adapters.printing.pool import PdfFailed
from models.archive import inspection
from models.company import Company
from models.core import disk, journal, peers
from models.core.database import FORMS, Gone, connect, db, wait_at_most
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.documents.letterhead import letterhead
from models.documents.link import fresh_links
from models.imports import staging
from models.operations import doctor, moving, upkeep
from models.operations.backup import host_keys, lost, post_restore, restore, snapshot, upgrade
from models.people import Session, access_entry, log, named, staff_networks
from views import ROUTES, lists, refusals, styles
from views.portal import links
from views.staff import rule_names, status
from views.staff.greetings import occasion_name
from views.web import (
    access,
    addresses,
    compression,
    days,
    errors,
    headers,
    language,
    layout,
    plain_http,
    proof,
    uploads,
    visitors,
)
from views.web.auth import not_allowed
from views.web.days import DatedBabel
from views.web.filters import FILTERS
from views.web.firm import firm
from views.web.icons import icon, kind_icon
from views.web.scope import person, sees_customer
from views.web.templates import Environment, csrf_token, piece, pieces_of

# health.show reports that the database cannot be opened; the error page needs the others.
WITHOUT_DATABASE = ("health.show", "static", "styles.show", "styles.icon")


def create_app(**overrides):
    """The complete app, ready to serve; `overrides` take precedence over the environment."""
    app = build_app()
    bind(app, settings(**overrides))
    return app


def build_app():
    """The app without settings and database: routes, filters, error pages, commands. Compiling the
    routes takes nine tenths of the start, so the tests build once and bind for each test."""
    app = Flask(__name__)
    app.jinja_environment = Environment
    app.url_for = addresses.built_once(app.url_for)
    app.config.update(
        MAX_CONTENT_LENGTH=uploads.TOGETHER_MB * 2**20,
        MAX_FORM_MEMORY_SIZE=4 * 2**20,
        MAX_FORM_PARTS=20000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    journal.origin_from(lambda: request.remote_addr if request else None)
    DatedBabel(app, locale_selector=language.language)
    # Mail programs post to it without a CSRF token; its address contains a secret instead.
    CSRFProtect(app).exempt("views.portal.opt_outs.create")
    Htmx(app)
    app.wsgi_app = visitors.with_plain_address(app.wsgi_app)
    login = LoginManager(app)
    login.request_loader(lambda req: resume(req, app))
    app.jinja_env.filters.update(FILTERS)
    # N_ marks the sentences of a table for translation; only the chosen one is translated, since
    # translating all sixty for one badge would take longer than the rest of the page.
    app.jinja_env.globals.update(
        N_=str,
        style_address=styles.address,
        date_letters=days.letters,
        rule_name=rule_names.rule_name,
        occasion_name=occasion_name,
        sees_customer=sees_customer,
        uploads=uploads,
        unattended=visitors.unattended,
        proof_field=proof.proof_field,
        passkey_script=proof.passkey_script,
        icon=icon,
        kind_icon=kind_icon,
        filter_query=lists.filter_query,
        piece=piece,
        pieces_of=pieces_of,
        csrf_token=csrf_token,
        new_key=lambda: secrets.token_urlsafe(18),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(layout.layout_context)
    for blueprint in ROUTES:
        app.register_blueprint(blueprint)
    _hooks(app)
    _errors(app)
    _commands(app)
    demo.register(app)
    proofs.register(app)
    commands.register(app, migrate, status.report, refusals.sentence)
    key_commands.register(app, migrate, lambda error: _in_terminal(app, error))
    return app


def bind(app, config):
    """Connect the app to its settings, database, data folder and mail server; may be called again
    with others. A refusal ends a command with one line instead of a traceback."""
    try:
        _bind(app, config)
    except Refused as error:
        raise BadSetting(f"{_in_terminal(app, error)} ({error.code})") from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # such as one that is locked
            raise
        raise BadSetting(
            f"{config['DATABASE_URL'].removeprefix('sqlite:///')} is no database, or damaged: "
            f"{error}. flask doctor says more; flask repair or flask restore mends it."
        ) from error


def _in_terminal(app, error):
    """The sentence of a refusal, in the terminal's language."""
    with commands.terminal_locale(app):
        return refusals.sentence(error)


def _bind(app, config):
    https = _https(config)
    app.config.update(
        config,
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_NAME="__Host-form" if https else "danju_form",
        SIGN_IN_COOKIE="__Host-sid" if https else "danju_sid",
    )
    connect(config["DATABASE_URL"])
    disk.note_success()  # whatever another disk did
    blobs.use(config["DATA_DIR"], config["FILES_URL"])
    journal.share(blobs.shared_store())
    staging.use(config["DATA_DIR"])
    large_files.use(config["DATA_DIR"])
    inspection.use(config["DATA_DIR"], lambda: app.config["SECRET_KEY"])
    snapshot.use(app.config)
    provider.use(config)
    scanner.use(config)
    staff_networks.use(config["STAFF_NETWORKS"])
    Document.base_url = config["BASE_URL"]
    outbox.use(
        config["SMTP_URL"],
        config["MAIL_FROM"],
        write_mail,
        urlsplit(config["BASE_URL"]).hostname or "danju.local",
        post_restore.paused_after_restore,
        letterhead=letterhead,
        attachment=Document.stamped_attachment,
        fresh=fresh_links,
    )
    access_entry.collect()
    if not commands.must_start_degraded():
        try:
            lost.refuse_without_database()
            migrate()
        except Gone as error:
            raise SystemExit(
                f"Danju was not started: the database does not answer. {error}"
            ) from error


def _https(config):
    return config["BASE_URL"].startswith("https://")


def migrate():
    """Migrate the schema after moving a copy of the old data aside, and finish a restore if one
    began."""
    upgrade.upgrade()
    restore.finish()
    host_keys.settle()
    upkeep.fill_new()
    Company.use_zone()


def serving(config):
    """The arguments for waitress. Only a configured proxy is trusted to name the client's address:
    without it all clients would share the proxy's address, and one stranger's wrong passwords would
    lock everybody out."""
    proxy = {
        "trusted_proxy": config["TRUSTED_PROXY"],
        "trusted_proxy_headers": {"x-forwarded-for"},
        "trusted_proxy_count": 1,
    }
    return {
        "host": config["HOST"],
        "port": config["PORT"],
        "threads": 8,
        # Let oversized bodies reach our own 413 page.
        "max_request_body_size": (uploads.TOGETHER_MB + 28) * 2**20,
        "channel_timeout": 60,
        "connection_limit": 200,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
        **(proxy if config["TRUSTED_PROXY"] else {}),
    }


def resume(req, app):
    """The person who sent this request; None while the database cannot be reached."""
    if g.get("gone"):
        return None
    if req.blueprint in ("links", "statement_links"):
        return links.visitor()
    secret = req.cookies.get(app.config["SIGN_IN_COOKIE"], "")
    found = Session.resume(secret, visitors.acts(req)) if secret else None
    if found and found.is_staff and not staff_networks.inside(req.remote_addr):
        g.outside = found  # views/web/auth.py says so; no page knows them
        return None
    return found


def write_mail(mail, **fresh):
    """(subject, text, html) of a queued mail in its language."""
    with current_app.app_context(), force_locale(mail.language):
        facts = {**mail.context, **fresh, "base_url": current_app.config["BASE_URL"]}
        text = render_template(f"mail/{mail.template}.txt", **facts)
        return (
            render_template(f"mail/{mail.template}.subject.txt", **facts).strip(),
            text,
            render_template(
                [f"mail/{mail.template}.html", "mail/letter.html"],
                **{**facts, "parts": [p.strip() for p in text.split("\n\n") if p.strip()]},
            ),
        )


def _hooks(app):
    @app.before_request
    def open_database():
        peers.reading(request.method == "GET")
        if request_ctx.url_adapter is None:
            return errors.no_host_response()
        if any("\0" in value for pair in request.args.items(multi=True) for value in pair):
            abort(400)  # PostgreSQL takes no NUL in a text, and no page of ours sends one
        if moving.moved():
            return errors.moved_response()
        if disk.current_failure():
            db.close()  # it may have been opened while the disk was full
        if request.endpoint not in WITHOUT_DATABASE:
            db.connect(reuse_if_open=True)
            wait_at_most(FORMS["wait"])
            Company.use_zone(firm())
        if None in request.form:
            abort(400)  # a part without a name, which no page of ours sends
        return plain_http.refusal()

    @app.teardown_request
    def end_reading(_error):
        peers.reading(False)

    @app.after_request
    def protect(response):
        if request.method == "POST" and response.status_code == 303:
            disk.note_success()
        access.note(response)
        headers.protect(response, _https(app.config))
        return compression.compress(response)


def _errors(app):
    @app.errorhandler(Refused)
    def refused(error):
        return errors.error_response(
            refusals.status(error), refusals.sentence(error), errors.resubmittable_fields()
        )

    app.register_error_handler(proof.Unproved, proof.page)

    @app.errorhandler(Forbidden)
    def forbidden(error):
        log.warning(
            "forbidden: %s to %s on %s from %s",
            error,
            named(person()),
            request.path,
            request.remote_addr,
        )
        return errors.error_response(403, not_allowed())

    @app.errorhandler(PdfFailed)
    def pdf_failed(error):
        app.logger.error("no PDF on %s: %s", request.path, error)
        return errors.error_response(
            503, _("The PDF could not be created. Nothing was changed. Please try again.")
        )

    @app.errorhandler(blobs.Damaged)
    def damaged(error):
        app.logger.error("a kept file is missing or was changed, on %s: %s", request.path, error)
        return errors.error_response(
            500,
            _(
                "The stored file is missing or damaged. Ask your administrator to "
                "restore it from a backup."
            ),
        )

    @app.errorhandler(CSRFError)
    def csrf_failed(error):
        log.warning("form without its token: %s from %s", request.endpoint, request.remote_addr)
        return errors.error_response(
            400, _("This form has expired. Go back, reload the page and submit again.")
        )

    @app.errorhandler(HTTPException)
    def http_error(error):
        texts = {
            404: _("Page not found, or you don't have access."),
            405: _("This action isn't available here."),
            413: uploads.too_large_text(),
        }
        return errors.error_response(
            error.code, texts.get(error.code, _("That did not work. Please try again."))
        )

    @app.errorhandler(Exception)
    def unexpected(error):
        if code := disk.note_failure(error):
            g.gone = code == "gone"
            app.logger.error("nothing can be written (%s) on %s: %s", code, request.path, error)
            return errors.error_response(
                503,
                errors.nothing_saved_because(code),
                errors.resubmittable_fields(as_it_was=code == "busy"),
                errors.what_to_do_meanwhile(code),
            )
        if disk.note_damage(error):
            g.gone = True  # what every page reads may be what is damaged
            app.logger.exception("the database is damaged, on %s", request.path)
            return errors.error_response(503, errors.database_damaged())
        token = secrets.token_hex(4)
        app.logger.exception("unexpected error %s on %s", token, request.path)
        return errors.error_response(
            500,
            _(
                "Something went wrong and nothing was saved. Error ID for your administrator: "
                "%(id)s",
                id=token,
            ),
        )


def _commands(app):
    @app.cli.command("serve")
    def do_serve():
        """Serve the portal and run the clock."""
        doctor.start_log(app.config["DATA_DIR"])

        def announce():
            click.echo(f"Danju → {app.config['BASE_URL']}")
            if not Company.current():
                code = setup_code(app.config["DATA_DIR"], app.config["SECRET_KEY"])
                click.echo(f"/setup → {app.config['BASE_URL']}/setup#{code}")

        with commands.cli_errors(lambda error: _in_terminal(app, error)):
            serve.run(app, serving(app.config), announce, headers.guards(_https(app.config)))
