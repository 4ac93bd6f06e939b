"""The report on paper. Knows tables and charts, no models: import-linter holds it."""

from reports.pdf.document import draw

__all__ = ["draw"]
