"""`/docs`: the interface for people, made from the OpenAPI description, with nothing fetched from elsewhere."""

from __future__ import annotations

from flask import Blueprint, render_template

from api.catalogue import described
from api.parameters import only

blueprint = Blueprint("documentation", __name__)


@blueprint.get("/docs")
def docs() -> str:
    """Every endpoint with its parameters and answers, as a page."""
    only()
    return render_template("docs.html", api=described())
