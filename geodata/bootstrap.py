"""From a bare Python to a running product: makes .venv, installs into it and starts the app or the tests.

Standard library only, and readable by an older Python, which gets a message instead of a syntax error.
Every message is in Chinese and English, since the reader's language is not known yet.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import BinaryIO

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
INSTALLED = "installed-{extra}.txt"  # in the environment: what was last installed into it
TEST_PART = "# what its tests run on"  # the line of constraints.txt that the runtime part ends at
TOOLS = ("pip", "setuptools")  # what an editable install is made with
PLATFORMS = {
    "windows": ("win_amd64",),
    # glibc 2.28 (Debian 10, Ubuntu 20.04, RHEL 8 and their Chinese kin) and everything older still runs there
    "linux": (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)),
              "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"),
}
SYS_PLATFORM = {"windows": "win32", "linux": "linux"}
PIN = re.compile(r"""(?P<pin>[\w.-]+==[\w.!+-]+)(?:\s*;\s*sys_platform\s*==\s*["'](?P<platform>\w+)["'])?""")
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile")
CHECKS = (
    ("ruff", ("-m", "ruff", "check", ".")),
    ("mypy", ("-m", "mypy")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    ("pytest", ("-m", "pytest", "--ignore=tests/browser", *TWO_AT_A_TIME)),
)
BESIDE = ("pytest in a browser", ("-m", "pytest", "tests/browser", *TWO_AT_A_TIME))
"""Runs beside the others, since a browser's tests mostly wait; on its own, since Playwright keeps an event loop running."""


def say(zh: str, en: str) -> None:
    """Print one message in both languages, at once (a child's output follows it)."""
    print(f"{zh}\n{en}", flush=True)


def environment_folder() -> Path:
    """Return the environment in use: CHANHE_VENV, else .venv beside the product."""
    return Path(os.environ.get("CHANHE_VENV") or ROOT / ".venv").absolute()


def python_in(folder: Path) -> Path:
    """Return the interpreter of the environment in `folder`, on Windows and elsewhere."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def make_environment(folder: Path) -> Path:
    """Make the environment in `folder` where there is none yet and return its interpreter.

    Raises:
        SystemExit: the environment cannot be made (Debian and Ubuntu keep `venv` in a package of its own).
    """
    python = python_in(folder)
    if python.exists():
        return python
    say(f"建立运行环境 {folder} …", f"Making the environment {folder} …")
    try:
        venv.create(folder, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"无法建立运行环境：{error}\nDebian / Ubuntu 请先安装 python3-venv，再删除 {folder} 后重试。",
            f"The environment cannot be made: {error}\n"
            f"On Debian / Ubuntu install python3-venv, delete {folder} and try again.")
        raise SystemExit(1) from error
    return python


def fingerprint(extra: str) -> str:
    """Return what an installation depends on, as a hash: the two files, the part, the place and the Python."""
    content = b"\0".join([(ROOT / "pyproject.toml").read_bytes(), CONSTRAINTS.read_bytes(), extra.encode(),
                          str(ROOT).encode(), sys.version.encode()])
    return hashlib.sha256(content).hexdigest()


def is_installed(folder: Path, extra: str) -> bool:
    """Tell whether `extra` stands in the environment as the two files now say; the tests' part holds the app's."""
    return any((folder / INSTALLED.format(extra=part or "app")).is_file()
               and (folder / INSTALLED.format(extra=part or "app")).read_text(encoding="ascii") == fingerprint(part)
               for part in {extra, "test"})


def install(folder: Path, *, extra: str = "", wheels: Path | None = None) -> Path:
    """Install the product, editable, with the versions of constraints.txt; do nothing where it is up to date.

    Args:
        folder: the environment.
        extra: the optional part to install as well (`test`).
        wheels: a folder that the `wheels` command filled; then nothing is asked of any network.

    Returns:
        The environment's interpreter.

    Raises:
        SystemExit: pip failed; its own message stands above ours.
    """
    python = make_environment(folder)
    if is_installed(folder, extra):
        return python
    say("安装所需的包（仅首次或版本清单改变时）…",
        "Installing what is needed (the first time, or when the list of versions changed) …")
    environ = dict(os.environ)
    source = ["--constraint", str(CONSTRAINTS)]
    if wheels is not None:
        source += ["--no-index", "--find-links", str(wheels)]
        # an operator's own settings for pip may name further sources
        environ = {name: value for name, value in environ.items() if not name.upper().startswith("PIP_")}
        environ["PIP_CONFIG_FILE"] = os.devnull
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *source]
    product = f"{ROOT}[{extra}]" if extra else str(ROOT)
    # built with the setuptools just pinned, not with the newest one in a build environment of its own
    for command in ([*pip, "--upgrade", *TOOLS], [*pip, "--no-build-isolation", "--editable", product]):
        if subprocess.run(command, env=environ, check=False).returncode:
            say("安装未成功，原因见上。无互联网时：先在联网电脑上运行 python -m geodata.bootstrap wheels --out 文件夹，"
                "再加 --wheels 文件夹。",
                "The installation failed, for the reason above. Without internet: on a connected machine run "
                "python -m geodata.bootstrap wheels --out FOLDER, then add --wheels FOLDER here.")
            raise SystemExit(1)
    (folder / INSTALLED.format(extra=extra or "app")).write_text(fingerprint(extra), encoding="ascii")
    return python


def pins(platform: str) -> list[str]:
    """Return the exact versions that the running product needs on `platform` (a key of PLATFORMS).

    Raises:
        ValueError: a line of constraints.txt is neither `name==version` nor that with one `sys_platform`.
    """
    runtime = CONSTRAINTS.read_text(encoding="utf-8").partition(TEST_PART)[0]
    found = []
    for line in filter(None, (line.partition("#")[0].strip() for line in runtime.splitlines())):
        match = PIN.fullmatch(line)
        if match is None:
            message = f"constraints.txt: {line!r} is not 'name==version' with at most one sys_platform"
            raise ValueError(message)
        if match["platform"] in {None, SYS_PLATFORM[platform]}:
            found.append(match["pin"])
    return found


def download_command(python: Path, out: Path, platform: str, version: str) -> list[str]:
    """Return the pip command that puts the wheels for `platform` and Python `version` into `out`.

    Dependencies are listed, not worked out: pip would read their conditions for the machine it runs on.
    """
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    return [str(python), "-m", "pip", "download", "--disable-pip-version-check", "--dest", str(out), "--no-deps",
            "--only-binary", ":all:", "--implementation", "cp", "--python-version", version, *tags, *pins(platform)]


def set_up(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Install where needed, start nothing, and print the interpreter that everything now runs in."""
    refuse(rest)
    print(install(environment_folder(), wheels=arguments.wheels))
    return 0


def serve(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Install where needed and start the app with `rest` as its own options; returns its exit code."""
    python = install(environment_folder(), wheels=arguments.wheels)
    return hand_over([str(python), "-m", "geodata", "serve", *rest])


def test(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Install where needed and run every check; 1 where any of them failed. With `rest` pytest runs that alone."""
    python = str(install(environment_folder(), extra="test", wheels=arguments.wheels))
    failed = []

    def check(name: str, command: list[str]) -> None:
        print(f"\n== {name}", flush=True)
        if run([python, *command]):
            failed.append(name)

    if rest:
        check("pytest", ["-m", "pytest", *TWO_AT_A_TIME, *rest])
    else:
        name, command = BESIDE
        with tempfile.TemporaryFile() as heard, beside([python, *command], heard) as process:
            for each, its_command in CHECKS:
                check(each, [*its_command])
            print(f"\n== {name}", flush=True)
            code = wait_for(process)
            heard.seek(0)
            print(heard.read().decode("utf-8", "replace"), flush=True)
        if code:
            failed.append(name)
    if failed:
        say(f"未通过：{'、'.join(failed)}", f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def wheels(arguments: argparse.Namespace, rest: list[str]) -> int:
    """Fill a folder with everything an installation without internet needs; returns pip's exit code."""
    refuse(rest)
    python = make_environment(environment_folder())
    arguments.out.mkdir(parents=True, exist_ok=True)
    for platform in PLATFORMS if arguments.platform == "both" else (arguments.platform,):
        for version in arguments.python or [f"{sys.version_info[0]}.{sys.version_info[1]}"]:
            say(f"下载 {platform} · Python {version} …", f"Downloading for {platform} · Python {version} …")
            code = run(download_command(python, arguments.out, platform, version))
            if code:
                return code
    found = [file for file in arguments.out.iterdir() if file.suffix == ".whl"]
    megabytes = sum(file.stat().st_size for file in found) / 1e6
    say(f"{arguments.out} 内有 {len(found)} 个安装包，{megabytes:.0f} MB。把它与本项目文件夹一起拷到内网电脑，然后运行：",
        f"{arguments.out} holds {len(found)} wheels, {megabytes:.0f} MB. Copy it and this project to the machine "
        "without internet, then run there:")
    print(f"python -m geodata.bootstrap serve --wheels {arguments.out}")
    return 0


def refuse(rest: list[str]) -> None:
    """Leave with a message where arguments are left over that nobody is to have.

    Raises:
        SystemExit: there are some.
    """
    if rest:
        say(f"多余的参数：{' '.join(rest)}", f"Unknown arguments: {' '.join(rest)}")
        raise SystemExit(2)


def hand_over(command: list[str]) -> int:
    """Become `command`, so that whoever stops this process stops that one; Windows can only wait for it."""
    if os.name != "nt":
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606  the very Python that was set up; no shell is wanted
    return run(command)


def run(command: list[str]) -> int:
    """Run `command` in the product's folder and return its exit code."""
    with subprocess.Popen(command, cwd=ROOT) as process:
        return wait_for(process)


def beside(command: list[str], heard: BinaryIO) -> subprocess.Popen[bytes]:
    """Start `command` in the product's folder; what it prints is kept in `heard`."""
    return subprocess.Popen(command, cwd=ROOT, stdout=heard, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUTF8": "1"})


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code of a child; Ctrl+C is the child's to answer."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def folder(given: str) -> Path:
    """Return the folder named on the command line; the children run elsewhere, so it becomes absolute."""
    return Path(given).absolute()


def read_arguments(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Read the command line; what is left over belongs to the app or to pytest."""
    parser = argparse.ArgumentParser(prog="python -m geodata.bootstrap", description="安装并运行 / Install and run")
    commands = parser.add_subparsers(dest="command", required=True)
    offline = "由 wheels 命令准备的文件夹，不访问网络 / a folder filled by the wheels command; no network is asked"
    for name, action, summary in (("install", set_up, "只安装，不启动 / install, start nothing"),
                                  ("serve", serve, "安装并启动地图 / install and start the app"),
                                  ("test", test, "安装并运行全部检查 / install and run every check")):
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        command.add_argument("--wheels", metavar="DIR", type=folder, help=offline)
        command.set_defaults(action=action)
    summary = "在联网电脑上备齐安装包 / fill a folder of wheels on a connected machine"
    command = commands.add_parser("wheels", help=summary, description=summary)
    command.add_argument("--out", metavar="DIR", type=folder, required=True, help="文件夹 / folder")
    command.add_argument("--platform", choices=[*PLATFORMS, "both"], default="both", help="x86-64")
    command.add_argument("--python", action="append", metavar="3.11",
                         help="内网电脑的 Python 版本，可多次给出；默认与本机相同 / "
                              "the other machine's Python, may be given again; by default this one's")
    command.set_defaults(action=wheels)
    return parser.parse_known_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Do what the command line asks; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console of another code page still shows the English line
    if sys.version_info < OLDEST:
        say(f"需要 Python {OLDEST[0]}.{OLDEST[1]} 或更新版本，现为 {sys.version.split()[0]}。",
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
        return 1
    arguments, rest = read_arguments(sys.argv[1:] if argv is None else argv)
    code: int = arguments.action(arguments, rest)
    return code


if __name__ == "__main__":
    sys.exit(main())
