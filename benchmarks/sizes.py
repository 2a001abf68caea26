"""How much code there is: lines by app, the largest files, the longest functions.

python -m benchmarks.sizes
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
APPS = (
    "itsm/kernel",
    "itsm/local",
    "itsm/portal",
    "itsm",
    "cmdb",
    "knowledge",
    "changes",
    "transition",
    "tests",
    "benchmarks",
)
OTHER = {"templates": "*.html", "static/css": "*.css", "static/js": "*.js"}


def sources() -> Iterator[Path]:
    for top in {app.split("/")[0] for app in APPS}:
        for path in sorted((CHECKOUT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(CHECKOUT)


def app_of(path: Path) -> str:
    return next(app for app in APPS if str(path).startswith(app + "/"))


def functions(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse((CHECKOUT / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}"


def report() -> list[str]:
    lines: Counter[str] = Counter()
    by_file, by_function = [], []
    for path in sources():
        count = len((CHECKOUT / path).read_text().splitlines())
        lines[app_of(path)] += count
        by_file.append((count, str(path)))
        by_function += functions(path)
    for folder, pattern in OTHER.items():
        files = (CHECKOUT / folder).rglob(pattern)
        lines[folder] = sum(len(path.read_text().splitlines()) for path in files)
    shown = ["| code | lines |", "| --- | ---: |", *(f"| {name} | {lines[name]} |" for name in [*APPS, *OTHER])]
    shown += [f"| together | {sum(lines.values())} |", "", "| largest file | lines |", "| --- | ---: |"]
    shown += [f"| {name} | {count} |" for count, name in sorted(by_file, reverse=True)[:3]]
    shown += ["", "| longest function | lines |", "| --- | ---: |"]
    shown += [f"| {name} | {count} |" for count, name in sorted(by_function, reverse=True)[:3]]
    middle = sorted(count for count, _ in by_function)[len(by_function) // 2]
    return [*shown, "", f"{len(by_function)} functions; half are of {middle} lines or fewer."]


if __name__ == "__main__":
    print("\n".join(report()))
