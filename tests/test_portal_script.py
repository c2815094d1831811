"""`./portal`: one short script that works with any POSIX shell and any Python from 3.11 on."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "portal"
NEEDED = ("sh", "dirname", "cat", "cksum", "rm", "mkdir", "chmod", "cp", "echo", "touch")
PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
exit {code}
"""


@pytest.fixture
def place(tmp_path):
    """An empty clone with the script, on a machine that has a shell and nothing else."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in NEEDED:
        (tools / name).symlink_to(shutil.which(name))
    clone = tmp_path / "clone"
    clone.mkdir()
    shutil.copy(SCRIPT, clone)
    (clone / "requirements.txt").write_text("django==1\n")
    (clone / "requirements-dev.txt").write_text("pytest==1\n")
    return clone


def give_python(place, name="python3", code=0):
    file = place.parent / "bin" / name
    file.write_text(PYTHON.format(log=place / "calls", code=code))
    file.chmod(0o755)


def portal(place, *arguments):
    return subprocess.run(
        [place / "portal", *arguments],
        env={"PATH": str(place.parent / "bin")},
        cwd=place.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def calls(place):
    """What Python was asked to do, without the questions whether it is there."""
    lines = (place / "calls").read_text().splitlines()
    return [line for line in lines if not line.startswith("-c")]


INSTALL = "-m pip install -qq --disable-pip-version-check --requirement requirements.txt"


def test_without_a_command_it_lists_the_commands(place):
    answer = portal(place)
    assert answer.returncode == 0
    assert [line.split()[1] for line in answer.stdout.splitlines()] == [
        "run",
        "test",
        "check",
        "test-all",
        "messages",
        "pictures",
    ]


def test_an_unknown_command_changes_nothing_and_fails(place):
    answer = portal(place, "destroy")
    assert answer.returncode == 2
    assert "./portal run" in answer.stderr
    assert sorted(os.listdir(place)) == ["portal", "requirements-dev.txt", "requirements.txt"]


def test_no_python_at_all_is_said_in_a_sentence(place):
    answer = portal(place, "run")
    assert answer.returncode == 1
    assert (
        answer.stderr == "The portal needs Python 3.11 or newer, and none was found. Install it and run this again.\n"
    )


def test_a_python_that_is_too_old_does_not_count(place):
    give_python(place, "python3", code=1)
    assert "3.11 or newer" in portal(place, "run").stderr


def test_a_newer_python_beside_an_old_one_is_found(place):
    give_python(place, "python3", code=1)
    give_python(place, "python3.12")
    assert portal(place, "run").returncode == 0


def test_the_first_run_installs_prepares_and_serves(place):
    give_python(place)
    assert portal(place, "run").returncode == 0
    assert calls(place) == ["-m venv .venv", INSTALL, "manage.py prepare", "-m gunicorn soc_portal.wsgi"]


def test_the_second_run_installs_nothing(place):
    give_python(place)
    portal(place, "run")
    (place / "calls").unlink()
    portal(place, "run")
    assert calls(place) == ["manage.py prepare", "-m gunicorn soc_portal.wsgi"]


def test_changed_requirements_are_installed(place):
    give_python(place)
    portal(place, "run")
    (place / "calls").unlink()
    (place / "requirements.txt").write_text("django==2\n")
    portal(place, "run")
    assert calls(place)[0] == INSTALL


def test_tests_bring_their_own_packages_and_pass_arguments_on(place):
    give_python(place)
    assert portal(place, "test", "tests/test_health.py", "-x").returncode == 0
    assert calls(place)[1:] == [
        f"{INSTALL} --requirement requirements-dev.txt",
        "-m pytest -n 2 --dist loadfile tests/test_health.py -x",
    ]


def test_a_virtual_environment_that_is_broken_is_made_anew(place):
    give_python(place)
    portal(place, "run")
    (place / ".venv" / "bin" / "python").write_text("not a program")
    (place / "calls").unlink()
    assert portal(place, "run").returncode == 0
    assert calls(place)[:2] == ["-m venv .venv", INSTALL]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_any_shell_reads_it(shell):
    subprocess.run([shell, "-n", SCRIPT], check=True)
    assert SCRIPT.read_text().startswith("#!/bin/sh\n")
    assert os.access(SCRIPT, os.X_OK)
