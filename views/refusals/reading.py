"""Why a file from outside could not be read."""

from views.web.language import N_

SENTENCES = {
    "reading_busy": N_("Many files are being read right now. Try again in a minute."),
    "reading_time": N_("Reading this file took more than %(most)s seconds and was stopped."),
    "reading_memory": N_(
        "Reading this file needs more than %(most)s MB of memory and was stopped."
    ),
    "file_infected": N_("The virus scanner found %(name)s in this file. Nothing of it was kept."),
    "file_infected_here": N_(
        "The virus scanner found something in this file after it came. It can't be opened any more."
    ),
    "scanner_away": N_(
        "Files can't be checked for viruses at the moment, so none is taken. Please try again in a "
        "few minutes."
    ),
    "scanner_size": N_(
        "This file is larger than the virus scanner of this server looks at. Send a smaller one, "
        "or ask your administrator."
    ),
    "too_many_pixels": N_(
        "This picture has %(found)s million pixels; at most %(most)s million are read."
    ),
    "unpacked_too_large": N_("Unpacked, this file has more than %(most)s MB and can't be read."),
    "too_many_parts": N_("This file has more than %(most)s parts and can't be read."),
    "too_many_elements": N_("This file has more than %(most)s elements and can't be read."),
    "too_deep": N_("This file is nested more than %(most)s levels deep and can't be read."),
    "pdf_locked": N_("This PDF is password-protected or can't be opened."),
    "picture_kind": N_("Images are PNG or JPEG."),
    "reading_depth": N_("This file is nested too deep to be read."),
    "reading_failed": N_("This file can't be read: it is damaged or unsafe."),
}
