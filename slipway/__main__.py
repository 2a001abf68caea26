"""`slipway gate`, `slipway start` and `slipway finish`: ask whether a version may go live, and tell how it went."""

import argparse
import sys
from collections.abc import Sequence

from slipway import gate
from slipway.client import Client, CouldNotAsk, Refused


def parser() -> argparse.ArgumentParser:
    """Each word that the command knows."""
    root = argparse.ArgumentParser(prog="slipway", description="Ask the change authority of your organisation.")
    _add_where(root, None, 60)
    verbs = root.add_subparsers(dest="verb", required=True, metavar="gate | start | finish")
    gate.add_arguments(verbs.add_parser("gate", help="may this version be deployed?"))
    start = verbs.add_parser("start", help="the deployment begins; uses the authorisation, once")
    start.add_argument("deployment", help="its number, such as DEP-12")
    start.add_argument("--digest", help="of the artifact that is deployed, such as sha256:…")
    start.add_argument("--commit", action="append", default=[], help="that is deployed; repeat it for more")
    finish = verbs.add_parser("finish", help="the deployment ended")
    finish.add_argument("deployment", help="its number, such as DEP-12")
    finish.add_argument("outcome", choices=["succeeded", "failed", "rolled_back"])
    finish.add_argument("--reason", default="", help="why it was rolled back or failed")
    for verb in verbs.choices.values():
        _add_where(verb, argparse.SUPPRESS, argparse.SUPPRESS)
    return root


def _add_where(to: argparse.ArgumentParser, url: str | None, retry_for: float | str) -> None:
    """Before the verb or after it, as it comes to mind."""
    to.add_argument("--url", default=url, help="where Slipway is (or SLIPWAY_URL)")
    to.add_argument(
        "--retry-for", type=float, default=retry_for, metavar="SECONDS", help="while it cannot be reached (60)"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exits with 0 (yes, or told), 1 (no, with the reasons) or 2 (could not ask)."""
    said = parser().parse_args(arguments)
    try:
        client = Client.of(said.url, retry_for=said.retry_for)
        return {"gate": gate.ask, "start": gate.start, "finish": gate.finish}[said.verb](client, said)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except CouldNotAsk as trouble:
        return _without_answer(trouble, getattr(said, "if_unreachable", "closed"))


def _without_answer(trouble: CouldNotAsk, if_unreachable: str) -> int:
    print(f"Could not ask: {trouble}", file=sys.stderr)
    if trouble.unreachable and if_unreachable == "open":
        print("Going on without an answer, as --if-unreachable=open says.", file=sys.stderr)
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main())
