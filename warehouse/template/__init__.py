"""The blank workbook of a contract."""

from warehouse.template.plan import Language, TemplateRefused
from warehouse.template.write import write_template

__all__ = ["Language", "TemplateRefused", "write_template"]
