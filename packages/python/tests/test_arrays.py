"""Arrays without unpickling, held against what numpy itself loads from files that are ours."""

import io
import os
import pathlib
import pickle

import pytest

import picklescope

numpy = pytest.importorskip("numpy")
FIXTURES = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fixtures"

ARRAYS = {
    "c": numpy.arange(24, dtype="<f8").reshape(2, 3, 4),
    "fortran": numpy.asfortranarray(numpy.arange(24, dtype=">i4").reshape(4, 6)),
    "bool": numpy.array([True, False]),
    "scalar": numpy.array(7),
    "empty": numpy.zeros((0, 3)),
    "text": numpy.array(["ab", "ü"]),
    "time": numpy.array(["2026-01-02"], dtype="M8[ns]"),
    "record": numpy.array([(1, 2.5, "a")], dtype=[("n", "<i4"), ("x", "<f8"), ("s", "U3")]),
    "complex": numpy.array([1 + 2j], dtype="c8"),
}


def same(ours, theirs):
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    numpy.testing.assert_array_equal(ours, theirs)
    assert not ours.flags.writeable


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("protocol", range(6))
def test_arrays_of_every_protocol(name, protocol):
    data = pickle.dumps({"x": ARRAYS[name]}, protocol)
    same(picklescope.open(data)["x"].array(), ARRAYS[name])


def test_arrays_in_files_are_mapped(tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps(ARRAYS["c"], 4))
    file = picklescope.open(path)
    array = file.array()
    same(array, ARRAYS["c"])
    assert type(base_of(array)).__name__ == "mmap"
    del file
    same(array, ARRAYS["c"])


def test_arrays_in_bytes_are_those_bytes():
    data = pickle.dumps(ARRAYS["fortran"], 4)
    array = picklescope.open(data).array()
    assert base_of(array) is data


def base_of(array):
    base = array
    while isinstance(base, (numpy.ndarray, memoryview)):
        base = base.base if isinstance(base, numpy.ndarray) else base.obj
    return base


def test_npy_files(tmp_path):
    path = tmp_path / "a.npy"
    for array in ARRAYS.values():
        numpy.save(path, array)
        same(picklescope.open(path).array(), array)
        packed = io.BytesIO()
        numpy.savez_compressed(packed, a=array)
        same(picklescope.open(packed.getvalue(), name="a.npz", member="a.npy").array(), array)


def test_what_has_no_numbers_says_why():
    objects = picklescope.open(pickle.dumps(numpy.array([None, "a"], dtype=object)))
    with pytest.raises(picklescope.ArrayError, match="Python objects"):
        objects.array()
    with pytest.raises(picklescope.ArrayError, match="no array"):
        picklescope.open(pickle.dumps([1])).array()
    masked = picklescope.open(pickle.dumps(numpy.ma.masked_array([1, 2], [0, 1])))
    with pytest.raises(picklescope.ArrayError, match="mask"):
        masked.array()


def test_arrays_that_claim_more_than_there_is_are_refused():
    data = pickle.dumps(numpy.arange(4, dtype="i8"), 2).replace(b"K\x04\x85", b"K\x7f\x85")
    with pytest.raises(picklescope.ArrayError, match="bytes"):
        picklescope.open(data).array()


def test_tensors_of_torch(tmp_path):
    files = sorted(FIXTURES.glob("torch/**/*.pt"))
    assert files
    found = 0
    for path in files:
        file = picklescope.open(path)
        for key in ("weight", 0, "0", "a", "float32", "tensor"):
            try:
                array = file[key].array()
            except picklescope.Error:
                continue
            found += 1
            assert array.size >= 0
    assert found


def test_a_file_of_no_bytes_cannot_be_mapped(tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(b"")
    with pytest.raises(picklescope.Error):
        picklescope.open(path).array()
    assert os.path.getsize(path) == 0
