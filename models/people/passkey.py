"""Passkeys: keys that a phone, a computer or a security key keeps (WebAuthn)."""

import hashlib
from collections import namedtuple

import peewee as pw
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from models.core.clock import now
from models.core.errors import refuse
from models.core.model import Model
from models.core.unique import unique_or_refuse

Site = namedtuple("Site", "host origin")  # for which a key is made, and where it is asked for
MOST = 10


# What comes of an answer that no browser gave.
UNREADABLE = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)


class Passkey(Model):
    """The public half of a key."""

    user = pw.DeferredForeignKey("User")
    credential = pw.CharField(max_length=1400, unique=True)  # its name, in base64url
    public_key = pw.TextField()
    sign_count = pw.BigIntegerField(default=0)  # rises with each use, so that a copy is found
    name = pw.CharField(max_length=60)
    made_at = pw.DateTimeField()
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def of(cls, person):
        return cls.select().where(cls.user == person.id).order_by(cls.id)

    @classmethod
    def _descriptors(cls, person):
        return [
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential))
            for row in cls.of(person)
        ]

    @classmethod
    def creation_options(cls, person, challenge, site, firm):
        """What the browser is asked for, as JSON: a key that the person has not given yet."""
        return options_to_json(
            generate_registration_options(
                rp_id=site.host,
                rp_name=firm,
                user_id=hashlib.sha256(f"User {person.id} of {site.host}".encode()).digest(),
                user_name=person.email,
                user_display_name=person.name,
                challenge=challenge,
                exclude_credentials=cls._descriptors(person),
            )
        )

    @classmethod
    def request_options(cls, person, challenge, site):
        """What the browser is asked for, as JSON: one of the person's keys signs the challenge."""
        return options_to_json(
            generate_authentication_options(
                rp_id=site.host, challenge=challenge, allow_credentials=cls._descriptors(person)
            )
        )

    @classmethod
    def add(cls, person, answer, challenge, site, name):
        """Keep the key that the browser made. Refused when it did not sign this challenge."""
        cls.of(person).count() < MOST or refuse("passkeys_full", most=MOST)
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
            )
        except UNREADABLE:
            refuse("passkey_wrong")
        with unique_or_refuse("passkey_wrong"):
            cls.create(
                user=person.id,
                credential=bytes_to_base64url(made.credential_id),
                public_key=bytes_to_base64url(made.credential_public_key),
                sign_count=made.sign_count,
                name=name,
                made_at=now(),
            )

    @classmethod
    def redeem(cls, person, answer, challenge, site):
        """Whether one of the person's keys signed this challenge."""
        try:
            signed = parse_authentication_credential_json(answer)
            row = cls.of(person).where(cls.credential == bytes_to_base64url(signed.raw_id)).first()
            if row is None:
                return False
            verified = verify_authentication_response(
                credential=signed,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(row.public_key),
                credential_current_sign_count=row.sign_count,
            )
        except UNREADABLE:
            return False
        cls.update(sign_count=verified.new_sign_count, used_at=now()).where(
            cls.id == row.id
        ).execute()
        return True
