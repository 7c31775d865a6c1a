"""A real OpenID provider in a process of its own (pyop, which shares no code with our side), over
TLS, and what it can be told to do wrong.

`python -m tests.support.provider FOLDER` serves it, writes its certificate there, and prints its
address."""

import contextlib
import datetime as dt
import http.server
import json
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

CLIENT, SECRET = "danju", "a secret of the test"
NORMAL = {
    "who": {"sub": "s-li", "email": "li@firm.test", "email_verified": True, "name": "Li Ming"},
    "extra": {},  # claims of the ID token beside the usual ones
    "claims": {},  # what is changed in it before it is signed; null takes away
    "sign": "RS256",  # none, HS256 with the public key, or by a key that nobody knows: other
    "error": "",  # what /authorize answers
    "iss": True,  # whether its answer names it (RFC 9207); or as whom
    "metadata": {},  # what is changed in the discovery document
    "tokens": "",  # body, or a redirect, that the token endpoint answers instead
    "turn": False,  # begin to sign by a new key
    "home": "http://localhost:8000",  # where Danju is
}


class Talk:
    """How a test speaks to it."""

    def __init__(self, issuer, certificate):
        self.issuer, self.certificate = issuer, certificate
        self.trusting = ssl.create_default_context(cafile=certificate)
        self.settings = {
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_DOMAINS": [],
            "OIDC_NAME": "Keycloak",
        }

    def set(self, **more):
        """From now on all is normal, but this."""
        body = json.dumps({**NORMAL, **more}).encode()
        self._open(f"{self.issuer}/control", body)

    def who(self, **more):
        self.set(who={**NORMAL["who"], **more})

    def asked(self):
        """The paths that were asked for since it was last set."""
        return json.loads(self._open(f"{self.issuer}/control"))

    def answer(self, address):
        """Where /authorize sends the browser back to."""
        try:
            self._open(address)
        except urllib.error.HTTPError as error:
            assert error.code == 303, error.read()
            return error.headers["Location"]
        raise AssertionError("no redirect")

    def _open(self, address, body=None):
        trusting = urllib.request.HTTPSHandler(context=self.trusting)
        return urllib.request.build_opener(trusting, _Stay).open(address, body, timeout=10).read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


@contextlib.contextmanager
def running():
    """A Talk with a provider that runs."""
    with tempfile.TemporaryDirectory() as folder:
        served = subprocess.Popen(
            [sys.executable, "-m", "tests.support.provider", folder],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Talk(served.stdout.readline().strip(), f"{folder}/certificate.pem")
        finally:
            served.kill()
            served.wait()


class Wrong:
    """The provider of pyop, and what the test told it."""

    def __init__(self, issuer):
        from Cryptodome.PublicKey import RSA
        from jwkest.jwk import RSAKey
        from pyop.authz_state import AuthorizationState
        from pyop.provider import Provider
        from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
        from pyop.userinfo import Userinfo

        self.fresh = lambda kid: RSAKey(key=RSA.generate(2048), kid=kid, use="sig", alg="RS256")
        self.issuer, self.told, self.paths, self.turns = issuer, dict(NORMAL), [], 0
        self.users = {}
        client = {
            "client_secret": SECRET,
            "redirect_uris": [f"{NORMAL['home']}/sign-in/provider/return"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        self.op = Provider(
            self.fresh("k0"),
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/keys",
                "end_session_endpoint": f"{issuer}/out",
                "scopes_supported": ["openid", "email", "profile"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            },
            AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
            {CLIENT: client},
            Userinfo(self.users),
        )
        self.other = self.fresh("k0")

    def control(self, told):
        self.told, self.paths = told, []
        self.op.clients[CLIENT]["redirect_uris"] = [f"{told['home']}/sign-in/provider/return"]
        if told["turn"]:
            self.turns += 1
            self.op.signing_key = self.fresh(f"k{self.turns}")

    def discovery(self):
        more = {
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": bool(self.told["iss"]),
        }
        return {**self.op.provider_configuration.to_dict(), **more, **self.told["metadata"]}

    def authorize(self, query):
        asked = dict(urllib.parse.parse_qsl(query))
        assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) == 43
        if self.told["error"]:
            answer = {"error": self.told["error"], "state": asked["state"]}
        else:
            parsed = self.op.parse_authentication_request(query)
            name = self.told["who"]["sub"]
            self.users[name] = self.told["who"]
            answer = self.op.authorize(parsed, name, self.told["extra"]).to_dict()
        if self.told["iss"]:
            answer["iss"] = self.issuer if self.told["iss"] is True else self.told["iss"]
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode(answer)}"

    def tokens(self, body, headers):
        given = self.op.handle_token_request(body, headers, self.told["extra"]).to_dict()
        if self.told["claims"] or self.told["sign"] != "RS256":
            given["id_token"] = self._spoiled(given["id_token"])
        return given

    def _spoiled(self, token):
        from jwkest.jwk import SYMKey
        from jwkest.jws import JWS, factory

        claims = {**factory(token).jwt.payload(), **self.told["claims"]}
        text = json.dumps({k: v for k, v in claims.items() if v is not None})
        if self.told["sign"] == "none":
            return JWS(text, alg="none").sign_compact()
        if self.told["sign"] == "HS256":  # as if what everybody knows were a secret
            public = self.op.signing_key.key.publickey().export_key().decode()
            return JWS(text, alg="HS256").sign_compact([SYMKey(key=public, alg="HS256")])
        key = self.other if self.told["sign"] == "other" else self.op.signing_key
        return JWS(text, alg="RS256").sign_compact([key])


class Door(http.server.BaseHTTPRequestHandler):
    wrong = None

    def do_GET(self):
        path, _mark, query = self.path.partition("?")
        if path != "/control":
            self.wrong.paths.append(path)
        if path == "/control":
            self._say(self.wrong.paths)
        elif path == "/.well-known/openid-configuration":
            self._say(self.wrong.discovery())
        elif path == "/authorize":
            self._send_on(self.wrong.authorize(query))
        elif path == "/keys":
            self._say(self.wrong.op.jwks)
        elif path == "/userinfo":
            headers = {"Authorization": self.headers["Authorization"]}
            self._say(self.wrong.op.handle_userinfo_request("", headers).to_dict())
        else:
            self._say({}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/control":
            return self._say(self.wrong.control(json.loads(body)) or {})
        self.wrong.paths.append(self.path)
        instead = self.wrong.told["tokens"]
        if instead.startswith("http"):
            return self._send_on(instead)
        if instead:
            return self._say_bytes(instead.encode())
        try:
            headers = {"Authorization": self.headers["Authorization"]}
            self._say(self.wrong.tokens(body, headers))
        except Exception as error:
            self._say({"error": "invalid_grant", "error_description": str(error)}, 400)

    def _say(self, found, status=200):
        self._say_bytes(json.dumps(found).encode(), status)

    def _say_bytes(self, data, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send_on(self, address):
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


def certified(folder):
    """A TLS context with a certificate for localhost, which stands in the folder to be trusted."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for file, data in (("certificate.pem", pem), ("key.pem", secret)):
        with open(f"{folder}/{file}", "wb") as out:
            out.write(data)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    return context


if __name__ == "__main__":
    http.server.ThreadingHTTPServer.handle_error = lambda *_args: None  # who does not trust it
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.socket = certified(sys.argv[1]).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        Door.wrong = Wrong(f"https://localhost:{server.server_port}")
        print(Door.wrong.issuer, flush=True)
        server.serve_forever()
