"""Sentences about documents, their approvals and their numbers. See views/web/events."""

from views.web.language import N_

SENTENCES = {
    "Document": {
        "created": [N_("%(who)s created the draft")],
        "revised": [N_("%(who)s changed the draft")],
        "submitted": [N_("%(who)s submitted it for approval")],
        "approved": [N_("Approved by all approvers")],
        "approved below_limit": [N_("Approved automatically: below the limit")],
        "approved equals_source": [
            N_("No approval needed: equals %(number)s"),
            N_("No approval needed: equals its approved source"),
        ],
        "returned": [N_("%(who)s returned it: %(reason)s"), N_("%(who)s returned it")],
        "recalled": [N_("%(who)s recalled it")],
        "issued": [N_("%(who)s issued it as %(number)s"), N_("%(who)s issued it")],
        "sent": [N_("%(who)s emailed it to %(to)s"), N_("%(who)s emailed it")],
        "opened": [
            N_("Opened by the link sent to %(link)s"),
            N_("Opened by the customer"),
        ],
        "confirmed": [
            N_("%(who)s confirmed it in the name of %(name)s"),
            N_("%(who)s confirmed it"),
        ],
        "void_asked": [
            N_("%(who)s asked for approval to void it: %(reason)s"),
            N_("%(who)s asked for approval to void it"),
        ],
        "voided": [
            N_("%(who)s voided %(number)s: %(reason)s"),
            N_("%(who)s voided it: %(reason)s"),
            N_("%(who)s voided it"),
        ],
        "converted": [
            N_("%(who)s created a document from it: %(kind)s"),
            N_("%(who)s created another document from it"),
        ],
        "discarded": [N_("%(who)s deleted the draft")],
        "imported": [N_("%(who)s imported it as %(number)s"), N_("%(who)s imported it")],
        "rewritten": [N_("%(who)s updated it by an import")],
        "archived": [N_("Archived as %(code)s"), N_("Archived")],
        "destroyed": [
            N_("%(who)s destroyed it by the retention rules: %(reason)s"),
            N_("%(who)s destroyed it by the retention rules"),
        ],
        "erased": [N_("%(who)s erased the content of the old draft")],
    },
    "Message": {
        "written": [N_("%(who)s wrote a message")],
    },
    "ApprovalRequest": {
        "opened void": [N_("%(who)s requested approval to void the document")],
        "opened": [N_("%(who)s requested approval")],
        "resumed": [N_("%(who)s resubmitted it to the step that returned it")],
        "step_opened": [N_("Approval requested from %(asked)s"), N_("Next approval step opened")],
        "step_passed": [N_("Step passed: the same person has just approved")],
        "step_approved time_limit": [N_("Approved automatically: time limit passed")],
        "step_approved": [
            N_("%(who)s approved on behalf of %(behalf)s: %(note)s"),
            N_("%(who)s approved on behalf of %(behalf)s"),
            N_("%(who)s approved: %(note)s"),
            N_("%(who)s approved"),
        ],
        "step_rejected": [
            N_("%(who)s rejected it on behalf of %(behalf)s: %(note)s"),
            N_("%(who)s rejected it: %(note)s"),
            N_("%(who)s rejected it"),
        ],
        "step_returned": [
            N_("%(who)s returned it on behalf of %(behalf)s: %(note)s"),
            N_("%(who)s returned it: %(note)s"),
            N_("%(who)s returned it"),
        ],
        "sent_back": [
            N_("%(who)s returned it to step %(step)s: %(reason)s"),
            N_("%(who)s returned it to an earlier step"),
        ],
        "returned": [
            N_("%(who)s returned it to the submitter: %(reason)s"),
            N_("%(who)s returned it to the submitter"),
        ],
        "rejected": [N_("%(who)s rejected it: %(reason)s"), N_("%(who)s rejected it")],
        "approved below_limit": [N_("Approved automatically: below the limit")],
        "approved equals_source": [
            N_("No approval needed: equals %(number)s"),
            N_("No approval needed: equals its approved source"),
        ],
        "approved": [N_("Approved by all approvers")],
        "recalled": [N_("%(who)s recalled it")],
        "dropped": [N_("Approval lapsed because the document changed")],
        "urged": [N_("%(who)s nudged %(asked)s"), N_("%(who)s nudged the approvers")],
        "reminded": [N_("Reminder sent to %(asked)s"), N_("Reminder sent to the approvers")],
        "escalated": [N_("Escalated to %(to)s (overdue)"), N_("Escalated (overdue)")],
        "handed_over": [
            N_("%(who)s reassigned it to %(to)s: %(note)s"),
            N_("%(who)s reassigned it to %(to)s"),
            N_("%(who)s reassigned it"),
        ],
        "asked_before": [
            N_("%(who)s added %(to)s before: %(note)s"),
            N_("%(who)s added %(to)s before"),
            N_("%(who)s added an approver before"),
        ],
        "asked_after": [
            N_("%(who)s approved and added %(to)s after: %(note)s"),
            N_("%(who)s approved and added %(to)s after"),
            N_("%(who)s approved and added an approver after"),
        ],
        "delegated": [N_("%(to)s decides for %(behalf)s"), N_("The delegate decides")],
        "taken_over": [
            N_("%(to)s decides instead of %(behalf)s, who left or changed roles"),
            N_("Another approver decides because the first one left or changed roles"),
        ],
        "task_ended": [
            N_("%(behalf)s has left or changed roles and is no longer asked"),
            N_("An approver has left or changed roles and is no longer asked"),
        ],
        "task_joined": [
            N_("%(to)s now has the role and is asked too"),
            N_("Another approver now has the role and is asked too"),
        ],
    },
    "Comment": {
        "written": [N_("%(who)s wrote a comment")],
    },
    "ApprovalFlow": {
        "defined": [N_("%(who)s created the approval flow")],
        "revised": [N_("%(who)s changed the approval flow")],
    },
    "Delegation": {
        "arranged": [
            N_("%(who)s made %(to)s delegate until %(until)s"),
            N_("%(who)s arranged a delegate"),
        ],
        "ended": [N_("%(who)s ended the delegation")],
    },
    "SpecialDay": {
        "said": [N_("%(who)s set the day %(day)s"), N_("%(who)s set a day off or a working day")],
        "forgotten": [N_("%(who)s removed the day off or working day")],
    },
    "NumberPattern": {
        "defined": [
            N_("%(who)s set the number pattern %(pattern)s, starting at %(start)s"),
            N_("%(who)s set the number pattern %(pattern)s"),
            N_("%(who)s set the number pattern"),
        ],
    },
}
