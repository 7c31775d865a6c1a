"""What a person signed in with, by the few names that they know it by."""

from flask_babel import gettext as _

from views.web.language import N_

# The first that stands in the User-Agent counts: Edge calls itself Chrome as well, Chrome Safari.
BROWSERS = (
    ("MicroMessenger", N_("WeChat")),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(agent):
    """Chrome on Windows; what is not known is named as such."""
    browser = _(_first(BROWSERS, agent) or N_("Other browser"))
    system = _first(SYSTEMS, agent)
    return _("%(browser)s on %(system)s", browser=browser, system=system) if system else browser


def _first(names, agent):
    return next((name for sign, name in names if sign in agent), "")
