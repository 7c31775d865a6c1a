"""GET /healthz for monitors."""

import shutil

from flask import Blueprint, current_app, jsonify
from peewee import PeeweeException

from config import VERSION
from models.core import disk
from models.core.clock import now
from models.core.database import db
from models.core.lease import Lease
from views.web.auth import before_setup

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@before_setup
def show():
    """The version, the database and its schema, the disk and the scheduler."""
    free = shutil.disk_usage(current_app.config["DATA_DIR"]).free
    try:
        db.connect(reuse_if_open=True)
        schema = db.execute_sql("SELECT MAX(name) FROM schema_migration").fetchone()[0]
        running, jobs = (
            Lease.running("scheduler", now()),
            {row.name: "failed" for row in Lease.troubles()},
        )
    except PeeweeException:
        current_app.logger.exception("the database does not answer")
        return jsonify(status="database down", database="down", disk_free_mb=free // 2**20), 503
    ok, stuck = free > 100 * 2**20, disk.current_failure()
    return jsonify(
        status=f"nothing can be written: disk {stuck.replace('_', '-')}"
        if stuck
        else "ok"
        if ok
        else "disk nearly full",
        version=VERSION,
        database="ok",
        disk_free_mb=free // 2**20,
        schema=schema,
        scheduler="running" if running else "not running",
        jobs=jobs,
    ), 200 if ok and not stuck else 503
