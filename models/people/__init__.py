"""Who signs in: staff with roles and teams, customers' contacts; their sessions and one-time
codes."""

from models.people import notice  # noqa: F401  it follows the journal
from models.people.access_entry import AccessEntry
from models.people.account import SignsIn, log
from models.people.attempt import TRIES, WINDOW, Attempt, network
from models.people.code import CODE_LIFE, Code, whole
from models.people.device import REMEMBERED, Device
from models.people.factor import Factor
from models.people.passkey import Passkey, Site
from models.people.provider_account import ProviderAccount
from models.people.recovery_code import RecoveryCode
from models.people.second_factor import OwnFactors
from models.people.secrets import digest, named
from models.people.session import ABSOLUTE, IDLE, Session
from models.people.user import Team, User

__all__ = [
    "ABSOLUTE",
    "AccessEntry",
    "Attempt",
    "CODE_LIFE",
    "Code",
    "Device",
    "Factor",
    "IDLE",
    "OwnFactors",
    "Passkey",
    "ProviderAccount",
    "REMEMBERED",
    "RecoveryCode",
    "Session",
    "SignsIn",
    "Site",
    "TRIES",
    "Team",
    "User",
    "WINDOW",
    "digest",
    "log",
    "named",
    "network",
    "whole",
]
