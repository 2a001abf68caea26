"""python -m itsm.local.probe live|ready|ready?parts=database,worker

What a container's health check runs; the exit code is the answer.
"""

import os
import sys
import urllib.error
import urllib.request


def main(question: str) -> int:
    # The site answers only to its own names, and a check from inside calls it by address.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health/{question}"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=4) as response:
            print(response.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode(errors="replace"))
    except OSError as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
