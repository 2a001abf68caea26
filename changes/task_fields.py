"""The task template of a change model: what may stand in it, and its rows in the model's form."""

from typing import Any

from django import forms

FIELDS = ("title", "instructions", "offset_minutes", "duration_minutes")
MINUTES = ("offset_minutes", "duration_minutes")
LONGEST_TITLE, LONGEST_TEXT, LONGEST_MINUTES, MOST, SPARE = 200, 10_000, 366 * 24 * 60, 200, 3


def problems(tasks: Any) -> list[str]:
    """What is wrong with them, each by its place."""
    if not isinstance(tasks, list) or len(tasks) > MOST:
        return [f"Give a list of at most {MOST} tasks."]
    return [f"Task {at}: {said}" for at, one in enumerate(tasks, 1) if (said := _wrong(one))]


def _wrong(one: Any) -> str:
    if not isinstance(one, dict) or (set(one) - set(FIELDS)):
        return f"it may have {', '.join(FIELDS)}, and nothing else."
    if not isinstance(one.get("title"), str) or not 1 <= len(one["title"].strip()) <= LONGEST_TITLE:
        return f"it needs a title, of at most {LONGEST_TITLE} characters."
    if not isinstance(one.get("instructions", ""), str) or len(one.get("instructions", "")) > LONGEST_TEXT:
        return f"its instructions are a text of at most {LONGEST_TEXT:,} characters."
    for name in MINUTES:
        if not _is_minutes(one.get(name, 0)):
            return f"its {name.replace('_minutes', '')} is a whole number of minutes, from 0 to {LONGEST_MINUTES:,}."
    return ""


def _is_minutes(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= LONGEST_MINUTES


class TaskRows(forms.Widget):
    """A row for each task, and some to spare; a row without a word is no task."""

    template_name = "widgets/task_rows.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        rows = [*(value or []), *[{}] * SPARE]
        numbered = [{"at": at, **row} for at, row in enumerate(rows, 1)]
        return super().get_context(name, value, attrs) | {"name": name, "rows": numbered, "longest": LONGEST_TITLE}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        said = [data.getlist(f"{name}-{field}") if hasattr(data, "getlist") else [] for field in FIELDS]
        rows = [dict(zip(FIELDS, (word.strip() for word in row), strict=True)) for row in zip(*said, strict=False)]
        return [row for row in rows if any(row.values())]

    def id_for_label(self, id_: str) -> str:
        return ""


class TasksField(forms.Field):
    """The rows as the model keeps them: what is left empty is left out."""

    widget = TaskRows

    def clean(self, value: Any) -> list[dict[str, Any]]:
        tasks = [{field: _read(field, word) for field, word in row.items() if word != ""} for row in value or []]
        if wrong := problems(tasks):
            raise forms.ValidationError(wrong)
        return tasks


def _read(field: str, word: Any) -> Any:
    return int(word) if field in MINUTES and str(word).isascii() and str(word).isdigit() else word
