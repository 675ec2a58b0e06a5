//! sympy: expressions as they are written, their terms in the order of the file and numbers last.
//!
//! Sources: `sympy/core/basic.py` (`__reduce_ex__`, `__getnewargs__`: an expression is its class and its arguments),
//! `sympy/printing/str.py`.

use crate::bytes::sorting;
use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};

/// Expressions.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["sympy"], shape: Some(read), ..Library::NOTHING };

/// Expressions in expressions that are written out, and those of one line.
const LEVELS: usize = 40;
const PARTS: usize = 500;

/// How tightly what is written holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Relation,
    Sum,
    Product,
    Power,
    Atom,
}

/// A part of an expression, written.
struct Written {
    text: String,
    bond: Bond,
}

impl Written {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), bond: Bond::Atom }
    }

    fn number(text: String) -> Self {
        let bond = if text.starts_with('-') {
            Bond::Sum
        } else if text.contains('/') {
            Bond::Product
        } else {
            Bond::Atom
        };
        Self { text, bond }
    }

    /// The text, in brackets where it holds together less tightly than `least`.
    fn within(&self, least: Bond) -> String {
        if self.bond < least { format!("({})", self.text) } else { self.text.clone() }
    }
}

fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let object = lens.object(call.id)?;
    let mut parts = PARTS;
    let text = Writer { lens, left: &mut parts }.expression(call.id, 0)?.text;
    let mut shown = lens.argument_parts(call);
    shown.extend(lens.added_parts(call.id));
    Some(Shape::named(ShapeKind::Instance, &object.class.module, &object.class.name, shown).with_text(text))
}

struct Writer<'a, 'b> {
    lens: &'a Lens<'b>,
    left: &'a mut usize,
}

impl Writer<'_, '_> {
    /// Expressions nest no deeper than `LEVELS`, so this may call itself. `None` for what is no expression.
    fn expression(&mut self, node: NodeId, level: usize) -> Option<Written> {
        let object = self.lens.object(node).filter(|object| object.is_in("sympy"))?;
        *self.left = self.left.saturating_sub(1);
        if level > LEVELS || *self.left == 0 {
            return Some(Written::atom("…"));
        }
        let class = object.class.short_name();
        let args = &object.args[..];
        Some(match (class, args) {
            ("Symbol" | "Dummy" | "Wild", [name, ..]) => Written::atom(self.lens.string(*name)?),
            ("Integer", &[number]) => Written::number(self.lens.inline(number)),
            ("Rational", &[above, below]) => {
                Written::number(format!("{}/{}", self.lens.inline(above), self.lens.inline(below)))
            }
            ("Float", &[number]) => Written::number(float(self.lens, number)?),
            ("Add", [_, ..]) => self.sum(args, level)?,
            ("Mul", [_, ..]) => self.product(args, level)?,
            ("Pow", &[base, exponent]) => self.power(base, exponent, level)?,
            (_, []) => constant(class)?,
            (_, &[left, right]) if relation(class).is_some() => {
                let sides = [self.part(left, level)?, self.part(right, level)?].map(|side| side.within(Bond::Sum));
                Written { text: sides.join(relation(class)?), bond: Bond::Relation }
            }
            ("Tuple", _) => Written::atom(format!("({})", self.list(args, level)?)),
            _ => {
                let name = if class == "Equality" { "Eq" } else { class };
                Written::atom(format!("{name}({})", self.list(args, level)?))
            }
        })
    }

    fn part(&mut self, edge: Edge, level: usize) -> Option<Written> {
        let written = self.expression(edge.node(), level + 1);
        Some(written.unwrap_or_else(|| Written::atom(self.lens.inline(edge))))
    }

    fn list(&mut self, args: &[Edge], level: usize) -> Option<String> {
        let words: Vec<String> = args.iter().map(|&arg| Some(self.part(arg, level)?.text)).collect::<Option<_>>()?;
        Some(words.join(", "))
    }

