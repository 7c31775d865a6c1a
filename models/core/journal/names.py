"""What the journal calls the classes and attributes of the code.

The hash of a row is over {name: value} of its fields, and an event holds the names of the classes
of its row and its actor. Both are stored for good. A class or an attribute that is renamed in the
code keeps its old name here; a released line of these maps never changes.
"""

CLASSES = {}  # {class in the code: its name in the journal}

# {class in the code: {attribute in the code: its name in the journal}}
ATTRIBUTES = {
    "Document": {"series_position": "place", "pdf_sha256": "paper"},
    "Filing": {"folder_position": "place"},
    "Reminder": {"pdf_sha256": "paper"},
    "Statement": {"pdf_sha256": "paper", "confirmed_pdf_sha256": "confirmed_paper"},
    "MonthlyPaper": {"pdf_sha256": "paper"},
}


def class_name(cls):
    """The journal's name of a class."""
    return CLASSES.get(cls.__name__, cls.__name__)


def attribute_name(cls, attribute):
    """The journal's name of an attribute of a class."""
    return ATTRIBUTES.get(cls.__name__, {}).get(attribute, attribute)
