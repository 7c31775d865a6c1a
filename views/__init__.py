"""HTTP only: find in scope, call one verb, render."""

import importlib
import pkgutil


def _routes():
    """Every blueprint of views/, found by its module: a new view file is served without being
    listed anywhere."""
    found = []
    for module in pkgutil.walk_packages(__path__, "views."):
        loaded = importlib.import_module(module.name)
        found += [
            blueprint
            for name in ("sessions", "bp")
            if (blueprint := getattr(loaded, name, None)) and hasattr(blueprint, "register")
        ]
    return found


def __getattr__(name):
    if name == "ROUTES":
        return _routes()
    raise AttributeError(name)
