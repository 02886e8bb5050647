"""Renders a report from a template: every number in it is bound to a published figure."""

from warehouse.report.render.failure import TargetUnusable, TemplateWrong
from warehouse.report.render.model import Bound, Drawn, Loose, Refused, Rendered
from warehouse.report.render.render import render_report

__all__ = [
    "Bound",
    "Drawn",
    "Loose",
    "Refused",
    "Rendered",
    "TargetUnusable",
    "TemplateWrong",
    "render_report",
]
