"""The model card."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from fastapi import APIRouter, Request, Response

from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import fresh
from tallystick.doors.api.problems import KNOWN
from tallystick.service.model_card import model_card

router = APIRouter(prefix="/v1/model", tags=["model"])


@router.get("", responses=KNOWN, response_model=shapes.ModelCard)
def card(request: Request, service: Live, _: Annotated[Caller, needs("model.read")]) -> Response:
    """By what rules everybody is rated: the policy in force with its parameters and history, grades, kinds of
    promise, reasons in English and Chinese, and what was measured."""
    text = json.dumps(model_card(service), ensure_ascii=False)
    return fresh(
        request.headers.get("if-none-match"),
        hashlib.blake2b(text.encode(), digest_size=12).hexdigest(),
        text,
    )
