"""Long work of the archive, done by a worker of its own that is woken when someone asks."""

import threading

from models.archive import erase, filing, inspection, year_package
from models.archive.destruction import DestructionList

wake = threading.Event()


def do_waiting():
    """Everything that waits; each can be asked again and does nothing twice."""
    erase.erase_waiting()
    DestructionList.certify_waiting()
    year_package.run_waiting()
    filing.read_waiting()
    inspection.run_waiting()
