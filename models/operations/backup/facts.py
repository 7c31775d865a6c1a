"""manifest.json: what can be read of a backup in a place without the key."""

import json

from models.operations.backup import keys


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
        "objects": objects,
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "files": len(manifest["files"]),
        "size": sum(o["size"] for o in objects.values()) + sum(manifest["files"].values()),
    }


def facts_text(facts):
    return json.dumps(facts, indent=1)
