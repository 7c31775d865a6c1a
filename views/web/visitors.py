"""What a request says of who sent it: from which address, and whether somebody acted."""

from markupsafe import Markup

from models.core.ip_address import plain_address

# The header of what a page asks for by itself, on loading or by the clock.
BY_ITSELF = "X-Unattended"
unattended = Markup("""hx-headers='{"%s": "yes"}'""") % BY_ITSELF


def acts(request):
    """Whether somebody asked for this: what a page asks for by itself, again and again, keeps
    nobody signed in."""
    return request.method != "GET" or BY_ITSELF not in request.headers


def with_plain_address(inner):
    """The WSGI app, told each visitor's address in one way, wherever it is judged or kept."""

    def run(environ, start_response):
        environ["REMOTE_ADDR"] = plain_address(environ.get("REMOTE_ADDR", ""))
        return inner(environ, start_response)

    return run
