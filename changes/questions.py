"""The questions that a change model asks, and what may be answered.

A question is {code, text, kind, choices, required}; on a page each is one line:
`downtime: How long is it down? (number) *`, the star for one that must be answered.
"""

import re
from typing import Any

KINDS = ("text", "yes_no", "number", "choice")
KNOWN = {"code", "text", "kind", "choices", "required"}
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LINE = re.compile(r"\s*(?P<code>[^:]*):\s*(?P<text>.*?)\s*(?:\((?P<kind>[^()]*)\))?\s*(?P<required>\*?)\s*")
MOST, LONGEST, LONGEST_ANSWER = 50, 300, 2000


def problems(questions: Any) -> list[str]:
    """What is wrong with them, each by its place."""
    if not isinstance(questions, list) or len(questions) > MOST:
        return [f"Give a list of at most {MOST} questions."]
    found = [f"Question {at}: {said}" for at, one in enumerate(questions, 1) if (said := _wrong(one))]
    codes = [one["code"] for one in questions if isinstance(one, dict) and isinstance(one.get("code"), str)]
    return found + [f"{code} is asked twice." for code in sorted({c for c in codes if codes.count(c) > 1})]


def _wrong(one: Any) -> str:
    if not isinstance(one, dict):
        return "it must be an object."
    if unknown := set(one) - KNOWN:
        return f"unknown {', '.join(sorted(map(str, unknown)))}; known are {', '.join(sorted(KNOWN))}."
    if not isinstance(one.get("code"), str) or not CODE.fullmatch(one["code"]):
        return "its code is a word of small letters, digits and _."
    if not isinstance(one.get("text"), str) or not 1 <= len(one["text"].strip()) <= LONGEST:
        return f"say what is asked, in at most {LONGEST} characters."
    if one.get("kind", "text") not in KINDS:
        return f"its kind is one of {', '.join(KINDS)}."
    if not isinstance(one.get("required", False), bool):
        return "`required` is true or false."
    return _wrong_choices(one)


def _wrong_choices(one: dict[str, Any]) -> str:
    choices = one.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(c, str) and 0 < len(c) <= 100 for c in choices):
        return "its choices are a list of texts."
    if (one.get("kind") == "choice") != bool(choices):
        return "a choice has choices, and nothing else has."
    return ""


def wrong_answers(questions: list[dict[str, Any]], answers: Any) -> dict[str, list[str]]:
    """What cannot be kept, by the question's code."""
    if not isinstance(answers, dict):
        return {"non_field_errors": ["Give an object of answers by code."]}
    known = {one["code"]: one for one in questions}
    found = {code: ["The model asks no such question."] for code in answers if code not in known}
    for code, one in known.items():
        if code in answers and (said := _wrong_answer(one, answers[code])):
            found[code] = [said]
    return found


def _wrong_answer(one: dict[str, Any], answer: Any) -> str:
    if answer in (None, ""):
        return ""
    kind = one.get("kind", "text")
    if kind == "yes_no":
        return "" if isinstance(answer, bool) else "Answer true or false."
    if kind == "number":
        fits = isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) < 1e15
        return "" if fits else "Answer with a number."
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER or "\x00" in answer:
        return f"Answer with a text of at most {LONGEST_ANSWER} characters."
    if kind == "choice" and answer not in one["choices"]:
        return f"Answer one of {', '.join(one['choices'])}."
    return ""


def unanswered(questions: list[dict[str, Any]], answers: dict[str, Any]) -> list[dict[str, Any]]:
    """What must be answered and is not."""
    return [one for one in questions if one.get("required") and answers.get(one["code"]) in (None, "")]


def kept(questions: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    """Of answers to another model's questions those that these ask too, and that fit."""
    wrong = wrong_answers(questions, answers)
    return {code: said for code, said in answers.items() if code not in wrong}


def told(questions: list[dict[str, Any]], answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Question and answer in words, in the model's order."""
    return [(one["text"], _said(answers.get(one["code"]))) for one in questions]


def _said(answer: Any) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return "" if answer is None else str(answer)


def written(questions: list[dict[str, Any]]) -> str:
    return "\n".join(_line(one) for one in questions)


def _line(one: dict[str, Any]) -> str:
    kind = one.get("kind", "text")
    words = f"choice: {' / '.join(one['choices'])}" if kind == "choice" else kind
    return f"{one['code']}: {one['text']} ({words}){' *' if one.get('required') else ''}"


def parsed(text: str) -> list[dict[str, Any]]:
    """Each line a question; what is wrong with one is said by `problems`."""
    return [_question(line) for line in text.splitlines() if line.strip()]


def _question(line: str) -> dict[str, Any]:
    match = LINE.fullmatch(line)
    if match is None:
        return {"code": "", "text": line.strip()}
    kind, _, choices = (match["kind"] or "text").partition(":")
    found: dict[str, Any] = {"code": match["code"].strip(), "text": match["text"], "kind": kind.strip()}
    if choices:
        found["choices"] = [each.strip() for each in choices.split("/") if each.strip()]
    return found | ({"required": True} if match["required"] else {})
