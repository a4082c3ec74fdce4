"""The report: what a book knows of one company, as a list of typed blocks, and every number explained.

Idea: composing and rendering are apart. `compose` turns material (ratings, track records, promises,
documents) into blocks that hold numbers and sentences; a renderer only lays blocks out. So the terminal,
the JSON and the HTML page cannot tell different stories. `explain` walks one number down to the rows of
the files that it came from, with the arithmetic that gives it.

Worked example: peers break 5 % of such promises (600 points), the company kept 3 of 3 at full weight:
(3 * 0.05 + 0) / (3 + 3) = 2.5 %. The report says 2.5 %, 620.8 points, of which 600 base and 20.8 for
promises kept; `explain` lists the three promises, their invoices and payments, and the file rows.
"""

from tallystick.report.blocks import Report
from tallystick.report.compose import compose
from tallystick.report.explain import explain_company, explain_kind
from tallystick.report.explain_promise import explain_deal, explain_promises
from tallystick.report.explanation import Explanation, explanation_json, render_explanation
from tallystick.report.html import render_html
from tallystick.report.material import Material
from tallystick.report.phrases import Phrases
from tallystick.report.plain import render_json
from tallystick.report.related import related_words
from tallystick.report.terminal import render_terminal
from tallystick.report.timeline import timeline
from tallystick.report.timeline_blocks import DealMaterial, Timeline
from tallystick.report.timeline_chart import picture_file
from tallystick.report.timeline_html import render_timeline_html
from tallystick.report.timeline_plain import render_timeline_json
from tallystick.report.timeline_terminal import render_timeline

__all__ = [
    "DealMaterial",
    "Explanation",
    "Material",
    "Phrases",
    "Report",
    "Timeline",
    "compose",
    "explain_company",
    "explain_deal",
    "explain_kind",
    "explain_promises",
    "explanation_json",
    "picture_file",
    "related_words",
    "render_explanation",
    "render_html",
    "render_json",
    "render_terminal",
    "render_timeline",
    "render_timeline_html",
    "render_timeline_json",
    "timeline",
]
