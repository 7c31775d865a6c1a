"""manifest.json: what can be read of a backup in a place without the key."""

import json

from models.operations.backup import keys

OBJECTS = ("dump.age", "start.age", "manifest.age")  # the first in backups of 1.0.0 or before


def facts_of(name, taken, recipient, manifest, objects):
    """The content of manifest.json, all of it computed from the other objects."""
    version = {"version": manifest["version"]} if "version" in manifest else {}  # not in 0.9.0
    return {
        "danju": 1,
        **version,
        "name": name,
        "taken_at": taken.isoformat(),
        "key": str(recipient),
        "under": keys.fingerprint(recipient),
        "schema": manifest["schema"],
        "objects": {name: objects[name] for name in OBJECTS if name in objects},
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "files": len(manifest["files"]),
        "size": sum(o["size"] for o in objects.values())
        + sum(manifest["files"].values())
        + sum(size for _name, size in manifest.get("parts", ())),
    }


def facts_text(facts):
    return json.dumps(facts, indent=1)
