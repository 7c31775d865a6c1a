"""HTTP only: find in scope, call one verb, render."""

import importlib
import pkgutil


def _routes():
    """Every blueprint of views/, found by its module: a new view file is served without being
    listed anywhere."""
    blueprints = []
    for module in pkgutil.walk_packages(__path__, "views."):
        loaded = importlib.import_module(module.name)
        blueprints += [
            blueprint
            for name in ("sessions", "bp")
            if (blueprint := getattr(loaded, name, None)) and hasattr(blueprint, "register")
        ]
    return blueprints


def __getattr__(name):
    if name == "ROUTES":
        return _routes()
    raise AttributeError(name)
