//! What rows have to satisfy: `> 30`, `<= 2020-01-01`, `= setosa`, `!= x`, `1..5`, `missing`, `not missing`, `/regex/`, or a text
//! that a cell contains.

use crate::find::compare::{Comparison, Number, Operator};
use crate::find::dates::Dates;
use crate::find::matcher::Matcher;
use crate::find::syntax::{self, Literal};
use crate::lens::Values;
use crate::view::card::{Cell, CellKind};
use crate::view::cards::rows_of_grid::{COMPARED, GridColumn};

/// What a condition may be, for whoever wrote another one.
const EXPECTED: &str =
    "write a comparison (> 30, <= 2020-01-01, = setosa, != 5, 1..5), missing, not missing, or text to look for";

/// A condition.
#[derive(Debug)]
pub struct Condition {
    test: Test,
    /// Whether it is the opposite that is asked for: then no column may be so.
    is_negative: bool,
}

#[derive(Debug)]
enum Test {
    Missing,
    /// A text is found in the cell.
    Contains(Matcher),
    /// What is typed is a number, a date or a text, and a cell may be any of them.
    Equals {
        text: String,
        number: Option<Comparison>,
        date: Option<Dates>,
    },
    Number(Comparison),
    Date(Dates),
}

const OPERATORS: [(&str, Operator); 7] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Condition {
    /// Understands a condition.
    ///
    /// # Errors
    /// What is wrong with it, and what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is = |test| Ok(Self { test, is_negative: false });
        let not = |test| Ok(Self { test, is_negative: true });
        match text.to_ascii_lowercase().as_str() {
            "" => return Err(EXPECTED.to_owned()),
            "missing" | "isnan" => return is(Test::Missing),
            "not missing" => return not(Test::Missing),
            _ => {}
        }
        if let Some((operator, operand)) =
            OPERATORS.iter().find_map(|(word, operator)| Some((*operator, text.strip_prefix(word)?)))
        {
            let operand = operand.trim();
            return match operator {
                _ if operand.is_empty() => Err(format!("a value is missing behind {text}; {EXPECTED}")),
                Operator::Equal => is(equals(operand)?),
                Operator::NotEqual => not(equals(operand)?),
                _ => is(ordered(operator, operand)?),
            };
        }
        if let Some((low, high)) = Comparison::ends(text) {
            return match low.is_more_than(&high) {
                true => Err(format!("nothing is in {text}: its first end is the larger one")),
                false => is(Test::Number(Comparison::between(low, high))),
            };
        }
        if let Some(dates) = Dates::range(text).map_err(|error| error.message)? {
            return is(Test::Date(dates));
        }
        if let Some(pattern) = syntax::between_slashes(text) {
            syntax::check_regex(pattern).map_err(|error| error.message)?;
            return is(Test::Contains(Matcher::regex(pattern, false, false)?));
        }
        is(Test::Contains(Matcher::text(&unquoted(text)?, false, false)?))
    }

    /// Whether no column may be as it says.
    pub(super) fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// Holds rows of a column from `first` on against the condition: those that are so match, or, of the opposite, match no more.
    /// Gives what that costs.
    pub(super) fn see(&self, column: &dyn GridColumn, first: u64, matched: &mut [bool]) -> Result<usize, String> {
        let count = matched.len();
        let mut mark = |at: usize, holds: bool| {
            if holds && let Some(matched) = matched.get_mut(at) {
                *matched = !self.is_negative;
            }
        };
        if self.asks_for_numbers(column)
            && let Some(values) = column.numbers(first, count)?
        {
            let comparison = self
                .comparison()
                .map(|one| column.dtype().map_or_else(|| one.clone(), |dtype| one.in_precision_of(dtype)));
            let float =
                |value: f64| comparison.as_ref().map_or(value.is_nan(), |one| !value.is_nan() && one.holds_for(value));
            let int = |value: Option<i128>| match (value, &comparison) {
                (None, one) => one.is_none(),
                (Some(value), Some(one)) => one.holds_for_int(value),
                (Some(_), None) => false,
            };
            match values {
                Values::Floats(values) => {
                    (0..count).for_each(|at| mark(at, float(values.get(at).copied().unwrap_or(f64::NAN))))
                }
                Values::Integers(values) => (0..count).for_each(|at| mark(at, int(values.get(at).copied().flatten()))),
                Values::Texts(_) | Values::Missing(_) => (0..count).for_each(|at| mark(at, comparison.is_none())),
            }
            return Ok(count);
        }
        let (cells, cost) = (column.cells(first, count, COMPARED)?, count * column.cell_cost());
        let absent = Cell { kind: CellKind::Missing, ..Cell::default() };
        (0..count).for_each(|at| mark(at, self.holds_for(cells.get(at).unwrap_or(&absent))));
        Ok(cost)
    }

    /// Whether the numbers of a column say all that is asked for.
    fn asks_for_numbers(&self, column: &dyn GridColumn) -> bool {
        match &self.test {
            Test::Missing => true,
            Test::Number(_) | Test::Equals { number: Some(_), date: None, .. } => !column.is_counted(),
            _ => false,
        }
    }

    fn comparison(&self) -> Option<&Comparison> {
        match &self.test {
            Test::Number(comparison) | Test::Equals { number: Some(comparison), .. } => Some(comparison),
            _ => None,
        }
    }

    fn holds_for(&self, cell: &Cell) -> bool {
        let text = cell.full_text();
        if cell.kind == CellKind::Missing {
            return match &self.test {
                Test::Missing => true,
                Test::Equals { text: typed, .. } => typed == text && !text.is_empty(),
                _ => false,
            };
        }
        let compared = |comparison: &Comparison| {
            cell.kind == CellKind::Number
                && Number::parse(text).is_some_and(|number| comparison.holds_for_number(&number))
        };
        match &self.test {
            Test::Missing => false,
            Test::Contains(matcher) => matcher.find(text.as_bytes(), 0).is_some(),
            Test::Number(comparison) => compared(comparison),
            Test::Date(dates) => dates.hold_for(text),
            Test::Equals { text: typed, number, date } => {
                typed == text
                    || is_quoted_as(text, typed)
                    || number.as_ref().is_some_and(compared)
                    || date.as_ref().is_some_and(|date| date.hold_for(text))
            }
        }
    }
}

