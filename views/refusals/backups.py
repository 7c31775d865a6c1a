"""Why a backup, its place, a restore or a move is refused."""

from views.web.language import N_

SENTENCES = {
    "place_path": N_("Give the whole path of the folder, beginning with /."),
    "place_url": N_("An address begins with http:// or https://."),
    "place_rests": N_(
        "The places rest until an administrator says that the old machine no longer runs."
    ),
    "place_taken": N_(
        "The place “%(name)s” keeps its backups right there. Two places in one "
        "folder would delete each other's."
    ),
    "place_incomplete": N_("Something is missing that this kind of place needs."),
    "place_off": N_("This place is switched off."),
    "backup_newer": N_("This backup was made by a newer version. Update Danju first."),
    "data_too_old": N_(
        "This data was written by a version before 0.9.0. Open it once with 0.9.0, then come back."
    ),
    "data_newer": N_(
        "This data was written by a later version of Danju. Start that version again, or restore a "
        "backup made before the update into an empty data folder; deploy/README.md tells how."
    ),
    "database_lost": N_(
        "The database %(path)s is missing or empty, but a firm has worked here. Is its disk "
        "mounted and DATABASE_URL right? Else bring it back with flask restore PLACE. A new firm "
        "needs an empty data folder."
    ),
    "portal_serves": N_("Danju is serving this data folder. Stop it first."),
    "rows_exchanged": N_(
        "A restore or repair is exchanging the data of this folder. Start Danju when it is done."
    ),
    "backup_other_schema": N_("This backup belongs to another version of the database."),
    "backup_gone": N_("There is no such backup in this place."),
    "no_backup_there": N_("No backup lies in this place."),
    "recovery_key_unreadable": N_("This is not a recovery key. It begins with AGE-SECRET-KEY-1."),
    "recovery_key_wrong": N_("This key does not open the backup, or the backup is damaged."),
    "move_occupied": N_("Another firm already works in that database."),
    "move_from_sqlite": N_("Only a firm on SQLite is moved."),
    "restore_running": N_("A restore is already running."),
}
