"""Sentences about money, customers and products. See views/web/events."""

from views.web.language import N_

SENTENCES = {
    "Payment": {
        "erased": [
            N_("%(who)s destroyed the slip by the retention rules: %(reason)s"),
            N_("%(who)s destroyed the slip by the retention rules"),
        ],
        "received": [
            N_("%(who)s recorded the payment of %(amount)s"),
            N_("%(who)s recorded the payment"),
        ],
        "reported": [
            N_("%(who)s reported the payment of %(amount)s"),
            N_("%(who)s reported the payment"),
        ],
        "imported": [
            N_("%(who)s imported the payment of %(amount)s"),
            N_("%(who)s imported the payment"),
        ],
        "confirmed": [
            N_("%(who)s confirmed the payment of %(amount)s"),
            N_("%(who)s confirmed the payment"),
        ],
        "declined": [
            N_("%(who)s declined the reported payment: %(reason)s"),
            N_("%(who)s declined the reported payment"),
        ],
        "reversed": [
            N_("%(who)s reversed the payment %(number)s: %(reason)s"),
            N_("%(who)s reversed the payment: %(reason)s"),
            N_("%(who)s reversed the payment"),
        ],
        "rewritten": [N_("%(who)s updated the payment by an import")],
    },
    "Allocation": {
        "allocated": [
            N_("%(who)s allocated %(amount)s of the payment %(payment)s to %(invoice)s"),
            N_("%(who)s applied %(amount)s of the credit note %(credit_note)s to %(invoice)s"),
            N_("%(who)s allocated %(amount)s to %(invoice)s"),
            N_("%(who)s allocated it to %(invoice)s"),
            N_("%(who)s allocated it to an invoice"),
        ],
        "rewritten": [N_("%(who)s updated the allocation by an import")],
    },
    "Refund": {
        "refunded": [N_("%(who)s refunded %(amount)s"), N_("%(who)s refunded the amount")],
        "imported": [
            N_("%(who)s imported the refund of %(amount)s"),
            N_("%(who)s imported the refund"),
        ],
        "reversed": [
            N_("%(who)s reversed the refund: %(reason)s"),
            N_("%(who)s reversed the refund"),
        ],
    },
    "WriteOff": {
        "asked_write_off": [
            N_("%(who)s asked to write off the balance of %(number)s: %(reason)s"),
            N_("%(who)s asked to write off the balance"),
        ],
        "approved_write_off": [N_("%(who)s approved the write-off")],
        "declined_write_off": [
            N_("%(who)s declined the write-off: %(reason)s"),
            N_("%(who)s declined the write-off"),
        ],
        "reversed": [
            N_("%(who)s reversed the write-off: %(reason)s"),
            N_("%(who)s reversed the write-off"),
        ],
    },
    "BankFile": {
        "uploaded": [
            N_("%(who)s uploaded the bank file %(filename)s"),
            N_("%(who)s uploaded the bank file"),
        ],
        "answered": [N_("%(who)s defined the columns of the bank file")],
        "started": [N_("%(who)s began to import the bank file")],
        "taken_in": [
            N_("%(who)s imported the bank file: %(new)s new transactions"),
            N_("%(who)s imported the bank file"),
        ],
        "undone": [N_("%(who)s undid the import of the bank file")],
        "discarded": [N_("%(who)s discarded the bank file")],
    },
    "BankLayout": {
        "remembered": [
            N_("%(who)s defined the columns of bank files: %(name)s"),
            N_("%(who)s defined the columns of bank files"),
        ],
    },
    "BankLine": {
        "taken_in": [
            N_("%(who)s imported the bank transaction of %(amount)s"),
            N_("%(who)s imported the bank transaction"),
        ],
        "booked": [
            N_("%(who)s recorded it as payment %(payment)s"),
            N_("%(who)s recorded it as a payment"),
        ],
        "set_aside": [
            N_("%(who)s marked it as not a customer payment: %(reason)s"),
            N_("%(who)s marked it as not a customer payment"),
        ],
        "taken_up": [N_("%(who)s reopened the transaction")],
        "completed": [N_("%(who)s completed the transaction from a later file")],
        "emptied": [N_("%(who)s undid what a later file had completed")],
        "undone": [N_("%(who)s undid the import that brought this transaction")],
    },
    "Statement": {
        "made_statement": [N_("%(who)s created the statement")],
        "replaced": [
            N_("%(who)s replaced it with %(number)s"),
            N_("%(who)s replaced it with a newer one"),
        ],
        "sent": [N_("%(who)s emailed it to %(to)s"), N_("%(who)s emailed it")],
        "reminded_of": [
            N_("%(who)s asked %(to)s for the answer"),
            N_("%(who)s asked for the answer"),
        ],
        "statement_agreed": [N_("%(who)s confirmed the statement")],
        "differed": [N_("%(who)s reported differences")],
        "destroyed": [
            N_("%(who)s destroyed it by the retention rules: %(reason)s"),
            N_("%(who)s destroyed it by the retention rules"),
        ],
    },
    "StatementRun": {
        "started": [N_("%(who)s started to create statements")],
        "done": [N_("Statements created: %(made)s; failed: %(failed)s"), N_("Statements created")],
        "failed": [N_("The statements could not be created")],
    },
    "Reminder": {
        "reminded": [N_("Reminder %(number)s sent to %(to)s"), N_("Reminder created")],
        "destroyed": [
            N_("%(who)s destroyed it by the retention rules: %(reason)s"),
            N_("%(who)s destroyed it by the retention rules"),
        ],
    },
    "ReminderLevel": {
        "entered": [N_("%(who)s added the reminder level")],
        "revised": [N_("%(who)s changed the reminder level")],
    },
    "Hold": {
        "held": [N_("%(who)s paused reminders until %(until)s"), N_("%(who)s paused reminders")],
        "lifted": [N_("%(who)s resumed reminders")],
    },
    "Promise": {
        "promised": [
            N_("%(who)s recorded the promise to pay %(number)s by %(day)s"),
            N_("%(who)s recorded the payment promise"),
        ],
        "cancelled": [N_("%(who)s cancelled the payment promise")],
    },
    "Dispute": {
        "raised": [N_("%(who)s raised the dispute")],
        "first_answered": [N_("%(who)s gave the first answer")],
        "answered": [N_("%(who)s answered the dispute")],
        "agreed": [N_("%(who)s accepted the answer")],
        "reopened": [N_("%(who)s did not accept the answer")],
        "settled": [N_("%(who)s closed the dispute")],
        "withdrawn": [N_("%(who)s withdrew the dispute")],
        "learnt": [N_("%(who)s noted the preventive action")],
        "handed_over": [
            N_("%(who)s reassigned the dispute to %(to)s"),
            N_("%(who)s reassigned the dispute"),
        ],
        "mediation": [N_("%(who)s asked for mediation")],
        "legal": [N_("%(who)s started legal action")],
    },
    "DisputeEntry": {
        "written": [N_("%(who)s wrote in the dispute")],
    },
    "Customer": {
        "entered": [N_("%(who)s added the customer")],
        "revised": [N_("%(who)s changed the customer")],
        "merged": [
            N_("%(who)s merged the customer into %(into)s"),
            N_("%(who)s merged the customer into another one"),
        ],
        "took_in": [
            N_("%(who)s merged %(name)s into the customer"),
            N_("%(who)s merged another customer into this one"),
        ],
        "separated": [
            N_("%(who)s separated the customer from %(name)s again"),
            N_("%(who)s separated the customer from another one again"),
        ],
        "kept_apart": [
            N_("%(who)s noted that the customer is not the same as %(names)s"),
            N_("%(who)s noted that the customer is not the same as another one"),
        ],
    },
    "Address": {
        "entered": [N_("%(who)s added the address")],
        "revised": [N_("%(who)s changed the address")],
    },
    "Note": {
        "written": [N_("%(who)s wrote a note")],
    },
    "Contact": {
        "entered": [N_("%(who)s added the contact")],
        "revised": [N_("%(who)s changed the contact")],
        "invited": [N_("%(who)s invited the contact to the customer portal")],
        "greetings_stopped": [N_("%(who)s unsubscribed from greetings")],
        "greetings_resumed": [N_("%(who)s subscribed to greetings again")],
    },
    "Product": {
        "entered": [N_("%(who)s added the product")],
        "revised": [N_("%(who)s changed the product")],
    },
    "PriceList": {
        "made": [N_("%(who)s created the price list")],
    },
    "TaxRate": {
        "entered": [N_("%(who)s added the tax rate")],
        "revised": [N_("%(who)s changed the tax rate")],
    },
    "Target": {
        "target_set": [N_("%(who)s set the target")],
    },
    "Act": {
        "proposed": [N_("%(who)s proposed the action")],
        "declined": [
            N_("%(who)s declined the action: %(reason)s"),
            N_("%(who)s declined the action"),
        ],
        "done": [N_("%(who)s carried out the action")],
    },
    "MonthlyPaper": {
        "made": [N_("Monthly summary created")],
    },
    "ContactPlan": {
        "entered": [N_("%(who)s added the contact plan")],
        "revised": [N_("%(who)s changed the contact plan")],
    },
    "FollowUp": {
        "planned": [N_("%(who)s planned it for %(to)s"), N_("%(who)s planned the follow-up")],
        "done": [N_("%(who)s did it: %(note)s"), N_("%(who)s did it")],
        "postponed": [N_("%(who)s postponed it to %(due_on)s"), N_("%(who)s postponed it")],
        "handed_over": [N_("%(who)s reassigned it to %(to)s"), N_("%(who)s reassigned it")],
        "not_needed": [
            N_("%(who)s found it no longer needed: %(reason)s"),
            N_("%(who)s found it no longer needed"),
        ],
    },
    "GreetingBatch": {
        "laid_out": [N_("Greetings prepared: %(n)s"), N_("Greetings prepared")],
        "approved": [N_("%(who)s approved the greetings")],
        "not_needed": [N_("%(who)s cancelled the greetings")],
        "left_out": [
            N_("%(who)s left out greetings: %(n)s"),
            N_("%(who)s left some greetings out"),
        ],
        "revised": [N_("%(who)s changed the greetings")],
        "greeted": [N_("Greetings sent: %(n)s"), N_("Greetings sent")],
        "finished": [N_("All greetings are sent")],
    },
    "GreetingText": {
        "written": [N_("%(who)s changed the greeting text")],
    },
    "Occasion": {
        "kept": [N_("%(who)s set the occasion")],
    },
    "Survey": {
        "asked": [N_("Survey sent to %(to)s"), N_("Survey sent")],
        "answered": [
            N_("%(who)s answered the survey: %(score)s"),
            N_("%(who)s answered the survey"),
        ],
    },
    "Feedback": {
        "written": [N_("%(who)s wrote feedback")],
        "replied": [N_("%(who)s replied to the feedback")],
        "closed": [N_("%(who)s closed the feedback: %(note)s"), N_("%(who)s closed the feedback")],
    },
}
