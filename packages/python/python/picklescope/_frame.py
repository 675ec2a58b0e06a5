"""Tables of a file, for whoever takes tables through Arrow's C interface."""

import html
import json


class Frame:
    """A table of pandas in a file: its columns, and its values through the Arrow PyCapsule interface. Nothing is unpickled.

    ``pyarrow.table(frame)``, ``polars.DataFrame(frame)`` and others that know the interface take it as it is. Values are read
    batch by batch when they are asked for. Levels of the index come first as columns, unless they only number the rows.
    """

    def __init__(self, table):
        self._table = table
        self._facts = json.loads(table.describe())

    @property
    def rows(self):
        """The number of rows."""
        return self._facts["rows"]

    @property
    def columns(self):
        """The names of the columns."""
        return [column["name"] for column in self._facts["columns"]]

    @property
    def index(self):
        """Those of them that are levels of the index."""
        return [column["name"] for column in self._facts["columns"] if column["is_index"]]

    @property
    def dtypes(self):
        """The dtypes of the columns as pandas writes them, in the order of ``columns``."""
        return [column["dtype"] for column in self._facts["columns"]]

    @property
    def remarks(self):
        """What does not fit together, or is given as something else than it is, a sentence each."""
        return list(self._facts["remarks"])

    def __arrow_c_schema__(self):
        """The schema as a capsule, as Arrow's PyCapsule interface has it."""
        return self._table.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema=None):
        """The values as a capsule, as Arrow's PyCapsule interface has it."""
        return self._table.__arrow_c_stream__(requested_schema)

    def to_arrow(self):
        """The table as a ``pyarrow.Table``; pyarrow has to be installed."""
        import pyarrow

        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_pandas(self):
        """The table as a ``pandas.DataFrame`` with its index; pandas and pyarrow have to be installed."""
        import pandas

        frame = self.to_arrow().to_pandas()
        levels = len(self.index)
        if not levels:
            return frame
        # By position: names may be there twice.
        labels, frame = frame.iloc[:, :levels], frame.iloc[:, levels:]
        if levels == 1:
            frame.index = labels.set_index(labels.columns[0]).index
        else:
            frame.index = pandas.MultiIndex.from_frame(labels)
        unnamed = ["index"] if levels == 1 else [f"level_{level}" for level in range(levels)]
        frame.index.names = [None if name == other else name for name, other in zip(self.index, unnamed)]
        return frame

    def __repr__(self):
        return f"<picklescope.Frame: {self.rows} rows, {len(self.columns)} columns>"

    def _repr_html_(self):
        """The columns in a notebook. What comes from the file is text there, never markup."""
        cell = lambda text: f"<td style='text-align:left'>{html.escape(str(text))}</td>"  # noqa: E731
        facts = self._facts["columns"]
        rows = "".join(
            f"<tr>{cell(column['name'])}{cell(column['dtype'])}{cell(column['given_as'])}</tr>" for column in facts[:SHOWN]
        )
        head = "<tr><th>column</th><th>dtype</th><th>given as</th></tr>"
        more = f"<p>and {len(facts) - SHOWN} more columns</p>" if len(facts) > SHOWN else ""
        said = "".join(f"<p>{html.escape(text)}</p>" for text in self.remarks[:SHOWN])
        return f"<div><p>{self.rows} rows</p><table>{head}{rows}</table>{more}{said}</div>"


SHOWN = 50
