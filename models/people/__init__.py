"""Who signs in: staff with roles and teams, customers' contacts; their sessions and one-time
codes."""

from models.people.access_entry import AccessEntry
from models.people.account import SignsIn, log
from models.people.attempt import TRIES, WINDOW, Attempt, network
from models.people.code import CODE_LIFE, Code
from models.people.secrets import digest, named
from models.people.session import ABSOLUTE, IDLE, Session
from models.people.user import Team, User

__all__ = [
    "ABSOLUTE",
    "AccessEntry",
    "Attempt",
    "CODE_LIFE",
    "Code",
    "IDLE",
    "Session",
    "SignsIn",
    "TRIES",
    "Team",
    "User",
    "WINDOW",
    "digest",
    "log",
    "named",
    "network",
]
