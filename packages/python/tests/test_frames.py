"""Tables through Arrow's interface, held against what pandas itself has: in files that are ours, and in the fixtures' truth."""

import json
import pathlib
import pickle
import subprocess
import sys

import pytest

import picklescope

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")
FIXTURES = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fixtures"

MOMENTS = pandas.to_datetime(["2026-01-02 03:04:05.006007008", None, "1969-12-31 00:00:00.000000000"])
COLUMNS = {
    "ints": pandas.array([1, -2, 3], "int16"),
    "big": pandas.array([2**64 - 1, 0, 1], "uint64"),
    "floats": pandas.array([1.5, float("nan"), float("-inf")], "float64"),
    "small": pandas.array([1.5, 2.5, -0.0], "float32"),
    "truth": pandas.array([True, False, True], "bool"),
    "texts": pandas.array(["a", None, "ä\n\U0001f600"], "str"),
    "objects": pandas.Series(["a", None, "b"], dtype="object"),
    "moments": MOMENTS,
    "zoned": MOMENTS.tz_localize("Europe/Berlin"),
    "offset": MOMENTS.tz_localize("+05:30"),
    "seconds": MOMENTS.as_unit("s"),
    "spans": MOMENTS - MOMENTS[0],
    "kinds": pandas.Categorical(["x", None, "y"], ["z", "y", "x"]),
    "Int64": pandas.array([1, None, 3], "Int64"),
    "UInt8": pandas.array([1, None, 255], "UInt8"),
    "Float32": pandas.array([1.5, None, 3], "Float32"),
    "boolean": pandas.array([True, None, False], "boolean"),
    "sparse": pandas.arrays.SparseArray([0.0, 1.5, 0.0], fill_value=0.0),
}
AS_TEXT = {
    "numbers and texts": pandas.Series([1, "a", (2, None)], dtype="object"),
    "complex": pandas.array([1j, 2, 3], "complex128"),
    "periods": pandas.period_range("2026-01", periods=3, freq="M"),
    "intervals": pandas.IntervalIndex.from_breaks([0, 1, 2, 3]),
}


def opened(value, protocol=5):
    return picklescope.open(pickle.dumps(value, protocol))


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_what_pandas_has(name):
    theirs = pandas.DataFrame({name: COLUMNS[name]})
    for protocol in (2, 4, 5):
        frame = opened(theirs, protocol).frame()
        assert (frame.rows, frame.columns, frame.index, frame.remarks) == (3, [name], [], [])
        assert frame.dtypes == [str(theirs[name].dtype)]
        table = pyarrow.table(frame)
        wanted = theirs.sparse.to_dense() if name == "sparse" else theirs
        wanted = pyarrow.Table.from_pandas(wanted, preserve_index=False).column(0)
        assert table.column(0).null_count == wanted.null_count
        if isinstance(table.schema.field(0).type, pyarrow.DictionaryType):
            assert table.column(0).chunk(0).dictionary.to_pylist() == ["z", "y", "x"]
        assert table.column(0).to_pylist() == wanted.to_pylist()
        if not pyarrow.types.is_dictionary(wanted.type) and not pyarrow.types.is_large_string(wanted.type):
            assert table.schema.field(0).type == wanted.type


@pytest.mark.parametrize("name", AS_TEXT)
def test_what_has_no_type_is_text_and_said(name):
    theirs = pandas.DataFrame({name: AS_TEXT[name]})
    frame = opened(theirs).frame()
    assert len(frame.remarks) == 1 and name in frame.remarks[0] and "as text" in frame.remarks[0]
    assert pyarrow.table(frame).column(0).to_pylist() == [str(value) for value in theirs[name]]


def test_categories_that_are_no_texts_are_text_and_said():
    frame = opened(pandas.DataFrame({"k": pandas.Categorical([3, 1, None])})).frame()
    assert frame.remarks == ["The categories of the column k are given as text."]
    assert pyarrow.table(frame).column(0).to_pylist() == ["3", "1", None]


def test_a_frame_comes_back_with_its_index():
    data = {"a": [1, 2], "b": ["x", "y"]}
    levels = pandas.MultiIndex.from_tuples([("u", 1), ("v", 2)], names=["one", None])
    for index in (None, ["p", "q"], pandas.Index([5, 6], name="n"), pandas.RangeIndex(3, 5), levels):
        theirs = pandas.DataFrame(data, index=index)
        frame = opened({"t": theirs})["t"].frame()
        pandas.testing.assert_frame_equal(frame.to_pandas(), theirs, check_index_type=False, check_column_type=False)
    assert opened(pandas.DataFrame(data, index=levels)).frame().columns == ["one", "level_1", "a", "b"]


def test_levels_of_an_index_are_what_they_are_in_a_column():
    """Their labels are numbers and moments, not texts or categories of them."""
    names = ["ints", "floats", "texts", "zoned", "spans", "kinds"]
    columns = pandas.DataFrame({name: COLUMNS[name] for name in names})
    table = pyarrow.table(opened(columns.assign(rest=0).set_index(names)).frame())
    plain = pyarrow.table(opened(columns).frame())
    assert table.column_names == [*names, "rest"]
    for name in names:
        assert table.schema.field(name).type == plain.schema.field(name).type
        assert table.column(name).to_pylist() == plain.column(name).to_pylist()