    fn sum(&mut self, args: &[Edge], level: usize) -> Option<Written> {
        let mut terms: Vec<Written> = args.iter().map(|&arg| self.part(arg, level)).collect::<Option<_>>()?;
        sorting::by_key(&mut terms, |term| is_number(&term.text));
        let mut text = String::new();
        for term in terms {
            let (minus, rest) = match term.text.strip_prefix('-') {
                Some(rest) => (true, rest.to_owned()),
                None => (false, term.within(Bond::Sum)),
            };
            text.push_str(match (text.is_empty(), minus) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            text.push_str(&rest);
        }
        Some(Written { text, bond: Bond::Sum })
    }

    fn product(&mut self, args: &[Edge], level: usize) -> Option<Written> {
        let (mut above, mut below, mut minus) = (Vec::new(), Vec::new(), false);
        for &arg in args {
            let factor = self.part(arg, level)?;
            let text = match factor.text.strip_prefix('-').filter(|_| is_number(&factor.text)) {
                Some(rest) => {
                    minus = !minus;
                    rest.to_owned()
                }
                None => factor.within(Bond::Product),
            };
            match text.split_once('/').filter(|_| is_number(&text) || text.starts_with("1/")) {
                Some((first, second)) => {
                    above.extend(Some(first.to_owned()).filter(|first| first != "1"));
                    below.push(second.to_owned());
                }
                None => above.extend(Some(text).filter(|text| text != "1")),
            }
        }
        let sign = if minus { "-" } else { "" };
        let above = if above.is_empty() { "1".to_owned() } else { above.join("*") };
        let text = match &below[..] {
            [] => format!("{sign}{above}"),
            [one] => format!("{sign}{above}/{one}"),
            more => format!("{sign}{above}/({})", more.join("*")),
        };
        Some(Written { text, bond: if minus { Bond::Sum } else { Bond::Product } })
    }

    fn power(&mut self, base: Edge, exponent: Edge, level: usize) -> Option<Written> {
        let (base, exponent) = (self.part(base, level)?, self.part(exponent, level)?);
        let text = match exponent.text.as_str() {
            "1/2" => return Some(Written::atom(format!("sqrt({})", base.text))),
            "-1/2" => format!("1/sqrt({})", base.text),
            "-1" => format!("1/{}", base.within(Bond::Atom)),
            _ => {
                let text = format!("{}**{}", base.within(Bond::Atom), exponent.within(Bond::Atom));
                return Some(Written { text, bond: Bond::Power });
            }
        };
        Some(Written { text, bond: Bond::Product })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.'))
}

fn relation(class: &str) -> Option<&'static str> {
    Some(match class {
        "StrictLessThan" => " < ",
        "LessThan" => " <= ",
        "StrictGreaterThan" => " > ",
        "GreaterThan" => " >= ",
        _ => return None,
    })
}

/// Classes with one instance each.
fn constant(class: &str) -> Option<Written> {
    Some(match class {
        "Zero" => Written::atom("0"),
        "One" => Written::atom("1"),
        "NegativeOne" => Written::number("-1".to_owned()),
        "Half" => Written::number("1/2".to_owned()),
        "Pi" => Written::atom("pi"),
        "Exp1" => Written::atom("E"),
        "ImaginaryUnit" => Written::atom("I"),
        "Infinity" => Written::atom("oo"),
        "NegativeInfinity" => Written::number("-oo".to_owned()),
        "ComplexInfinity" => Written::atom("zoo"),
        "NaN" => Written::atom("nan"),
        "BooleanTrue" => Written::atom("True"),
        "BooleanFalse" => Written::atom("False"),
        "GoldenRatio" | "EulerGamma" | "Catalan" | "EmptySet" | "Reals" | "Integers" | "Naturals" => {
            Written::atom(class)
        }
        _ => return None,
    })
}

/// `(sign, mantissa in hexadecimal digits, exponent, bits)`, with the fifteen digits of a float.
fn float(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    const DIGITS: usize = 15;
    let parts = lens.sequence(edge)?;
    let &[sign, mantissa, exponent, ..] = &parts[..] else { return None };
    let mantissa = match lens.string(mantissa) {
        Some(text) => u64::from_str_radix(text.trim_start_matches("0x").trim_end_matches('L'), 16).ok()?,
        None => u64::try_from(lens.int(mantissa)?).ok()?,
    };
    let exponent = i32::try_from(lens.int(exponent)?).ok().filter(|exponent| exponent.abs() < 1000)?;
    let value = mantissa as f64 * 2f64.powi(exponent) * if lens.int(sign)? == 0 { 1.0 } else { -1.0 };
    let whole = if value.abs() < 1.0 { 1 } else { value.abs().log10().floor() as usize + 1 };
    if whole > DIGITS || value != 0.0 && value.abs() < 1e-4 {
        return Some(crate::opcode::repr_float(value));
    }
    Some(format!("{value:.*}", DIGITS - whole))
}
