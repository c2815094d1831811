"""The house rule of imports: a file uses its own layer or an earlier one, and models follow the chain of apps.

Enums, models, measures, access, emails, actions, reminders, forms, views, tasks, urls: from what the database stores to
what a browser asks. Who breaks this rule couples a fact to a person, or a person to a page.
"""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
LAYERS = ["enums", "models", "measures", "access", "emails", "actions", "reminders", "forms", "views", "tasks", "urls"]
APPS = ["collaboratives", "families", "referrals", "teams"]
CHAIN = ["soc_portal", *APPS]  # models only: each may use those before it
FORBIDDEN = {"services", "selectors", "utils", "helpers", "signals", "common", "managers"}

# Files whose name is not a layer, and the layer whose rule they keep; each with its reason.
COUNTS_AS = {
    "soc_portal.accounts.entry": "views",  # sign-in and the way out: views, split from accounts/views.py
    "soc_portal.accounts.entry_urls": "urls",  # their addresses
    "soc_portal.accounts.personas": "enums",  # the demo people: plain data
    "soc_portal.accounts.devices": "enums",  # words for a kind of device: no imports
}
# Parts that Django or allauth calls by their place, and the makers of the fictional state, which act like people do:
# outside the layers, and no layer may lean on them.
OUTSIDE = {
    "__init__", "apps", "adapter", "admin", "migrations", "management", "templatetags", "formats", "demo", "pictures",
}  # fmt: skip


def module_of(path):
    """The dotted name of a file: teams/models/plan.py is teams.models.plan."""
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module):
    """The layer of a dotted name, or None for what stands outside the layers (and for other people's packages)."""
    if module in COUNTS_AS:
        return COUNTS_AS[module]
    app, *rest = module.split(".")
    if app not in CHAIN:
        return None
    if app == "soc_portal":
        # soc_portal/access and soc_portal/measures are layers themselves; other packages hold layers as an app does.
        rest = rest if rest and rest[0] in LAYERS else rest[1:]
    return rest[0] if rest and rest[0] in LAYERS else None


def files():
    return [path for app in CHAIN for path in sorted((TOP / app).rglob("*.py")) if "migrations" not in path.parts]


def imports_of(path, known):
    """Every module that this file imports, anywhere in it, with the line: relative ones made absolute, and
    `from teams import access` counted as teams.access."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*anchor, *filter(None, [base])])
            for alias in node.names:
                longer = f"{base}.{alias.name}"
                yield (longer if longer in known else base), node.lineno


def known_modules():
    return {module_of(path) for path in files()}


def too_high(importer, imported):
    """Whether a module of this layer may not use that one: it stands in a later layer."""
    mine, theirs = layer_of(importer), layer_of(imported)
    return bool(mine and theirs and LAYERS.index(theirs) > LAYERS.index(mine))


def off_the_chain(importer, imported):
    """Whether these are models and the second belongs to a later app."""
    if layer_of(importer) != "models" or layer_of(imported) != "models":
        return False
    mine, theirs = importer.split(".")[0], imported.split(".")[0]
    return CHAIN.index(theirs) > CHAIN.index(mine)


def broken(rule):
    known = known_modules()
    return [
        f"{path.relative_to(TOP)}:{line} imports {imported}"
        for path in files()
        for imported, line in imports_of(path, known)
        if rule(module_of(path), imported)
    ]


def test_a_file_imports_its_own_layer_or_an_earlier_one():
    assert broken(too_high) == []


def test_models_follow_the_chain_of_apps():
    assert broken(off_the_chain) == []


def test_every_file_of_an_app_is_a_layer_or_named_here_with_its_reason():
    strange = []
    for path in files():
        parts = path.relative_to(TOP).parts
        in_app = (
            parts[1:] if parts[0] != "soc_portal" else parts[2:]
        )  # files right in soc_portal/ are the project's own
        name = in_app[0].removesuffix(".py") if in_app else ""
        if in_app and layer_of(module_of(path)) is None and name not in OUTSIDE and parts[1] not in OUTSIDE:
            strange.append(str(path.relative_to(TOP)))
    assert strange == []


def test_no_layer_leans_on_what_stands_outside():
    def leans(importer, imported):
        parts = imported.split(".")
        return (
            layer_of(importer) is not None and parts[0] in CHAIN and bool({"demo", "management", "admin"} & set(parts))
        )

    assert broken(leans) == []


def test_there_is_no_file_of_leftovers():
    assert [module_of(path) for path in files() if FORBIDDEN & set(path.relative_to(TOP).with_suffix("").parts)] == []


def test_only_the_access_package_uses_guardian():
    """Models may use guardian's base classes for their permission tables; asking it anything is for one place only."""
    known = known_modules()
    found = []
    for path in files():
        if path.is_relative_to(TOP / "soc_portal" / "access"):
            continue
        layer = layer_of(module_of(path))
        for imported, line in imports_of(path, known):
            if imported.split(".")[0] == "guardian" and not (layer == "models" and imported == "guardian.models"):
                found.append(f"{path.relative_to(TOP)}:{line}")
    assert found == []


