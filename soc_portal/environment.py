"""How a setting is read from the environment: each helper answers, or stops the start and says what to do.

Only soc_portal/settings.py calls these.
"""

import os
import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def flag(name, default):
    """A yes or no."""
    word = env.str(name, default="").strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    if word == "":
        return default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not something else.")


def port_number(name, default):
    """A port from 1 to 65535."""
    text = env.str(name, default="").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ImproperlyConfigured(f"{name} must be a number from 1 to 65535, for example {default}.")
    return int(text)


def address(name, schemes, example):
    """A URL with one of these schemes and a host, or an empty text where the variable is not set.

    It may hold a password, so no message repeats it.
    """
    text = env.str(name, default="").strip()
    try:
        parts = urlsplit(text)
        understood = parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        understood = False
    if text and not understood:
        raise ImproperlyConfigured(f"{name} is not understood. It must look like this: {example}")
    return text


def is_loopback(host):
    """True for an address that only this machine can reach."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def need(condition, sentence):
    """Stop the start with this sentence unless the condition holds."""
    if not condition:
        raise ImproperlyConfigured(sentence)


def secret_key_of(folder):
    """The key in `secret_key` in this folder, made on the first start and readable by its owner alone."""
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # never replaces a key that another process made in the meantime
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip()


def folder_at(path):
    """This folder, made where it is missing, closed to other accounts of the machine."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"The folder {path} can't be made. Set VAR_DIR to a folder that can.") from error
    return path
