"""axe-core (tests/browser/axe/, MPL-2.0, of the npm package axe-core 4.14.1) asked about a page."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "axe"


@cache
def script() -> str:
    """The checker, whose digest is the noted one."""
    raw = (FOLDER / "axe.min.js").read_bytes()
    assert (FOLDER / "SHA256SUMS").read_text().split()[0] == hashlib.sha256(raw).hexdigest()
    return raw.decode("utf-8")


def complaints(page: Page) -> list[str]:
    """What axe finds on the page that is serious or critical (contrast AA among it), each with where it stands."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(script())  # not as a script of the page, which its Content-Security-Policy would refuse
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]} {(node['any'] or node['all'] or node['none'])[0]['message'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
