"""The pictures of a report, by what they show."""

from __future__ import annotations

from tallystick.report import blocks as b
from tallystick.report.curve_blocks import Concentration, Survival
from tallystick.report.phrases import Phrases
from tallystick.report.picture import Picture
from tallystick.report.record_pictures import (
    concentration_picture,
    quarters_picture,
    survival_picture,
)
from tallystick.report.strip_picture import strip_picture


def pictures_of(report: b.Report) -> dict[str, Picture | None]:
    """`quarters`, `survival`, `strip` and `concentration`; None where there is too little to show."""
    say = Phrases(report.lang)
    coverage_ppm = report.block(b.Headline).coverage_ppm
    return {
        "quarters": quarters_picture(report.block(b.TrackRecord).quarters, coverage_ppm, say),
        "survival": survival_picture(report.block(Survival), coverage_ppm, say),
        "strip": strip_picture(report.block(b.Promises).dots, say),
        "concentration": concentration_picture(report.block(Concentration), say),
    }
