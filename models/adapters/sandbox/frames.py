"""What the portal and a worker say to each other: frames of a kind, a length and bytes. Values are
JSON or plain bytes, never pickle: a worker that a file has taken over must not run code here."""

import json
import struct
import time

HEAD = struct.Struct(">cI")
VALUES, BYTES, REFUSED, FAILED, END = b"v", b"b", b"r", b"f", b"."


class Broken(Exception):
    """The other side ended early or wrote what is no frame."""


def send(channel, kind, data=b""):
    channel.sendall(HEAD.pack(kind, len(data)))
    if data:
        channel.sendall(data)


def send_json(channel, kind, value):
    send(channel, kind, json.dumps(value, default=str).encode())


def receive(channel, most, until=None):
    """(kind, bytes) of the next frame. Raises Broken for one of more than `most` bytes, and
    TimeoutError when `until`, a time of the monotonic clock, has passed."""
    kind, length = HEAD.unpack(_exactly(channel, HEAD.size, until))
    if length > most:
        raise Broken(f"a frame of {length} bytes")
    return kind, _exactly(channel, length, until)


def _exactly(channel, length, until):
    data = bytearray(length)
    view, done = memoryview(data), 0
    while done < length:
        if until is not None:
            channel.settimeout(max(0.001, until - time.monotonic()))
        count = channel.recv_into(view[done:])
        if not count:
            raise Broken("the other side has ended")
        done += count
    return bytes(data)


def parsed(data):
    """The JSON value. Raises Broken for what is none, or nested without end."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Broken(str(error)) from error
