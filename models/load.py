"""Imports every file that holds a table, so that tables() sees them all."""
import models.company  # noqa: F401
import models.people  # noqa: F401
import models.customers  # noqa: F401
import models.products  # noqa: F401
import models.numbering  # noqa: F401
import models.documents  # noqa: F401
import models.approvals  # noqa: F401
import models.payments  # noqa: F401
import models.outbox  # noqa: F401
import models.dunning  # noqa: F401
import models.once  # noqa: F401
import models.lease  # noqa: F401
import models.imports  # noqa: F401
import models.saved_filters  # noqa: F401
import models.backup  # noqa: F401
import models.announcements  # noqa: F401
