"""A store in a folder of this machine: on a disk, a USB stick or a network share."""

import contextlib
import os
import shutil
import uuid
from pathlib import Path

from models.adapters.stores.errors import MARK, Missing, Unreachable
from models.core.disk import sync_folder
from models.core.errors import refuse


class Folder:
    """A folder of this machine, of another disk or of a mounted share."""

    parallel = 4

    def __init__(self, settings, secret="", begin=False):
        self.root = Path(settings["path"])
        self.root.is_absolute() or refuse("place_path")
        try:
            if begin:
                self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
                (self.root / MARK).write_text(
                    "Backups of Danju. Restore: flask restore <this folder>\n"
                )
            elif not (self.root / MARK).exists():
                raise Unreachable(
                    f"{self.root} is not there, or not the disk it was: is it mounted?"
                )
        except OSError as error:
            raise Unreachable(str(error)) from error

    def put(self, key, path):
        target = self.root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
            try:
                with open(path, "rb") as source, open(temporary, "wb") as out:
                    shutil.copyfileobj(source, out, 2**20)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)
            sync_folder(target.parent)
        except OSError as error:
            raise Unreachable(str(error)) from error

    def get(self, key, path):
        try:
            shutil.copyfile(self.root / key, path)
        except FileNotFoundError as error:
            raise Missing(key) from error
        except OSError as error:
            raise Unreachable(str(error)) from error

    def list(self, prefix):
        try:
            base = self.root / prefix
            return {
                str(p.relative_to(self.root).as_posix()): p.stat().st_size
                for p in base.rglob("*")
                if p.is_file() and not p.name.startswith(".")
            }
        except OSError as error:
            raise Unreachable(str(error)) from error

    def delete(self, key):
        try:
            (self.root / key).unlink(missing_ok=True)
        except OSError as error:
            raise Unreachable(str(error)) from error
        # The folder of one backup has a name of its own: nobody else writes there meanwhile.
        if key.startswith("backups/"):
            with contextlib.suppress(OSError):
                (self.root / key).parent.rmdir()

    def close(self):
        """Nothing is open."""
