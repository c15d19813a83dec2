"""Makes .venv what the lock says, and does nothing when it already is.

    environment.py run     the product
    environment.py test    the product and everything that tests it

Every file is checked against its checksum in the lock; the project itself is then
installed from the checkout, without a network.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ROOT / "requirements-run.txt", "test": ROOT / "requirements.txt"}
HOME_NOTE = VENV / ".made-for"
COVERED_BY = {"run": ("run", "test"), "test": ("test",)}

NO_VENV = """\
This Python cannot make a virtual environment: {python}
  Debian, Ubuntu:  apt-get install python3-venv
Or put `uv` on the PATH, or name another Python:  make run PYTHON=/path/to/python3"""


def main(kind: str) -> None:
    if ready(kind):
        return
    with one_at_a_time():
        if not ready(kind):
            build(kind)


def ready(kind: str) -> bool:
    return PYTHON.exists() and any(
        stamp(covering).exists() and stamp(covering).read_text() == wanted(covering)
        for covering in COVERED_BY[kind]
    )


def build(kind: str) -> None:
    lock = LOCKS[kind]
    print(f"Installing from {lock.name} into .venv (once, mostly within a minute) ...", flush=True)
    if not (works(PYTHON) and made_here()):
        create_venv()
    install_locked(lock)
    install_project()
    stamp(kind).write_text(wanted(kind))


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def wanted(kind: str) -> str:
    """What is to be installed, and where: a checksum of lock, description and folder."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    description = repr([project["build-system"], project["project"], project["tool"]["setuptools"]])
    return hashlib.sha256(LOCKS[kind].read_bytes() + description.encode() + bytes(ROOT)).hexdigest()


def create_venv() -> None:
    attempts = [[sys.executable, "-m", "venv", "--clear", str(VENV)]]
    if uv := working_uv():
        attempts.append([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    if not any(succeeds(attempt) for attempt in attempts) and not after_apt(attempts[0]):
        sys.exit(NO_VENV.format(python=sys.executable))
    HOME_NOTE.write_text(str(ROOT))


def made_here() -> bool:
    """The commands in an environment name its folder: in a moved or copied checkout they would not start."""
    return HOME_NOTE.exists() and HOME_NOTE.read_text() == str(ROOT)


def after_apt(attempt: list[str]) -> bool:
    """On a bare Debian as root the missing module is one package away."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing python3-venv with apt-get ...", flush=True)
    return (
        succeeds(["apt-get", "update"])
        and succeeds(["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"])
        and succeeds(attempt)
    )


def install_locked(lock: Path) -> None:
    """Everything of a lock, checked against it. pip works for one processor, so two share what there is."""
    checked = ["--require-hashes", "--no-deps", "--requirement"]
    if by_uv(*checked, str(lock)):
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.txt") for number in range(2)]
        for file, half in zip(files, halves(lock.read_text()), strict=True):
            file.write_text(half)
        commands = [pip("--no-compile", *checked, str(file)) for file in files]
        running = [subprocess.Popen(command, env=environment(), cwd=ROOT) for command in commands]
        end_unless_done([process.wait() for process in running])
    succeeds([str(PYTHON), "-m", "compileall", "-qq", "-j", "0", str(VENV / "lib")])


def halves(lock: str) -> tuple[str, str]:
    """Two locks that together say what this one says."""
    pinned = [block for block in re.split(r"^(?=\w)", lock, flags=re.MULTILINE) if "==" in block]
    return "".join(pinned[::2]), "".join(pinned[1::2])


def install_project() -> None:
    what = ["--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT)]
    if not by_uv(*what):
        end_unless_done([subprocess.run(pip(*what), env=environment(), cwd=ROOT).returncode])


def by_uv(*what: str) -> bool:
    """Whether uv is there and did it. Where it finds no way out, pip may."""
    uv = working_uv()
    return bool(uv) and succeeds([str(uv), "pip", "install", "--python", str(PYTHON), "--quiet", *what])


def pip(*what: str) -> list[str]:
    if not succeeds([str(PYTHON), "-m", "pip", "--version"]):
        sys.exit("Installing failed, and .venv has no pip to try instead. Remove .venv and run this again.")
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-qq", *what]


def end_unless_done(codes: list[int]) -> None:
    if any(codes):
        sys.exit("Installing failed: see above. Nothing else was changed; run the same command again.")


def environment() -> dict[str, str]:
    """No cache outside the project, unless whoever runs this keeps one on purpose."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    if "PIP_CACHE_DIR" not in env:
        env["PIP_NO_CACHE_DIR"] = "1"
    if "UV_CACHE_DIR" not in env:
        env["UV_NO_CACHE"] = "1"
    return env


def working_uv() -> str | None:
    uv = shutil.which("uv")
    return uv if uv and succeeds([uv, "--version"]) else None


def works(python: Path) -> bool:
    return python.exists() and succeeds(
        [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    )


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, env=environment(), cwd=ROOT, capture_output=True).returncode == 0


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started together don't install over each other; the second finds it done."""
    import fcntl

    with Path(__file__).open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main(sys.argv[1])
