"""The rules of the house that import-linter cannot say (its own contracts are in pyproject.toml).

They look at what exists, so a feature or layer is checked from its first file on.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from app.wiring import open_console

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FEATURES = words(
    "directory calendar outages runbook notices bridge live changes log reports account settings "
    "today outbox status rota crew"
)

# What a layer needs that is no feature. Extend it when a part truly knows no domain noun.
INFRASTRUCTURE = {
    "models": words("errors ids severity times events tables migrations"),
    "models/tables": words("base columns registry schema sync"),
    "services": words(
        "database events ports uow clock schema sample fly sync graph practice transfer "
        "folder backup doctor facade ops imports policy printing templates texts lint search "
        "working inverses"
    ),
    "views": words(
        "shell bridge ops notify theme widgets printing shots icons formats startup frame "
        "sample keys words texts palette page rail header tones absences free"
    ),
}

MOST_LINES = 400
HEX_COLOUR = re.compile(r"""["'#\s:(]#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b""")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def noun(entry: Path, known: frozenset[str] = FEATURES) -> str:
    """`notices`, and also for `notices_queue.py` and `_notices.py`; else the whole name."""
    stem = entry.stem.lstrip("_")
    return next((each for each in known if stem == each or stem.startswith(f"{each}_")), stem)


def modules_in(layer: str) -> list[Path]:
    """The modules and packages directly in a layer."""
    return sorted(
        entry
        for entry in (APP / layer).glob("*")
        if (entry.suffix == ".py" and entry.stem != "__init__")
        or (entry.is_dir() and any(entry.glob("*.py")))
    )


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def direct_imports(graph: grimp.ImportGraph, package: str) -> Iterator[tuple[str, str]]:
    for importer in sorted(graph.modules):
        if within(importer, package):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                yield importer, imported


@pytest.mark.parametrize("layer", sorted(INFRASTRUCTURE))
def test_a_module_in_a_layer_is_named_after_its_feature(layer: str) -> None:
    known = FEATURES | INFRASTRUCTURE[layer]
    strangers = [entry.name for entry in modules_in(layer) if noun(entry, known) not in known]
    assert not strangers, (
        f"app/{layer}: {strangers} name no feature. Move them into a feature's folder, or add a "
        "part that knows no domain to INFRASTRUCTURE in this test."
    )


def test_no_source_file_is_over_400_lines() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sources("app", "tests", "packaging")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long, "split knowledge, not lines"


def test_colours_come_from_the_theme_alone() -> None:
    theme = APP / "views" / "theme"
    painted = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for file in sources("app")
        if not file.is_relative_to(theme) and not file.name.startswith("theme")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HEX_COLOUR.search(f" {node.value}")
    ]
    assert not painted, "hex colours belong in app/views/theme"


def test_features_in_views_do_not_know_each_other(graph: grimp.ImportGraph) -> None:
    features = {
        f"app.views.{entry.stem}" for entry in modules_in("views") if noun(entry) in FEATURES
    }
    meetings = graph.find_illegal_dependencies_for_layers(
        layers=[grimp.Layer(*features, independent=True)]
    )
    assert not [f"{meeting.importer} → {meeting.imported}" for meeting in meetings], (
        "features meet in app.views.shell"
    )


def test_use_cases_know_ports_and_not_their_adapters(graph: grimp.ImportGraph) -> None:
    adapters = ("app.services.graph", "app.services.practice")
    known = [
        f"{importer} → {imported}"
        for importer, imported in direct_imports(graph, "app.services")
        for adapter in adapters
        if within(imported, adapter) and not any(within(importer, each) for each in adapters)
    ]
    assert not known, "only wiring joins ports and adapters"


def test_the_rules_know_no_storage_no_network_and_no_tables(graph: grimp.ImportGraph) -> None:
    outside = ("sqlmodel", "sqlalchemy", "alembic", "sqlite3", "httpx", "msal", "app.models.tables")
    storage = ("app.models.tables", "app.models.migrations")
    known = [
        f"{importer} → {imported}"
        for importer, imported in direct_imports(graph, "app.models")
        if not any(within(importer, each) for each in storage)
        and any(within(imported, each) for each in outside)
    ]
    assert not known, "app/models/<noun> holds rules; tables are services' business"


def test_migrations_stand_on_their_own(graph: grimp.ImportGraph) -> None:
    known = [
        f"{importer} → {imported}"
        for importer, imported in direct_imports(graph, "app.models.migrations")
        if within(imported, "app") and not within(imported, "app.models.migrations")
    ]
    assert not known, "a revision must mean the same when the models have moved on"


def test_the_app_imports_only_what_is_installed_with_it(graph: grimp.ImportGraph) -> None:
    """A tool of the test command, or something left in .venv, is missing on a user's machine."""
    pins = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", pins, re.MULTILINE))
    distributions = importlib.metadata.packages_distributions()
    strangers = []
    for importer, imported in direct_imports(graph, "app"):
        package = imported.split(".")[0]
        if package == "app" or package in sys.stdlib_module_names:
            continue
        brought_by = {
            re.sub(r"[-_.]+", "-", each).lower() for each in distributions.get(package, [])
        }
        if not brought_by & pinned:
            strangers.append(f"{importer} → {package}")
    assert not strangers, "declare it in pyproject.toml, then `dev.py lock`"


def test_the_window_frame_can_be_imported_without_the_database() -> None:
    """Importing SQLModel takes three times as long as the frame; it loads after the first paint."""
    if not any((APP / "views").glob("shell*")):
        return
    watch = (
        "import sys, app.views.shell;"
        "print(*sorted({'sqlmodel', 'sqlalchemy', 'alembic', 'icalendar', 'httpx', 'msal'}"
        " & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", watch], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


def test_a_window_on_a_file_knows_nothing_of_a_database_server() -> None:
    """3 MB, and no console but those that share a store has a use for it."""
    watch = (
        "import sys, app.wiring.pages, app.views.settings.store_cards;"
        "print(*(m for m in sys.modules if m.startswith('sqlalchemy.dialects.postgresql')))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", watch], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


def test_a_store_is_opened_and_today_painted_without_what_a_page_needs(tmp_path: Path) -> None:
    """Each of these would cost the first use case of a start 10 to 100 ms."""
    open_console(tmp_path).close()  # makes the store, which does need Alembic
    watch = (
        "import sys, pathlib, app.wiring;"
        "app.wiring.open_console(pathlib.Path(sys.argv[1])).close();"
        "import app.services.outages.first_rows, app.views.today.page, app.wiring.window;"
        "print(*sorted({'alembic', 'icalendar', 'jinja2', 'nh3', 'holidays', 'markdown_it', 'yaml'}"
        " & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", watch, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == []
