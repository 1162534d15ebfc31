"""Lists read in from files: bytes in, rows of cells out, and what their columns mean. Pure: no web, no database.

``read_table(name, content)`` gives the sheets of any file that a library system exports, or raises Invalid with one
code that says why not; ``headings.guess`` matches columns to fields; ``cells`` reads prices, years and barcodes.
"""

from branchnet.stock.lists.reading import LIMITS, Limits, Sheet, Table, read_table

__all__ = ["LIMITS", "Limits", "Sheet", "Table", "read_table"]
