"""The `flask` commands about the keys of this host."""

import click

from jobs.commands import alone, cli_errors
from models.core.database import db
from models.operations.backup import host_keys, keys, snapshot


def register(app, migrate, sentence):
    """`migrate` opens the firm after a degraded start, `sentence` tells of a refusal."""

    @app.cli.command("backup-key")
    def backup_key():
        """Print the recovery key."""
        key = keys.load(snapshot.folder())
        click.echo(str(key) if key else "There is no key yet: it is made with the first backup.")

    @app.cli.command("accept-keys")
    def accept_keys():
        """Take the keys that lie here for the portal's, after you changed them on purpose; what is
        missing is drawn. Stop Danju first."""
        with cli_errors(sentence), alone(), db.connection_context():
            changed = host_keys.accept(migrate)
            click.echo(f"keys changed: {', '.join(changed) or 'none'}")
