"""Why a backup, its place, a restore or a move is refused."""

from views.web.language import N_

SENTENCES = {
    "place_path": N_("Enter the full path of the folder, starting with /."),
    "place_plain": N_(
        "The password would travel to %(host)s without encryption. Enter an address with https://."
    ),
    "place_url": N_("An address begins with http:// or https://."),
    "place_rests": N_(
        "Backup locations are paused until an administrator confirms that the old machine is off."
    ),
    "place_taken": N_(
        "The location “%(name)s” already keeps its backups there. Two locations in one folder "
        "would delete each other's backups."
    ),
    "place_incomplete": N_("Something this kind of location needs is missing."),
    "place_off": N_("This location is inactive."),
    "backup_newer": N_("This backup was made by a newer version. Update Danju first."),
    "data_too_old": N_(
        "This data was written by a version before 0.9.0. Open it once with 0.9.0, then come back."
    ),
    "data_newer": N_(
        "This data was written by a later version of Danju. Start that version again, or restore a "
        "backup made before the update into an empty data folder; deploy/README.md tells how."
    ),
    "database_lost": N_(
        "The database %(path)s is missing or empty, but a company was set up here. Is its disk "
        "mounted and DATABASE_URL correct? If not, restore it with flask restore LOCATION. A new"
        " company needs an empty data folder."
    ),
    "secret_key_missing": N_(
        "This machine does not have the secret key of this portal: set SECRET_KEY or "
        "SECRET_KEY_FILE, or copy the file secret_key from the data folder of the first machine."
    ),
    "secret_key_wrong": N_(
        "SECRET_KEY, or the file secret_key of the data folder, is not the secret key of this "
        "portal: bring it from the first machine, or run flask accept-keys if you changed it on "
        "purpose."
    ),
    "backup_key_missing": N_(
        "This machine does not have the recovery key of this portal: set BACKUP_KEY or "
        "BACKUP_KEY_FILE to the key on the recovery sheet, or copy the file backup_key from the "
        "data folder of the first machine."
    ),
    "backup_key_wrong": N_(
        "BACKUP_KEY, or the file backup_key of the data folder, is not the recovery key of this "
        "portal: bring it from the recovery sheet, or run flask accept-keys if you changed it on "
        "purpose."
    ),
    "portal_serves": N_("Danju is running on this data folder. Stop it first."),
    "rows_exchanged": N_(
        "This folder's data is being restored or repaired. Start Danju when it is done."
    ),
    "backup_other_schema": N_("This backup belongs to another version of the database."),
    "backup_gone": N_("This location has no such backup."),
    "no_backup_there": N_("No backups in this location."),
    "recovery_key_unreadable": N_("This is not a recovery key. It begins with AGE-SECRET-KEY-1."),
    "recovery_key_wrong": N_("This key does not open the backup, or the backup is damaged."),
    "move_occupied": N_("Another company already uses this database."),
    "move_from_sqlite": N_("Only a company on SQLite can be moved."),
    "restore_running": N_("A restore is already running."),
}