def test_series_indexes_and_arrays_are_tables_too():
    series = pandas.Series([1.5, 2.5], name="s")
    assert pyarrow.table(opened(series).frame()).to_pydict() == {"s": [1.5, 2.5]}
    assert pyarrow.table(opened(pandas.Series([1])).frame()).to_pydict() == {"0": [1]}
    assert pyarrow.table(opened(pandas.Index(["a"], name="i")).frame()).to_pydict() == {"i": ["a"]}
    assert pyarrow.table(opened(pandas.array([1, None], "Int8")).frame()).to_pydict() == {"0": [1, None]}


def test_tables_without_rows_or_columns():
    for theirs in (pandas.DataFrame(), pandas.DataFrame({"a": pandas.array([], "int64")}), pandas.DataFrame(index=[1, 2])):
        table = pyarrow.table(opened(theirs).frame())
        assert table.num_rows == len(theirs)


def test_many_rows_come_in_batches():
    theirs = pandas.DataFrame({"a": range(200_000), "b": [f"text {number % 97}" for number in range(200_000)]})
    frame = opened(theirs).frame()
    reader = pyarrow.RecordBatchReader.from_stream(frame)
    sizes = [batch.num_rows for batch in reader]
    assert sum(sizes) == 200_000 and max(sizes) == 65_536
    pandas.testing.assert_frame_equal(frame.to_pandas(), theirs)


def test_the_stream_may_be_dropped_unread_and_outlives_its_file():
    frame = opened(pandas.DataFrame({"a": [1]})).frame()
    frame.__arrow_c_stream__(), frame.__arrow_c_schema__()
    reader = pyarrow.RecordBatchReader.from_stream(frame)
    assert pyarrow.schema(frame) == reader.schema
    del frame
    assert reader.read_all().to_pydict() == {"a": [1]}


def test_polars_takes_it():
    polars = pytest.importorskip("polars")
    names = ["ints", "floats", "texts", "zoned", "kinds", "boolean"]
    frame = opened(pandas.DataFrame({name: COLUMNS[name] for name in names})).frame()
    theirs = polars.DataFrame(frame)
    assert theirs.columns == names and theirs["ints"].to_list() == [1, -2, 3]
    assert theirs["kinds"].to_list() == ["x", None, "y"] and theirs["floats"].null_count() == 1


def test_what_is_no_table_says_so():
    with pytest.raises(picklescope.TableError, match="no table of pandas"):
        opened([1, 2]).frame()
    with pytest.raises(picklescope.PathError):
        opened([1, 2]).frame("obj[7]")


def test_one_long_text_in_every_row_is_refused_within_its_budget():
    theirs = pandas.DataFrame({"a": pandas.Series(["x" * 1_000_000] * 5000, dtype="object")})
    data = pickle.dumps(theirs, 5)
    assert len(data) < 2_000_000
    with pytest.raises(Exception, match="take more than"):
        pyarrow.table(picklescope.open(data).frame())
    whole = pandas.DataFrame({"a": ["x" * 1_000_000, "y"]})
    assert pyarrow.table(opened(whole).frame()).column(0).to_pylist() == list(whole["a"])


def test_a_frame_in_a_notebook_is_text():
    frame = opened(pandas.DataFrame({"<script>": [1], "b": [1j]})).frame()
    text = frame._repr_html_()
    assert "<script>" not in text and "&lt;script&gt;" in text and "as text" in text


def test_pandas_and_pyarrow_are_not_needed():
    code = (
        "import sys\n"
        "for name in ('numpy', 'pandas', 'pyarrow'): sys.modules[name] = None\n"
        "import picklescope\n"
        "frame = picklescope.open(sys.argv[1]).frame()\n"
        "print(frame.rows, frame.columns, type(frame.__arrow_c_stream__()).__name__)\n"
    )
    path = FIXTURES / "tables" / "pandas-2.2" / "nullable.p4.pkl"
    ran = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("3 ['Int8', ") and ran.stdout.endswith(" PyCapsule\n")


def truth():
    """Rows about tables; others are about single values."""
    for row in json.loads((FIXTURES / "tables" / "truth.json").read_text()):
        path = FIXTURES / row["file"]
        if "parts" in row and path.exists():
            yield row, path


def test_the_fixtures_have_the_columns_and_nulls_that_pandas_counted():
    seen, differing, unread = 0, [], set()
    for row, path in truth():
        file = picklescope.open(path)
        place = "obj" + "".join(f"[{step!r}]" for step in row["path"])
        try:
            frame = file.frame(place)
        except picklescope.PathError:
            continue  # A path of another spelling: attributes.
        table = pyarrow.table(frame)
        seen += 1
        skipped = len(frame.index)
        if table.num_rows != row["rows"] or table.num_columns - skipped != row["columns"]:
            differing.append((row["file"], place, table.num_rows, table.num_columns))
            continue
        for number, part in enumerate(row["parts"]):
            if f"The column {part['name']}: values of Arrow's type {part['dtype'].removesuffix('[pyarrow]')} are not read." in frame.remarks:
                unread.add(part["dtype"])
                continue
            column = table.column(skipped + number)
            if column.null_count != part["nulls"]:
                differing.append((row["file"], place, part["name"], part["dtype"], column.null_count, part["nulls"]))
    assert seen > 500
    assert differing == []
    assert unread == {"list<item: int64>[pyarrow]", "decimal128(5, 2)[pyarrow]"}
