"""Packages that come with the extra `fit`, loaded when a rival first needs them."""

from __future__ import annotations

import importlib
from typing import Any


class RivalMissing(ImportError):
    """A rival cannot run because its package is not installed; the message says what to install."""


def load(package: str) -> Any:
    """The module of that name. Raises `RivalMissing`."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise RivalMissing(
            f"the baseline that uses {package} cannot run: it is not installed. "
            "Install it with `pip install 'tallystick[fit]'`, or leave out the learned baselines"
        ) from error
