"""What the signed-in person may see."""

from flask_login import current_user


def sees():
    """The scopes of the signed-in person: StaffScopes or ContactScopes of models/scopes.py."""
    return current_user.sees
