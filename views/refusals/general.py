"""Why something is refused to people, in the settings, in the training, or anywhere."""

from views.web.language import N_

SENTENCES = {
    "state_changed": N_("This was changed in the meantime. Current status: %(now)s."),
    "already_set_up": N_("Danju is already set up."),
    "password_short": N_("The password needs at least %(least)s characters."),
    "password_long": N_("The password may have at most %(most)s characters."),
    "password_weak": N_(
        "This password is too easy to guess: little is left of it without names, dates, common "
        "words and neighboring keys. Use a few words that have nothing to do with each other."
    ),
    "not_yourself": N_("You can't do this to your own account."),
    "role_needed": N_("Choose at least one role."),
    "last_admin": N_("At least one administrator is required."),
    "email_taken": N_("%(email)s is already in use."),
    "too_many_tries": N_("Too many attempts. Try again in %(minutes)s min."),
    "old_password_wrong": N_("The old password is wrong."),
    "account_change_waits": N_(
        "A bank account change by %(name)s is waiting and must be decided first."
    ),
    "account_change_own": N_("You asked for this, so somebody else decides."),
    "account_change_of_other": N_("Only the person who asked for it can withdraw it."),
    "account_change_newcomer": N_(
        "Only those who had signed in before it was asked for can approve it. You can reject it."
    ),
    "proof_needed": N_("Not saved yet. Confirm at the end of the form that it is you."),
    "proof_wrong": N_("This is neither your password nor a code that is valid now."),
    "second_factor_wrong": N_(
        "This code is wrong, over, or was already used. Type the next one that your app shows."
    ),
    "second_factor_needed": N_("Your role needs a second factor. Set up another one first."),
    "no_second_factor": N_("No second factor is set up."),
    "passkey_wrong": N_("The passkey could not be saved. Please try again."),
    "passkeys_full": N_("At most %(most)s passkeys. Remove one first."),
    "wrong_password": N_("Email or password is incorrect."),
    "outside_networks": N_(
        "Staff can use Danju only from the networks of the company, and you come from another. "
        "Customers are not concerned."
    ),
    "provider_alone": N_(
        "Your company lets its staff sign in by single sign-on only. Use its button."
    ),
    "provider_away": N_(
        "Single sign-on is not answering at the moment. Sign in with your password or an email "
        "link, or try again later."
    ),
    "provider_misset": N_(
        "Single sign-on is not set up correctly. Sign in with your password or an email link, and "
        "tell your administrator."
    ),
    "provider_refused": N_(
        "Single sign-on refused to let you in. Please try again; if it persists, tell your "
        "administrator."
    ),
    "provider_cancelled": N_("The single sign-on was canceled."),
    "provider_untrusted": N_(
        "The answer of single sign-on cannot be trusted, so nobody was signed in. If it persists, "
        "tell your administrator."
    ),
    "provider_not_begun": N_(
        "This single sign-on was not begun in this browser, or it took too long. Please begin "
        "again."
    ),
    "provider_mail_unverified": N_(
        "Single sign-on has not verified your email address. Ask whoever manages your account "
        "there."
    ),
    "provider_unknown": N_(
        "No colleague here has the email address %(mail)s. Ask an administrator to invite you."
    ),
    "provider_disabled": N_("Your account here is deactivated. Ask an administrator."),
    "provider_other_account": N_(
        "%(mail)s signed in here with another single sign-on account before. The administrators "
        "have been told; one of them can unlink the old account."
    ),
    "provider_other_person": N_(
        "This is not the single sign-on account with which you sign in here. Nothing was proved."
    ),
    "provider_not_recent": N_(
        "Single sign-on did not ask you again who you are. Use your password or a code instead, or "
        "sign out there first."
    ),
    "no_provider_account": N_("%(name)s has no single sign-on account here."),
    "link_closed": N_("This link has expired or was closed."),
    "code_invalid": N_("This link has expired or was already used. Request a new one."),
    "customer_merged": N_("This customer was merged into %(name)s: use that one."),
    "merge_itself": N_("A customer cannot be merged into itself."),
    "merged_meanwhile": N_("One of the two was merged in the meantime. Check both again."),
    "not_merged": N_("This customer is not merged."),
    "merge_tied": N_(
        "%(name)s allocates money of one customer to an invoice of the other. Reverse it first."
    ),
    "statement_of_both": N_(
        "%(number)s still includes a customer that has been separated since. Create a new one."
    ),
    "limit_rises": N_(
        "This would raise or remove the credit limit. Only a manager or finance can do this."
    ),
    "code_taken": N_("The code %(value)s is already in use."),
    "mail_address": N_("“%(value)s” is not an email address."),
    "no_email": N_("%(name)s has no email address."),
    "has_joined": N_("%(name)s has already signed in, or was deactivated."),
    "contact_disabled": N_("This contact is inactive."),
    "customer_off": N_("%(name)s is inactive. Its contacts can't sign in."),
    "pattern_needs_n": N_("The format must contain {n} exactly once."),
    "pattern_needs_year": N_("A pattern with the month also needs the year."),
    "pattern_signs": N_("A pattern can contain only letters, digits, - / . and _."),
    "pattern_taken": N_("Another kind of document already uses this pattern."),
    "pattern_used": N_("Another kind of document already has the number %(number)s."),
    "start_used": N_("The next number must be from %(least)s to %(most)s: lower ones are used."),
    "reason_needed": N_("Enter a reason."),
    "name_needed": N_("Enter your name."),
    "text_needed": N_("Enter a message."),
    "not_yours": N_("Document not found, or you don't have access."),
    "rate_and_kind": N_(
        "A taxed rate needs a percentage above zero; zero rate, exempt and out of scope have none."
    ),
    "days_backward": N_("The end date is before the start date."),
    "amount_positive": N_("The amount must be more than zero."),
    "day_in_future": N_("This date is in the future."),
    "being_printed": N_("This document is still being printed. Please try again in a moment."),
    "text_too_long": N_("This is too long: at most %(most)s characters."),
    "text_unprintable": N_("Contains characters that can't be printed."),
    "day_unreadable": N_("Enter the date as 2026-11-24."),
    "not_to_decide": N_(
        "Only another user who can see all these customers can decide, as long as it is pending."
    ),
    "month_unreadable": N_("Enter the month as 2026-11."),
    "pattern_long": N_("The pattern is too long."),
    "iban_wrong": N_("This is not a valid IBAN."),
    "account_needed": N_("The account in %(currency)s needs its number."),
    "bic_wrong": N_("This is not a valid BIC."),
    "link_pattern": N_(
        "A payment link starts with https:// and can contain only {number}, {amount}, {currency}"
        " and {customer}."
    ),
    "placeholder_unknown": N_("“%(word)s” is not filled in. You can use %(known)s."),
    "no_placeholders": N_("“%(word)s” is not filled in: this text has no placeholders."),
    "filters_full": N_("You already keep %(most)s filters of this list."),
    "nothing_chosen": N_("Select at least one."),
    "choice_unknown": N_("Choose from the list."),
    "no_such_person": N_("There is no such active user."),
    "day_in_past": N_("This date is in the past."),
    "attachment_too_large": N_("Max. %(most)s MB per file."),
    "no_room": N_(
        "The disk of the server is nearly full and takes no more files. Please tell your "
        "administrator."
    ),
    "font_kind": N_(
        "This font has no TrueType outlines (.ttf, some .otf). Collections (.ttc), web fonts and"
        " PostScript outlines can't be printed."
    ),
    "font_damaged": N_("This font is damaged or doesn't allow embedding."),
    "font_adds_nothing": N_("This font has no characters that the built-in fonts lack."),
    "attachment_kind": N_("Only PDF, pictures, Excel, Word and ZIP files can be attached."),
    "own_finding": N_("You can't close or accept your own finding."),
    "still_found": N_("The check still finds this. Fix it first, or accept it as an exception."),
    "batch_past": N_("The date of these greetings has passed."),
    "batch_empty": N_("No recipients left."),
    "already_answered": N_("You have already answered. Thank you."),
    "survey_over": N_("This question is no longer open."),
    "answer_first": N_("Answer it before closing."),
    "handbook_changed": N_("This section has been updated. Read it again, then acknowledge it."),
    "course_unreadable": N_(
        "A course needs lessons (## …) and a quiz whose questions (?) have one right "
        "(+) and some wrong (-) answers. Look at: %(where)s"
    ),
    "admin_never_rests": N_(
        "Administrators' permissions are never paused: nobody could restore them."
    ),
    "assigned_already": N_("This user is already taking the course."),
    "answer_all": N_("Answer every question."),
    "still_required": N_("One of this user's roles requires the course."),
    "still_taken": N_("Someone still has to take this course. Cancel their assignment first."),
    "accepted_too_long": N_("A finding can be accepted for up to one year."),
    "driver_missing": N_(
        "%(name)s is not installed. Install requirements-stores.txt on this machine, then "
        "restart Danju."
    ),
}
