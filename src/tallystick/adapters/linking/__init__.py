"""Record linkage of any table, or of two, with a declarative model: `link` and what it needs.

Splink (the extra `link`) compares on DuckDB; the model, the fitting on what was found and the joining are ours.
"""

from tallystick.adapters.linking.clusters import join_pairs
from tallystick.adapters.linking.files import link_files
from tallystick.adapters.linking.linking import Linked, link
from tallystick.adapters.linking.measure import Quality, Score, measure
from tallystick.adapters.linking.model import Field, Model, ModelError, read_model

__all__ = [
    "Field",
    "Linked",
    "Model",
    "ModelError",
    "Quality",
    "Score",
    "join_pairs",
    "link",
    "link_files",
    "measure",
    "read_model",
]