/// Whether a cell of an array of text, which is a repr, is a text.
fn is_quoted_as(cell: &str, text: &str) -> bool {
    matches!(syntax::literal(cell), Ok(Some(Literal::Text(inner))) if inner == text)
}

fn equals(operand: &str) -> Result<Test, String> {
    if operand == "nan" || operand == "NaT" {
        return Err(format!("nothing is equal to {operand}; missing finds it"));
    }
    let number = Number::parse(operand).map(|number| Comparison::new(Operator::Equal, number));
    let date = Dates::compared(Operator::Equal, operand);
    Ok(Test::Equals { text: unquoted(operand)?, number, date })
}

fn ordered(operator: Operator, operand: &str) -> Result<Test, String> {
    if let Some(dates) = Dates::compared(operator, operand) {
        return Ok(Test::Date(dates));
    }
    match Number::parse(operand) {
        Some(Number::Float(value)) if value.is_nan() => Err("nan has no order; missing finds it".to_owned()),
        Some(number) => Ok(Test::Number(Comparison::new(operator, number))),
        None => Err(format!("{operand} is neither a number nor a date; {EXPECTED}")),
    }
}

/// What stands between quotes, or the text itself.
fn unquoted(text: &str) -> Result<String, String> {
    if matches!(text, "''" | "\"\"") {
        return Ok(String::new());
    }
    match syntax::literal(text) {
        Ok(Some(Literal::Text(inner))) => Ok(inner),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.message),
    }
}
