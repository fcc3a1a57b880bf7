"""Ask a process of ours whether it does well: for the health check of a container or a unit.

    python -m tracker.probe http://127.0.0.1:9464/healthz

Ends with 0 where the answer is 200, else with 1 and one line of why. It loads nothing of the tracker: `tracker` itself
takes a second or two of the processor to start, and this is asked every half minute beside every process.
"""

from __future__ import annotations

import sys
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

WITHIN_S = 10
_MOST = 500
"""Characters of an answer that are shown."""


def probe(url: str) -> str | None:
    """None where the address answers with 200, else why not."""
    try:
        # No proxy of the environment: it is this machine that is asked.
        with build_opener(ProxyHandler({})).open(url, timeout=WITHIN_S) as answer:
            return None if answer.status == 200 else f"answers with {answer.status}"
    except HTTPError as error:
        return f"answers with {error.code}: {error.read(_MOST).decode(errors='replace').strip()}"
    except (OSError, HTTPException, ValueError) as error:
        return f"does not answer: {getattr(error, 'reason', None) or error}"


def main() -> None:
    """Ask the one address that is given."""
    if len(sys.argv) != 2 or not sys.argv[1].startswith("http://"):
        sys.exit("usage: python -m tracker.probe http://127.0.0.1:PORT/healthz")
    if why := probe(sys.argv[1]):
        sys.exit(f"{sys.argv[1]} {why}")


if __name__ == "__main__":
    main()
