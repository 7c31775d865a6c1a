"""Write a bill of materials (CycloneDX 1.6, JSON): what Danju is made of, for who checks it against
known holes. `python deploy/sbom.py requirements-stores.lock`; licences are told of what is
installed."""

import importlib.metadata
import json
import re
import sys
from pathlib import Path

VERSION = re.compile(r'^VERSION = "(.+?)"', re.MULTILINE)
PACKAGE = re.compile(r"^([\w.-]+)==(\S+)")
CARRIED = re.compile(r"^## (.+?) \((.+?) ([\d.]+)(?:;[^)]*)?\), (.+)$", re.MULTILINE)


def packages(lock):
    """[(name, version, [sha256])] of a lock file."""
    found = []
    for line in lock.splitlines():
        if match := PACKAGE.match(line):
            found.append((match[1], match[2], []))
        elif "--hash=sha256:" in line:
            found[-1][2].append(line.split("sha256:")[1].split()[0])
    return found


def licence(name):
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return {}
    text = told.get("License-Expression") or told.get("License") or ""
    return {"licenses": [{"license": {"name": text}}]} if 0 < len(text) < 100 else {}


def component(name, version, hashes):
    return {
        "type": "library",
        "name": name,
        "version": version,
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "purl": f"pkg:pypi/{name}@{version}",
        # One of each file that the index has of this version.
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{name}/{version}/",
                "hashes": [{"alg": "SHA-256", "content": one} for one in hashes],
            }
        ],
        **licence(name),
    }


def carried(licences):
    """What lies in static/ and is not ours."""
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "bom-ref": f"{name}@{version}",
            "properties": [{"name": "danju:file", "value": f"static/{file}"}],
            "licenses": [{"license": {"name": licence}}],
        }
        for file, name, version, licence in CARRIED.findall(licences)
    ]


def bill(lock, licences, version):
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "danju",
                "version": version,
                "bom-ref": "danju",
            }
        },
        "components": [component(*one) for one in packages(lock)] + carried(licences),
    }


if __name__ == "__main__":
    version = VERSION.search(Path("config.py").read_text())[1]
    made = bill(Path(sys.argv[1]).read_text(), Path("static/LICENSES.md").read_text(), version)
    print(json.dumps(made, indent=1, ensure_ascii=False))
