"""The blank workbook of a contract."""

from warehouse.template.plan import Language, TemplateRefused
from warehouse.template.prefill import Prefill, read_prefill
from warehouse.template.write import write_template

__all__ = ["Language", "Prefill", "TemplateRefused", "read_prefill", "write_template"]
