import numpy
from pandas import (
    Categorical,
    CategoricalDtype,
    DataFrame,
    DatetimeTZDtype,
    Index,
    RangeIndex,
    StringDtype,
)
from pandas._libs.arrays import __pyx_unpickle_NDArrayBacked
from pandas._libs.internals import _unpickle_block
from pandas.arrays import DatetimeArray, StringArray
from pandas.core.indexes.base import _new_Index
from pandas.core.internals.managers import BlockManager
from zoneinfo import ZoneInfo

result = DataFrame.__new__(DataFrame)
pyx_unpickle_ndarray_backed_1 = __pyx_unpickle_NDArrayBacked(DatetimeArray, 82904607, None)
datetime_tzdtype_1 = DatetimeTZDtype.__new__(DatetimeTZDtype)
datetime_tzdtype_1.__setstate__({'unit': 'us', 'tz': ZoneInfo('Europe/Zurich')})
pyx_unpickle_ndarray_backed_1.__setstate__((datetime_tzdtype_1, numpy.ndarray(...)))  # datetime64[us] (1, 24)
pyx_unpickle_ndarray_backed_2 = __pyx_unpickle_NDArrayBacked(Categorical, 82904607, None)
categorical_dtype_1 = CategoricalDtype.__new__(CategoricalDtype)
pyx_unpickle_ndarray_backed_3 = __pyx_unpickle_NDArrayBacked(StringArray, 82904607, None)
pyx_unpickle_ndarray_backed_3.__setstate__((
    StringDtype('python', float('nan')),
    numpy.ndarray(...),  # object (3,)
))
categorical_dtype_1.__setstate__({
    'categories': _new_Index(Index, {'data': pyx_unpickle_ndarray_backed_3, 'name': None}),
    'ordered': False,
})
pyx_unpickle_ndarray_backed_2.__setstate__((categorical_dtype_1, numpy.ndarray(...)))  # int8 (24,)
pyx_unpickle_ndarray_backed_4 = __pyx_unpickle_NDArrayBacked(StringArray, 82904607, None)
pyx_unpickle_ndarray_backed_4.__setstate__((
    StringDtype('python', float('nan')),
    numpy.ndarray(...),  # object (24,)
))
pyx_unpickle_ndarray_backed_5 = __pyx_unpickle_NDArrayBacked(StringArray, 82904607, None)
pyx_unpickle_ndarray_backed_5.__setstate__((
    StringDtype('python', float('nan')),
    numpy.ndarray(...),  # object (6,)
))
result.__setstate__({
    '_mgr': BlockManager(
        (
            _unpickle_block(pyx_unpickle_ndarray_backed_1, slice(0, 1, 1), 2),
            _unpickle_block(pyx_unpickle_ndarray_backed_2, slice(1, 2, 1), 2),
            _unpickle_block(numpy.ndarray(...), slice(2, 3, 1), 2),  # float64 (1, 24)
            _unpickle_block(numpy.ndarray(...), slice(3, 4, 1), 2),  # int64 (1, 24)
            _unpickle_block(numpy.ndarray(...), slice(4, 5, 1), 2),  # bool (1, 24)
            _unpickle_block(pyx_unpickle_ndarray_backed_4, slice(5, 6, 1), 2),
        ),
        [
            _new_Index(Index, {'data': pyx_unpickle_ndarray_backed_5, 'name': None}),
            _new_Index(RangeIndex, {'name': 'week', 'start': 1, 'stop': 25, 'step': 1}),
        ],
    ),
    '_typ': 'dataframe',
    '_metadata': [],
    'attrs': {},
    '_flags': {'allows_duplicate_labels': True},
})
