"""Why a file from outside could not be read."""

from views.web.language import N_

SENTENCES = {
    "reading_busy": N_("Many files are being read at the moment. Try again in a minute."),
    "reading_time": N_("Reading this file took more than %(most)s seconds, so it was given up."),
    "reading_memory": N_(
        "Reading this file would take more than %(most)s MB of memory, so it was given up."
    ),
    "reading_depth": N_("This file is nested too deep to be read."),
    "reading_failed": N_("This file could not be read: it is damaged or built to harm."),
}
