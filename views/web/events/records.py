"""Sentences about the archive, handbook, imports, users and system. See views/web/events."""

from views.web.language import N_

SENTENCES = {
    "Filing": {
        "filed": [N_("%(who)s archived it as %(code)s"), N_("%(who)s archived it")],
        "tagged": [N_("%(who)s set tags")],
        "assigned": [N_("%(who)s assigned it to %(customer)s"), N_("%(who)s changed its customer")],
        "described": [N_("%(who)s entered the number %(number)s"), N_("%(who)s described it")],
        "corrected": [
            N_("%(who)s corrected the record: %(reason)s"),
            N_("%(who)s corrected the record"),
        ],
        "moved": [
            N_("%(who)s moved it to %(to)s: %(reason)s"),
            N_("%(who)s moved it to another folder"),
        ],
        "withdrawn": [
            N_("%(who)s removed it by undoing the import %(reason)s"),
            N_("%(who)s removed it by undoing its import"),
        ],
        "renewed": [N_("%(who)s added version %(version)s"), N_("%(who)s added a version")],
        "destroyed": [
            N_("%(who)s destroyed it by the retention rules: %(reason)s"),
            N_("%(who)s destroyed it by the retention rules"),
        ],
    },
    "ExternalFile": {
        "taken_in": [N_("%(who)s uploaded %(filename)s"), N_("%(who)s uploaded the file")],
        "assigned": [
            N_("%(who)s assigned the file to %(invoice)s"),
            N_("%(who)s assigned the file"),
        ],
        "version_added": [N_("%(who)s added version %(version)s"), N_("%(who)s added a version")],
        "parted": [N_("%(who)s separated the file: %(reason)s"), N_("%(who)s separated the file")],
        "destroyed": [
            N_("%(who)s destroyed it by the retention rules: %(reason)s"),
            N_("%(who)s destroyed it by the retention rules"),
        ],
    },
    "EInvoice": {
        "dropped": [
            N_("%(who)s removed the tax invoice %(number)s"),
            N_("%(who)s removed the tax invoice"),
        ],
        "assigned": [
            N_("%(who)s matched the tax invoice to %(invoice)s"),
            N_("%(who)s matched the tax invoice"),
        ],
        "released": [
            N_("%(who)s undid the match with %(invoice)s: %(reason)s"),
            N_("%(who)s undid the match"),
        ],
    },
    "DestructionList": {
        "proposed": [N_("%(who)s proposed the destruction list")],
        "approved": [N_("%(who)s approved the destruction list")],
        "rejected": [
            N_("%(who)s rejected the destruction list: %(reason)s"),
            N_("%(who)s rejected the destruction list"),
        ],
        "returned": [
            N_("%(who)s returned the destruction list: %(reason)s"),
            N_("%(who)s returned the destruction list"),
        ],
        "recalled": [N_("%(who)s recalled the destruction list")],
        "withdrawn": [N_("%(who)s cancelled the destruction list")],
        "witnesses_named": [
            N_("%(who)s named the witnesses %(to)s"),
            N_("%(who)s named the witnesses"),
        ],
        "witness_replaced": [
            N_("%(who)s named the witness %(to)s instead of %(behalf)s"),
            N_("%(who)s named another witness"),
        ],
        "witness_checked": [N_("%(who)s checked the list against the archive")],
        "witness_signed": [N_("%(who)s signed as a witness")],
        "destroyed": [N_("%(who)s destroyed the listed documents")],
        "certified": [
            N_("Certificate of destruction archived as %(code)s"),
            N_("Certificate of destruction created"),
        ],
    },
    "LegalHold": {
        "placed": [
            N_("%(who)s placed the legal hold %(name)s: %(reason)s"),
            N_("%(who)s placed the legal hold"),
        ],
        "lifted": [
            N_("%(who)s lifted the legal hold: %(reason)s"),
            N_("%(who)s lifted the legal hold"),
        ],
    },
    "Inspection": {
        "asked": [N_("%(who)s started the archive tests")],
        "done": [
            N_("Archive tests finished; items checked: %(checked)s"),
            N_("Archive tests finished"),
        ],
        "failed": [N_("The archive tests failed")],
    },
    "YearPackage": {
        "asked": [
            N_("%(who)s requested the annual archive of %(year)s"),
            N_("%(who)s requested the annual archive"),
        ],
        "done": [N_("Annual archive created")],
        "failed": [N_("The annual archive could not be created")],
        "erased": [N_("Annual archive removed because some of its content was destroyed")],
    },
    "FilingRule": {
        "defined": [N_("%(who)s set the archiving rule")],
    },
    "RetentionRule": {
        "defined": [
            N_("%(who)s set the retention period to %(years)s years"),
            N_("%(who)s set the retention period"),
        ],
    },
    "HouseText": {
        "written": [N_("%(who)s wrote the text: %(reason)s"), N_("%(who)s wrote the text")],
    },
    "OwnSection": {
        "begun": [N_("%(who)s added the section")],
        "withdrawn": [N_("%(who)s retired the section")],
    },
    "Acknowledgement": {
        "acknowledged": [N_("%(who)s confirmed having read it")],
    },
    "Requirement": {
        "required": [N_("%(who)s made the course mandatory")],
        "lifted": [N_("%(who)s made the course optional")],
    },
    "Training": {
        "assigned": [
            N_("%(who)s assigned the course to %(to)s, due on %(due_on)s"),
            N_("%(who)s assigned the course"),
        ],
        "passed": [
            N_("%(who)s passed the test, certificate %(number)s"),
            N_("%(who)s passed the test"),
        ],
        "failed": [N_("%(who)s did not pass the test")],
        "dropped": [N_("%(who)s cancelled the course")],
        "expired": [
            N_("The certificate is valid only until %(due_on)s"),
            N_("The certificate expires early"),
        ],
    },
    "Finding": {
        "found": [N_("Found by the daily check; owner %(to)s"), N_("Found by the daily check")],
        "corrected": [N_("%(who)s fixed it: %(note)s"), N_("%(who)s fixed it")],
        "closed": [N_("%(who)s closed it: %(note)s"), N_("%(who)s closed it")],
        "reopened": [N_("%(who)s reopened it: %(reason)s"), N_("%(who)s reopened it")],
        "accepted": [
            N_("%(who)s accepted it as an exception until %(until)s: %(reason)s"),
            N_("%(who)s accepted it as an exception"),
        ],
        "handed_over": [N_("%(who)s reassigned it to %(to)s"), N_("%(who)s reassigned it")],
        "gone": [N_("No longer found")],
        "expired": [N_("The exception has expired")],
        "escalated": [N_("Escalated to %(to)s (overdue)"), N_("Escalated (overdue)")],
    },
    "Import": {
        "uploaded": [N_("%(who)s uploaded %(filename)s"), N_("%(who)s uploaded the file")],
        "read": [N_("The file is read")],
        "read_again": [N_("%(who)s chose how to read the file")],
        "checking": [N_("%(who)s started the check")],
        "checked": [N_("The file is checked")],
        "corrected": [
            N_("%(who)s corrected rows before the import: %(rows)s"),
            N_("%(who)s corrected rows before the import"),
        ],
        "started": [N_("%(who)s started the import")],
        "done": [N_("Import finished")],
        "failed": [N_("The import failed")],
        "kept": [N_("%(who)s kept the import")],
        "undoing": [N_("%(who)s started to undo the import")],
        "undone": [N_("Import undone")],
    },
    "Company": {
        "founded": [N_("The company was set up")],
        "accounts_changed": [N_("The bank account that documents print has changed")],
        "recovery_key_shown": [N_("%(who)s had the recovery key of the backups shown")],
        "recovery_key_printed": [N_("%(who)s printed the recovery key of the backups")],
        "keys_changed": [N_("The keys of the server were changed")],
        "revised": [N_("%(who)s changed the settings")],
        "restored": [N_("Restored from a backup")],
        "copied": [N_("This data folder is a copy: emails and backups are paused")],
        "alone": [N_("%(who)s let this copy run on its own")],
        "caught_up": [N_("%(who)s let the waiting jobs run after the restore")],
    },
    "Team": {
        "entered": [N_("%(who)s added the team")],
    },
    "User": {
        "entered": [N_("%(who)s added the user")],
        "invited": [N_("%(who)s invited the user by email")],
        "second_factor_added": [N_("%(who)s set up a second factor")],
        "second_factor_removed": [N_("%(who)s removed a second factor")],
        "second_factor_reset": [N_("%(who)s reset the second factor")],
        "recovery_codes_made": [N_("%(who)s created new recovery codes")],
        "recovery_code_used": [
            N_("%(who)s used a recovery code; %(left)s are left"),
            N_("%(who)s used a recovery code"),
        ],
        "provider_bound": [N_("%(who)s signed in by single sign-on for the first time")],
        "provider_released": [N_("%(who)s unlinked the single sign-on account")],
        "revised": [N_("%(who)s changed the user")],
        "rights_settled": [N_("Permissions were adjusted to the courses")],
        "everybody_signed_out": [N_("%(who)s signed everybody out")],
    },
    "AccountChange": {
        "asked": [
            N_("%(who)s changed the bank account; it prints from %(until)s"),
            N_("%(who)s changed the bank account; a second person decides"),
        ],
        "announced": [
            N_("Nobody can decide about the changed bank account; it prints from %(until)s"),
            N_("Nobody can decide about the changed bank account; it prints after a day"),
        ],
        "replaced": [N_("%(who)s changed it again")],
        "approved": [N_("%(who)s approved the changed bank account; it prints from now on")],
        "rejected": [
            N_("%(who)s rejected the changed bank account: %(reason)s"),
            N_("%(who)s rejected the changed bank account"),
        ],
        "withdrawn": [N_("%(who)s withdrew the changed bank account")],
        "printed": [N_("The changed bank account prints from now on")],
    },
    "Announcement": {
        "announced": [N_("%(who)s published the announcement")],
        "withdrawn": [N_("%(who)s cancelled the announcement")],
    },
    "Place": {
        "added": [N_("%(who)s added the backup location")],
        "revised": [N_("%(who)s changed the backup location")],
        "asked": [N_("%(who)s requested a backup")],
        "begun": [N_("Backups to this location have begun")],
        "switched_on": [N_("%(who)s switched the backup location on")],
        "switched_off": [N_("%(who)s switched the backup location off")],
    },
    "*": {
        "link_closed": [
            N_("A reader closed the link sent to %(to)s: not meant for them"),
            N_("A reader closed the emailed link: not meant for them"),
        ],
        "signed_in": [N_("%(who)s signed in")],
        "signed_out": [N_("%(who)s signed out")],
        "sessions_ended": [N_("%(who)s signed them out on every device")],
        "password_set": [N_("%(who)s set a password")],
        "disabled": [N_("%(who)s disabled the account")],
        "enabled": [N_("%(who)s enabled the account")],
        "paper_made": [N_("PDF created")],
        "revised": [N_("%(who)s changed the data")],
        "taken_back": [N_("%(who)s undid the import")],
        "migrated": [N_("Adapted to a new version of the system")],
    },
}
