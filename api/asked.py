"""The request itself: Flask's `request` looks it up anew each time it is touched, which hooks do a dozen times."""

from __future__ import annotations

from typing import Any, cast

from flask import Request, request


def this_request() -> Request:
    """The request that is being answered."""
    proxy: Any = request
    return cast(Request, proxy._get_current_object())
