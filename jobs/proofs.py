"""The `flask` commands that look at all that is kept, and name what is wrong."""

import click

from models.archive import year_package
from models.operations import checks, upkeep


def register(app):
    @app.cli.command("verify")
    @click.option("--all", "whole", is_flag=True, help="Also what was proven within a week.")
    def verify(whole):
        """Check the journal, every kept PDF, the numbers and the sums that are kept for lists;
        exit 1 and name what is wrong. What was proven within a week is left out."""
        folder, key = app.config["DATA_DIR"], app.config["SECRET_KEY"]
        since = None if whole else checks.last_proof(folder, key)
        if since:
            click.echo(
                f"since event {since['id']}, of {since['at'][:16]} UTC; everything: "
                "flask verify --all"
            )
        end(checks.verified(folder, key, whole), "faults")

    @app.cli.command("rebuild")
    @click.option(
        "--check", is_flag=True, help="Only say what differs; exit 1 when something does."
    )
    def rebuild(check):
        """Write the search index, the sales summaries and the due items anew from the documents."""
        if not check:
            for name, count in upkeep.rebuild():
                click.echo(f"{name}: {count}")
        end(upkeep.differences(), "differences")

    @app.cli.command("verify-package")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False))
    def verify_package(file):
        """Check a year package against its list of hashes; exit 1 and name what is wrong."""
        end(year_package.verify(file), "faults")


def end(found, what):
    """Say what was found and how much, and end with 1 if it is anything."""
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} {what}")
    raise SystemExit(bool(found))
