//! Tables through Arrow's C interface (the PyCapsule protocol), a batch of rows at a time.

use crate::guard::caught;
use crate::opened::{Shared, raised};
use crate::{InternalError, json};
use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, RecordBatchOptions, RecordBatchReader,
    StringArray, new_null_array,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use half::f16;
use picklescope::{ColumnKind, ColumnValues, Frame};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::HashMap;
use std::sync::Arc;

/// Cells of a batch.
const CELLS: usize = 1 << 20;
/// Rows of a batch: at least, whatever the number of columns, and at most.
const ROWS: (usize, usize) = (256, 1 << 16);

/// A table of an opened file.
#[pyclass(frozen, module = "picklescope._picklescope")]
pub(crate) struct Table {
    opened: Shared,
    path: String,
    frame: Arc<Frame>,
    schema: SchemaRef,
}

impl Table {
    pub(crate) fn new(opened: Shared, path: String, frame: Frame) -> Self {
        let fields = frame.columns.iter().map(|column| Field::new(&column.name, data_type(&column.kind), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Self { opened, path, frame: Arc::new(frame), schema }
    }
}

#[pymethods]
impl Table {
    fn describe(&self) -> PyResult<String> {
        let columns = self.frame.columns.iter().zip(self.schema.fields());
        let columns: Vec<_> = columns
            .map(|(column, field)| {
                serde_json::json!({
                    "name": column.name, "dtype": column.dtype, "is_index": column.is_index,
                    "given_as": field.data_type().to_string(),
                })
            })
            .collect();
        json(&serde_json::json!({ "rows": self.frame.rows, "columns": columns, "remarks": self.frame.remarks }))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.schema);
        let schema = schema.map_err(|error| InternalError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// Another schema is not made: the protocol leaves that to whoever asks.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(Batches::new(self)));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn data_type(kind: &ColumnKind) -> DataType {
    match kind {
        ColumnKind::Bool => DataType::Boolean,
        ColumnKind::Integer { bits: 8, is_signed: true } => DataType::Int8,
        ColumnKind::Integer { bits: 16, is_signed: true } => DataType::Int16,
        ColumnKind::Integer { bits: 32, is_signed: true } => DataType::Int32,
        ColumnKind::Integer { is_signed: true, .. } => DataType::Int64,
        ColumnKind::Integer { bits: 8, .. } => DataType::UInt8,
        ColumnKind::Integer { bits: 16, .. } => DataType::UInt16,
        ColumnKind::Integer { bits: 32, .. } => DataType::UInt32,
        ColumnKind::Integer { .. } => DataType::UInt64,
        ColumnKind::Float { bits: 16 } => DataType::Float16,
        ColumnKind::Float { bits: 32 } => DataType::Float32,
        ColumnKind::Float { .. } => DataType::Float64,
        ColumnKind::Moment { unit, zone } => DataType::Timestamp(time_unit(unit), zone.as_deref().map(Arc::from)),
        ColumnKind::Duration { unit } => DataType::Duration(time_unit(unit)),
        ColumnKind::Date => DataType::Date32,
        ColumnKind::Category { .. } => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        ColumnKind::Missing => DataType::Null,
        _ => DataType::Utf8,
    }
}

fn time_unit(unit: &str) -> TimeUnit {
    match unit {
        "s" => TimeUnit::Second,
        "ms" => TimeUnit::Millisecond,
        "us" => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

/// The categories of a column, and the number of each.
type Categories = (ArrayRef, HashMap<String, i32>);

/// Batches of rows, read when they are asked for.
struct Batches {
    opened: Shared,
    path: String,
    frame: Arc<Frame>,
    schema: SchemaRef,
    categories: Vec<Option<Categories>>,
    row: u64,
    rows: usize,
    is_done: bool,
}

impl Batches {
    fn new(table: &Table) -> Self {
        let categories = table.frame.columns.iter().map(|column| match &column.kind {
            ColumnKind::Category { categories } => {
                let numbers = categories.iter().cloned().zip(0..).collect();
                Some((Arc::new(StringArray::from_iter_values(categories)) as ArrayRef, numbers))
            }
            _ => None,
        });
        Self {
            opened: Arc::clone(&table.opened),
            path: table.path.clone(),
            categories: categories.collect(),
            rows: (CELLS / table.frame.columns.len().max(1)).clamp(ROWS.0, ROWS.1),
            frame: Arc::clone(&table.frame),
            schema: Arc::clone(&table.schema),
            row: 0,
            is_done: false,
        }
    }

    fn read(&self) -> Result<RecordBatch, ArrowError> {
        let opened =
            self.opened.lock().map_err(|_| failed("an earlier question was broken off; open the file again"))?;
        let values = opened.frame_values(&self.path, self.row, self.rows).map_err(|error| failed(error.to_string()))?;
        drop(opened);
        let rows = usize::try_from(self.frame.rows - self.row).unwrap_or(usize::MAX).min(self.rows);
        let columns = values.into_iter().zip(self.schema.fields()).zip(&self.categories);
        let columns = columns.map(|((values, field), categories)| {
            let made = match categories {
                Some(categories) => dictionary(categories, values),
                None => array(field.data_type(), values),
            };
            made.map_err(|error| failed(format!("the column {}: {error}", field.name())))
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done || self.row >= self.frame.rows {
            return None;
        }
        // Whoever asks is C code, through which nothing may unwind. It may hold the GIL or not; nobody may hold it while waiting for the
        // lock, since who has the lock may wait for the GIL.
        let read = caught(|| Python::attach(|py| py.detach(|| self.read())));
        let read = read.unwrap_or_else(|message| Err(failed(message)));
        self.is_done = read.is_err();
        self.row += self.rows as u64;
        Some(read)
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn failed(message: impl Into<String>) -> ArrowError {
    ArrowError::ExternalError(message.into().into())
}

/// Values as an array of a type; NaN is missing, as pandas has it.
fn array(data_type: &DataType, values: ColumnValues) -> Result<ArrayRef, ArrowError> {
    match (data_type, values) {
        (_, ColumnValues::Missing(count)) => Ok(new_null_array(data_type, count)),
        (DataType::Utf8, ColumnValues::Texts(texts)) => {
            let mut builder = StringBuilder::new();
            texts.iter().for_each(|text| builder.append_option(text.as_deref()));
            Ok(Arc::new(builder.finish()))
        }
        (DataType::Boolean, ColumnValues::Integers(values)) => {
            let mut builder = BooleanBuilder::with_capacity(values.len());
            values.into_iter().for_each(|value| builder.append_option(value.map(|value| value != 0)));
            Ok(Arc::new(builder.finish()))
        }
        (_, ColumnValues::Integers(values)) => integers_of(data_type, values),
        (DataType::Float16, ColumnValues::Floats(values)) => Ok(floats::<Float16Type>(values, f16::from_f64)),
        (DataType::Float32, ColumnValues::Floats(values)) => Ok(floats::<Float32Type>(values, |value| value as f32)),
        (DataType::Float64, ColumnValues::Floats(values)) => Ok(floats::<Float64Type>(values, |value| value)),
        (data_type, _) => Err(failed(format!("its values are not those of {data_type}"))),
    }
}

fn integers_of(data_type: &DataType, values: Vec<Option<i128>>) -> Result<ArrayRef, ArrowError> {
    Ok(match data_type {
        DataType::Int8 => Arc::new(integers::<Int8Type>(values)?),
        DataType::Int16 => Arc::new(integers::<Int16Type>(values)?),
        DataType::Int32 => Arc::new(integers::<Int32Type>(values)?),
        DataType::Int64 => Arc::new(integers::<Int64Type>(values)?),
        DataType::UInt8 => Arc::new(integers::<UInt8Type>(values)?),
        DataType::UInt16 => Arc::new(integers::<UInt16Type>(values)?),
        DataType::UInt32 => Arc::new(integers::<UInt32Type>(values)?),
        DataType::UInt64 => Arc::new(integers::<UInt64Type>(values)?),
        DataType::Date32 => Arc::new(integers::<Date32Type>(values)?),
        DataType::Timestamp(..) | DataType::Duration(_) => {
            // The same 64 bits under another name.
            let data = integers::<Int64Type>(values)?.into_data().into_builder().data_type(data_type.clone());
            arrow_array::make_array(data.build()?)
        }
        data_type => return Err(failed(format!("integers cannot be given as {data_type}"))),
    })
}

fn integers<T: ArrowPrimitiveType>(values: Vec<Option<i128>>) -> Result<PrimitiveArray<T>, ArrowError>
where
    T::Native: TryFrom<i128>,
{
    let mut builder = PrimitiveBuilder::<T>::with_capacity(values.len());
    for value in values {
        let number = value.map(|value| T::Native::try_from(value).map_err(|_| failed(format!("{value} does not fit"))));
        builder.append_option(number.transpose()?);
    }
    Ok(builder.finish())
}

fn floats<T: ArrowPrimitiveType>(values: Vec<f64>, of: impl Fn(f64) -> T::Native) -> ArrayRef {
    let mut builder = PrimitiveBuilder::<T>::with_capacity(values.len());
    values.into_iter().for_each(|value| builder.append_option((!value.is_nan()).then(|| of(value))));
    Arc::new(builder.finish())
}

fn dictionary((names, numbers): &Categories, values: ColumnValues) -> Result<ArrayRef, ArrowError> {
    let ColumnValues::Texts(texts) = values else { return Err(failed("its values are no categories")) };
    let number = |text: Option<String>| {
        text.map(|text| numbers.get(&text).copied().ok_or_else(|| failed("a code has no category"))).transpose()
    };
    let keys = texts.into_iter().map(number).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(DictionaryArray::try_new(Int32Array::from(keys), Arc::clone(names))?))
}

/// What the table at a path consists of.
pub(crate) fn table(opened: &Shared, path: String) -> PyResult<Table> {
    let frame = match opened.lock() {
        Ok(found) => found.frame(&path).map_err(raised)?,
        Err(_) => return Err(InternalError::new_err("an earlier question was broken off; open the file again")),
    };
    Ok(Table::new(Arc::clone(opened), path, frame))
}
