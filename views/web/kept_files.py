"""Files from outside, given out again."""

import hashlib

from models.adapters import received
from models.core import filenames
from models.core.errors import refuse
from models.operations.unchecked_file import UncheckedFile
from views.web.downloads import send_data

SHOWN = {"pdf", "png", "jpg", "webp", "gif"}


def send_kept(data, name, shown=False):
    """The file as a download; pictures and PDFs are `shown` where the page wants it. An earlier
    version kept some with the ending they came with: those get that of their content."""
    data = still_clean(data)
    if filenames.extension(name) not in filenames.KINDS:
        name = filenames.of_kind(name, received.extension_of(data))
    ending = filenames.extension(name)
    return send_data(
        data,
        mimetype=filenames.KINDS[ending] if ending in SHOWN else "application/octet-stream",
        as_attachment=not (shown and ending in SHOWN),
        download_name=filenames.harmless(name),
    )


def still_clean(data):
    """The bytes. Refused where the virus scanner has found something since they came."""
    if UncheckedFile.is_infected(hashlib.sha256(data).hexdigest()):
        refuse("file_infected_here")
    return data
