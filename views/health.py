"""GET /healthz for load balancers, /healthz?strict for monitors."""

import shutil

from flask import Blueprint, current_app, jsonify, request
from peewee import PeeweeException

from config import VERSION
from models.adapters.outbox import Mail
from models.archive.inspection import Inspection
from models.core import disk
from models.core.database import db
from models.core.lease import Lease
from models.operations.backup import Place
from views.web.auth import before_setup

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@before_setup
def show():
    """The version, the database and its schema, the disk, the scheduler, its jobs and the mail. It
    is 503 when people cannot work; with ?strict also when somebody must look, since nobody else
    may notice that no reminder goes out."""
    free = shutil.disk_usage(current_app.config["DATA_DIR"]).free
    try:
        db.connect(reuse_if_open=True)
        schema = db.execute_sql("SELECT MAX(name) FROM schema_migration").fetchone()[0]
        running, troubles = Lease.running("scheduler"), _troubles()
    except PeeweeException as error:
        current_app.logger.exception("the database does not answer")
        status, state = (
            ("degraded", "damaged") if disk.note_damage(error) else ("database down", "down")
        )
        return jsonify(status=status, database=state, disk_free_mb=free // 2**20), 503
    ok, stuck = free > 100 * 2**20, disk.current_failure()
    damaged = disk.database_is_damaged()
    degraded = bool(not running or damaged or any(troubles.values()))
    return jsonify(
        status=f"nothing can be written: disk {stuck.replace('_', '-')}"
        if stuck
        else "disk nearly full"
        if not ok
        else "degraded"
        if degraded
        else "ok",
        version=VERSION,
        database="damaged" if damaged else "ok",
        disk_free_mb=free // 2**20,
        schema=schema,
        scheduler="running" if running else "not running",
        jobs=troubles.pop("jobs"),
        **{name: trouble or "ok" for name, trouble in troubles.items()},
    ), 503 if not ok or stuck or degraded and "strict" in request.args else 200


def _troubles():
    """{what: what is wrong with it}, without names and texts of the firm, as anybody may ask."""
    backups = {what for place, what in Place.problems() if place}
    tests = Inspection.last_finished()
    return {
        "jobs": {row.name: "failed" for row in Lease.troubles()},
        "mail": Mail.problem(),
        "backups": "failed" if "trouble" in backups else "late" if backups else "",
        "archive": ("failed" if tests.state == "failed" else "findings")
        if tests and tests.trouble
        else "",
    }
