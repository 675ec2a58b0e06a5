//! How large values are, by the arithmetic of the calls that make them. Everything is a logarithm to base 10: what an attacker
//! writes down in a few bytes has more digits than there is memory.

use super::super::names::{AtOnce, Growth};

/// Nothing: the logarithm of 0.
const NONE: f64 = f64::NEG_INFINITY;
const ENDLESS: f64 = f64::INFINITY;

/// The logarithm of how large a value is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::safety) struct Size {
    /// Of the number that it is, apart from its sign.
    pub(in crate::safety) number: f64,
    /// Of how many items it has, or characters.
    pub(in crate::safety) items: f64,
    /// Of how many items its items have together, where that is known.
    pub(in crate::safety) inner: f64,
    /// Of the largest number that a text spells.
    pub(in crate::safety) spelled: f64,
    /// Of its last item, a number.
    pub(in crate::safety) last: f64,
    /// Of how many addresses a network has that is written so.
    addresses: f64,
}

/// The same in half the memory: a file may have millions.
#[derive(Clone, Copy)]
pub(in crate::safety) struct StoredSize([f32; 6]);

impl From<Size> for StoredSize {
    fn from(size: Size) -> Self {
        let Size { number, items, inner, spelled, last, addresses } = size;
        Self([number, items, inner, spelled, last, addresses].map(|log| log as f32))
    }
}

impl From<StoredSize> for Size {
    fn from(stored: StoredSize) -> Self {
        let [number, items, inner, spelled, last, addresses] = stored.0.map(f64::from);
        Self { number, items, inner, spelled, last, addresses }
    }
}

impl Size {
    pub(in crate::safety) const UNKNOWN: Self =
        Self { number: NONE, items: NONE, inner: NONE, spelled: NONE, last: NONE, addresses: NONE };

    pub(in crate::safety) fn number(value: f64) -> Self {
        Self { number: value.abs().log10(), ..Self::UNKNOWN }
    }

    pub(in crate::safety) fn digits(digits: f64) -> Self {
        Self { number: digits, ..Self::UNKNOWN }
    }

    pub(in crate::safety) fn items(count: f64) -> Self {
        Self { items: count.log10(), ..Self::UNKNOWN }
    }

    /// A text: its length, the number that it is, the largest in it.
    pub(in crate::safety) fn text(text: &str) -> Self {
        let largest = text.split(|c: char| !c.is_ascii_digit()).map(spelled).fold(NONE, f64::max);
        Self { number: decimal(text), spelled: largest, addresses: addresses(text), ..Self::items(text.len() as f64) }
    }

    /// A container of so many items, of which these were looked at. As a shape it is the product of its numbers.
    pub(in crate::safety) fn container(count: f64, items: &[Self]) -> Self {
        let numbers = items.iter().map(|item| item.number).filter(|number| *number > NONE);
        Self {
            number: numbers.sum(),
            inner: sum(items.iter().map(|item| item.items)),
            last: items.last().map_or(NONE, |item| item.number),
            ..Self::items(count)
        }
    }

    fn of_items(items: f64) -> Self {
        Self { items, ..Self::UNKNOWN }
    }
}

/// The logarithm of a whole number in digits.
fn spelled(digits: &str) -> f64 {
    let digits = digits.trim_start_matches('0');
    let head: f64 = digits.get(..digits.len().min(15)).and_then(|head| head.parse().ok()).unwrap_or(0.0);
    head.log10() + digits.len().saturating_sub(15) as f64
}

