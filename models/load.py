"""Imports every file that holds a table, so that tables() sees them all."""

import models.announcements  # noqa: F401
import models.approvals  # noqa: F401
import models.archive  # noqa: F401
import models.backup  # noqa: F401
import models.bank.line  # noqa: F401
import models.care  # noqa: F401  # noqa: F401
import models.company  # noqa: F401
import models.customers  # noqa: F401
import models.disputes  # noqa: F401
import models.documents  # noqa: F401
import models.dunning  # noqa: F401
import models.finder  # noqa: F401
import models.governance  # noqa: F401  # noqa: F401
import models.imports  # noqa: F401
import models.insights  # noqa: F401
import models.insights.acts  # noqa: F401
import models.insights.monthly  # noqa: F401
import models.lease  # noqa: F401
import models.numbering  # noqa: F401
import models.once  # noqa: F401
import models.outbox  # noqa: F401
import models.payments  # noqa: F401
import models.people  # noqa: F401
import models.prices  # noqa: F401
import models.products  # noqa: F401
import models.receivables.statement  # noqa: F401
import models.refunds  # noqa: F401
import models.saved_filters  # noqa: F401
import models.search  # noqa: F401
