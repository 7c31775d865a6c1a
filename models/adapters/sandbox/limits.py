"""What reading one file from outside may cost: every limit of the sandbox."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Of one job."""

    memory: int  # MB beyond what an idle worker has
    cpu: int  # seconds
    wall: int  # seconds until the answer, or until the next part of a stream


FILE = Limits(memory=400, cpu=20, wall=60)
TABLE = Limits(memory=600, cpu=300, wall=120)  # half a million rows, read as a stream

JOBS = 3  # at once; others wait
WAIT = 60  # seconds that a job waits for its turn
ANSWER = 16 * 2**20  # bytes of one JSON value; its lists may take ten times as much here
BYTES = 64 * 2**20  # of one answer that is bytes, such as a picture
BATCH = 64 * 2**10  # characters of a stream that are sent together

PRINTED, SCANNED = 16, 50  # million pixels: a logo or seal; a scanned page

UNPACKED = 300  # MB of all parts of a zip together
XML_PART = 10  # MB of one of them that is XML and read whole
PARTS = 2_000
DEPTH = 100  # elements within each other in XML; zips within each other are never opened
ELEMENTS = 500_000  # of one XML file