/// The logarithm of a number as `decimal.Decimal` and `fractions.Fraction` read it: `-1.5E+400`, `3/7`, `1_000`.
fn decimal(text: &str) -> f64 {
    let text = text.trim().trim_start_matches(['+', '-']).replace('_', "").to_ascii_lowercase();
    let (text, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let whole = text.split(['.', '/']).next().unwrap_or_default();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/'));
    match exponent.parse::<f64>() {
        Ok(exponent) if is_number => spelled(whole).max(0.0) + exponent.max(0.0),
        _ => NONE,
    }
}

/// The logarithm of how many addresses `10.0.0.0/8` has; a mask may stand for the prefix.
fn addresses(text: &str) -> f64 {
    let Some((address, prefix)) = text.split_once('/') else { return 0.0 };
    let bits = if address.contains(':') { 128.0 } else { 32.0 };
    let octets = prefix.split('.').map(|octet| octet.parse::<u8>().unwrap_or(0));
    let fixed = match prefix.parse::<u8>() {
        Ok(prefix) => f64::from(prefix),
        Err(_) => octets.map(|octet| f64::from(octet.leading_ones())).sum(),
    };
    (bits - fixed).max(0.0) * std::f64::consts::LOG10_2
}

fn sum(sizes: impl Iterator<Item = f64>) -> f64 {
    sizes.fold(NONE, |left, right| {
        let (low, high) = if left < right { (left, right) } else { (right, left) };
        if high.is_infinite() { high } else { high + (1.0 + 10f64.powf(low - high)).log10() }
    })
}

/// The logarithm of a factorial (Stirling), of a number that is given by its own.
fn factorial(log: f64) -> f64 {
    let n = 10f64.powf(log);
    if n < 2.0 { 0.0 } else { n * (log - std::f64::consts::LOG10_E) + 0.5 * (log + 0.8) }
}

/// In how many ways: a difference of factorials, which loses its digits where the numbers are huge.
fn choose(from: f64, count: f64, is_ordered: bool) -> f64 {
    let (n, k) = (10f64.powf(from), 10f64.powf(count).min(10f64.powf(from)));
    if n > 1e9 {
        return if is_ordered { k * from } else { k.min(n - k) * from };
    }
    let rest = factorial(from) - factorial((n - k).max(1.0).log10());
    (if is_ordered { rest } else { rest - factorial(count) }).max(0.0)
}

impl Growth {
    /// The size of the result. `keywords` has the largest number among arguments that were given by keyword.
    pub(in crate::safety) fn result(self, args: &[Size], keywords: f64) -> Size {
        let arg = |index: usize| args.get(index).copied().unwrap_or(Size::UNKNOWN);
        let items = || args.iter().map(|arg| arg.items).filter(|items| *items > NONE);
        // `r` of permutations, as many as there are when it is left out.
        let count = || if arg(1).number > NONE { arg(1).number } else { keywords };
        match self {
            Self::Endless => Size::of_items(ENDLESS),
            Self::Repeat if args.len() < 2 && keywords == NONE => Size { inner: ENDLESS, ..Size::of_items(ENDLESS) },
            Self::Repeat => Size { inner: count() + arg(0).items, ..Size::of_items(count()) },
            Self::Range if args.len() < 2 => Size::of_items(arg(0).number),
            // At most: their signs are not looked at.
            Self::Range => Size::of_items(sum([arg(0).number, arg(1).number].into_iter()) - arg(2).number.max(0.0)),
            // A text among the others is a type: so many bytes has each item.
            Self::Shape => Size::of_items(shape(args) + widest(args)),
            Self::SecondShape => Size::of_items(shape(args.get(1..).unwrap_or_default()) + widest(args)),
            // `(address, prefix)`
            Self::Network if arg(0).last > NONE => {
                Size::of_items((128.0 - 10f64.powf(arg(0).last)) * std::f64::consts::LOG10_2)
            }
            Self::Network => Size::of_items(arg(0).addresses.max(0.0)),
            Self::Longest => Size {
                inner: args.iter().fold(NONE, |most, arg| most.max(arg.inner)),
                ..Size::of_items(items().fold(NONE, f64::max))
            },
            Self::Shortest => {
                Size::of_items(if items().next().is_none() { NONE } else { items().fold(ENDLESS, f64::min) })
            }
            Self::Sum => Size { number: sum(args.iter().map(|arg| arg.number)), ..Size::of_items(sum(items())) },
            Self::Flatten => Size::of_items(arg(0).inner),
            Self::Slice => {
                let stop = arg(if args.len() < 3 { 1 } else { 2 }).number;
                Size::of_items(if stop > NONE { arg(0).items.min(stop) } else { arg(0).items })
            }
            Self::Product => Size::of_items(items().sum::<f64>() * 10f64.powf(keywords.max(0.0))),
            Self::Permutations if count() == NONE => Size::of_items(factorial(arg(0).items)),
            Self::Permutations => Size::of_items(choose(arg(0).items, count(), true)),
            Self::Combinations => Size::of_items(choose(arg(0).items, count(), false)),
            Self::Multicombinations => Size::of_items(choose(sum([arg(0).items, count()].into_iter()), count(), false)),
            // `(sign, digits, exponent)`
            Self::Decimal if arg(0).last > NONE => Size::digits(arg(0).inner.max(0.0) + 10f64.powf(arg(0).last)),
            Self::Number | Self::Decimal => {
                Size { number: args.iter().fold(NONE, |most, arg| most.max(arg.number)), ..Size::UNKNOWN }
            }
            // The sign is not looked at: so many digits behind the point are not asked for, either.
            Self::Round => Size::digits(arg(0).number.max(10f64.powf(arg(1).number))),
            Self::Bytes => Size::of_items(arg(0).items.max(arg(0).number)),
            Self::Width => {
                let widest = args.iter().fold(NONE, |most, arg| most.max(arg.spelled));
                let given = args.iter().skip(1).fold(widest, |most, arg| most.max(arg.number));
                Size::of_items(given.max(items().fold(NONE, f64::max)))
            }
            Self::Power if arg(0).number <= 0.0 => Size::number(1.0),
            Self::Power => Size::digits(arg(0).number * 10f64.powf(arg(1).number)),
            Self::Multiply if items().next().is_some() => Size::of_items(
                args.iter().map(|arg| if arg.items > NONE { arg.items } else { arg.number.max(0.0) }).sum(),
            ),
            Self::Multiply => Size::digits(args.iter().map(|arg| arg.number.max(0.0)).sum()),
            Self::Shift => Size::digits(arg(0).number + 10f64.powf(arg(1).number) * std::f64::consts::LOG10_2),
            Self::Factorial => Size::digits(factorial(arg(0).number)),
            Self::Choose => Size::digits(choose(arg(0).number, count(), false)),
        }
    }

    /// What of the call is made at once: items in memory, digits of a number.
    pub(in crate::safety) fn cost(self, at_once: AtOnce, args: &[Size], result: Size) -> Size {
        match at_once {
            AtOnce::Nothing => Size::UNKNOWN,
            AtOnce::All => result,
            AtOnce::Pools => Self::Longest.result(args, NONE),
        }
    }
}

/// The largest number that a text spells, at least 1.
fn widest(args: &[Size]) -> f64 {
    args.iter().fold(0.0, |most, arg| most.max(arg.spelled))
}

/// The product of the numbers of a shape: one number, a tuple of them (whose product is known), or several.
fn shape(args: &[Size]) -> f64 {
    let first = args.first().copied().unwrap_or(Size::UNKNOWN);
    if first.items > NONE {
        first.number
    } else {
        args.iter().map(|arg| arg.number).filter(|number| *number > NONE).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 0.01 * right.abs().max(1.0)
    }

    #[test]
    fn texts_are_numbers_widths_and_networks() {
        assert!(near(Size::text("-1.5E+400").number, 400.0) && near(Size::text("1_000").number, 3.0));
        assert_eq!(Size::text("abc").number, NONE);
        assert!(near(Size::text("{:>3000000d}").spelled, 6.477));
        assert!(near(Size::text("0.0.0.0/0").addresses, 9.633) && near(Size::text("::/64").addresses, 19.27));
        assert!(near(Size::text("10.0.0.0/255.0.0.0").addresses, 7.22));
    }

    #[test]
    fn results_are_as_large_as_python_makes_them() {
        let number = Size::number;
        let result = |growth: Growth, args: &[Size]| growth.result(args, NONE);
        assert!(near(result(Growth::Combinations, &[Size::items(60.0), number(30.0)]).items, 17.07));
        assert!(near(result(Growth::Permutations, &[Size::items(16.0)]).items, 13.32));
        assert!(near(result(Growth::Product, &[Size::items(40.0); 8]).items, 12.82));
        assert!(near(result(Growth::Power, &[number(9.0), number(1e6)]).number, 954_242.5));
        assert!(near(result(Growth::Round, &[number(1.0), number(-1e9)]).number, 1e9));
        assert!(near(result(Growth::Factorial, &[number(1000.0)]).number, 2567.6));
        assert!(near(result(Growth::Range, &[number(-1e12), number(1e12)]).items, 12.3));
        assert_eq!(result(Growth::Shortest, &[result(Growth::Endless, &[]), Size::items(2.0)]).items, 2f64.log10());
    }
}
