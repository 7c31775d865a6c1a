"""`flask demo`: a firm to try things out; again from the start with --fresh."""

import os
import shutil
import sys

import click
from flask import current_app

from jobs.commands import alone
from models.company import Company
from models.core.database import db
from models.operations.demo import demo


def register(app):
    @app.cli.command("demo")
    @click.option("--fresh", is_flag=True, help="Delete the demo that is there and begin anew.")
    def fill(fresh):
        """Fill an empty firm with a year of trade."""
        if fresh and Company.current():
            _delete(current_app.config)
            os.execv(sys.executable, [sys.executable, "-m", "flask", "demo"])
        if not demo.make(lambda part: click.echo(f"\rDanju · demo {part:4.0%}", nl=part == 1)):
            click.echo("The demo is there already. To begin anew: make demo FRESH=yes")


def _delete(config):
    """Empty the data folder. Refused where the firm is not a demo."""
    if not Company.current().demo:
        raise click.ClickException("This firm is not a demo. Nothing was deleted.")
    if not config["DATABASE_URL"].startswith("sqlite:"):
        raise click.ClickException("Make an empty database for it. Nothing was deleted.")
    with alone():
        db.close()
        for path in config["DATA_DIR"].iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
