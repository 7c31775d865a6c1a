"""Why a file from outside could not be read."""

from views.web.language import N_

SENTENCES = {
    "reading_busy": N_("Many files are being read at the moment. Try again in a minute."),
    "reading_time": N_("Reading this file took more than %(most)s seconds, so it was given up."),
    "reading_memory": N_(
        "Reading this file would take more than %(most)s MB of memory, so it was given up."
    ),
    "too_many_pixels": N_(
        "This picture has %(found)s million pixels; at most %(most)s million are read."
    ),
    "unpacked_too_large": N_("Unpacked, this file has more than %(most)s MB; that is not read."),
    "too_many_parts": N_("This file holds more than %(most)s parts; that is not read."),
    "too_many_elements": N_("This file holds more than %(most)s elements; that is not read."),
    "too_deep": N_("This file is nested more than %(most)s levels deep; that is not read."),
    "pdf_locked": N_("This PDF is locked by a password or cannot be opened."),
    "picture_kind": N_("Images are PNG or JPEG."),
    "reading_depth": N_("This file is nested too deep to be read."),
    "reading_failed": N_("This file could not be read: it is damaged or built to harm."),
}
