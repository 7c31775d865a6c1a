"""Imports every file that holds a table, and the files of upper floors that enter themselves below:
what blocks a void, what a person may see, what follows an issue."""

import models.account_change
import models.adapters.outbox
import models.adapters.search
import models.approvals
import models.archive
import models.archive.erase
import models.bank.line
import models.care
import models.core.idempotency
import models.core.installation
import models.core.lease
import models.disputes
import models.documents
import models.dunning
import models.governance
import models.imports
import models.insights
import models.insights.acts
import models.insights.monthly
import models.operations.announcement
import models.operations.backup
import models.operations.unchecked_file
import models.payments
import models.payments.credit_note
import models.payments.imported
import models.payments.refund
import models.payments.write_off
import models.people.saved_filter
import models.products.price_list
import models.receivables.credit_limit
import models.receivables.debtor
import models.receivables.due_item
import models.receivables.statement_run
import models.scopes  # noqa: F401