@pytest.mark.parametrize("word", ["get_objects_for_user", "get_objects_for_group"])
def test_guardians_slow_shortcuts_are_nowhere(word):
    texts = [*files(), *(TOP / "templates").rglob("*.html")]
    assert [str(path.relative_to(TOP)) for path in texts if word in path.read_text()] == []


# The rules themselves: a test that cannot fail protects nothing.
@pytest.mark.parametrize(
    ("importer", "imported", "refused"),
    [
        ("teams.models.plan", "teams.enums", False),
        ("teams.models.plan", "teams.access", True),
        ("teams.access", "teams.models.plan", False),
        ("teams.access", "families.access", False),
        ("families.access", "teams.access", False),
        ("teams.access", "teams.actions.plan", True),
        ("teams.actions.plan", "teams.emails", False),
        ("teams.emails", "teams.actions", True),
        ("teams.views.plan", "teams.forms", False),
        ("teams.forms", "teams.views.plan", True),
        ("soc_portal.access.scope", "teams.models", False),
        ("soc_portal.access.scope", "teams.actions", True),
        ("soc_portal.audit.models", "soc_portal.audit.actions", True),
        ("soc_portal.accounts.entry", "soc_portal.accounts.urls", True),
        ("soc_portal.context", "teams.access", False),
        ("teams.models.plan", "django.urls", False),
    ],
)
def test_the_layer_rule_refuses(importer, imported, refused):
    assert too_high(importer, imported) is refused


@pytest.mark.parametrize(
    ("importer", "imported", "refused"),
    [
        ("families.models", "collaboratives.models", False),
        ("families.models", "soc_portal.versions.models", False),
        ("collaboratives.models", "families.models", True),
        ("soc_portal.audit.models", "collaboratives.models", True),
        ("families.models", "teams.models.team", True),
        ("families.models", "teams.enums", False),
        ("families.access", "teams.models", False),
    ],
)
def test_the_chain_rule_refuses(importer, imported, refused):
    assert off_the_chain(importer, imported) is refused


def test_relative_and_plain_package_imports_are_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "TOP", tmp_path)
    (tmp_path / "teams" / "models").mkdir(parents=True)
    file = tmp_path / "teams" / "models" / "plan.py"
    lines = ["from . import meeting", "from .. import access", "from ..views import x", "import teams.urls"]
    file.write_text("\n".join([*lines, "from teams import forms"]))
    known = {"teams.models.meeting", "teams.access", "teams.forms"}
    assert [name for name, _line in imports_of(file, known)] == [
        "teams.models.meeting",
        "teams.access",
        "teams.views",
        "teams.urls",
        "teams.forms",
    ]
