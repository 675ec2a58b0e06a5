//! Statistics in words.

use super::card::{CardFact, Histogram, Statistics};
use super::preview::plural;
use crate::lens::{self, Numbers, Series, Tally, Texts, Value, grouped};

/// Most frequent texts shown.
const FREQUENT: usize = 20;
/// Characters of each.
const LABEL: usize = 200;

/// What a tally over a series has come to.
#[must_use]
pub fn statistics(tally: &Tally, series: &dyn Series) -> Statistics {
    let times = |count: u64| grouped(count.saturating_mul(series.repeats()));
    let mut facts = vec![CardFact::new("count", times(tally.count))];
    if tally.missing > 0 || tally.count == 0 {
        facts.push(CardFact::new(series.missing_word(), times(tally.missing)));
    }
    let mut shown = Statistics { progress: tally.progress(), problem: tally.problem.clone(), ..Statistics::default() };
    if let Some(numbers) = &tally.numbers {
        number_facts(numbers, tally.count, series, &mut facts);
        shown.histogram = numbers.histogram().map(|histogram| spelled(&histogram, series));
    }
    if let Some(texts) = &tally.texts {
        text_facts(texts, &mut facts);
        let frequent = texts.frequent(FREQUENT);
        shown.frequent = frequent.into_iter().map(|(text, count)| (short(&text), count)).collect();
    }
    shown.facts = facts;
    shown
}

fn number_facts(numbers: &Numbers, count: u64, series: &dyn Series, facts: &mut Vec<CardFact>) {
    let of = series.measure().map_or_else(String::new, |measure| format!(" of the {measure}"));
    let times = |count: u64| grouped(count.saturating_mul(series.repeats()));
    if numbers.infinite > 0 {
        facts.push(CardFact::new("infinite", times(numbers.infinite)));
    }
    let ends = [("min", numbers.min), ("max", numbers.max)];
    let is_bool = |end: Option<(Value, u64)>| end.is_none_or(|(_, at)| matches!(&*series.text(at), "True" | "False"));
    if numbers.min.is_some() && is_bool(numbers.min) && is_bool(numbers.max) {
        facts.push(CardFact::new("True", times(count.saturating_sub(numbers.zeros))));
        facts.push(CardFact::new("False", times(numbers.zeros)));
        return;
    }
    if !series.spells_means_as_integers() {
        facts.push(CardFact::new("zeros", times(numbers.zeros)));
    }
    for (name, (_, at)) in ends.into_iter().filter_map(|(name, end)| Some((name, end?))) {
        let by = series.measure().map_or_else(String::new, |measure| format!(" by {measure}"));
        facts.push(CardFact::new(format!("{name}{by}"), series.text(at)));
    }
    let finite = if numbers.infinite > 0 { " of the finite ones" } else { "" };
    if let Some(mean) = numbers.mean() {
        facts.push(CardFact::new(format!("mean{of}{finite}"), spelled_mean(mean, numbers, series)));
    }
    if let Some([first, median, third]) = numbers.quartiles().filter(|_| !series.spells_means_as_integers()) {
        facts.push(CardFact::new(format!("median{of}"), series.spell(median)));
        facts.push(CardFact::new(
            format!("quartiles{of}"),
            format!("{} and {}", series.spell(first), series.spell(third)),
        ));
    }
    // numpy and pandas do not agree on it, so it says which one it is.
    let ddof = series.ddof();
    if let Some(deviation) = numbers.deviation(ddof) {
        facts.push(CardFact::new(format!("std (ddof {ddof}){of}{finite}"), series.spell_difference(deviation)));
    }
}

fn spelled_mean(mean: f64, numbers: &Numbers, series: &dyn Series) -> String {
    match numbers.integer_mean() {
        // Of dates: a float64 has not the digits for nanoseconds.
        Some(exact) if series.spells_means_as_integers() => series.spell_integer(exact),
        _ => series.spell(mean),
    }
}

fn text_facts(texts: &Texts, facts: &mut Vec<CardFact>) {
    let different = grouped(texts.different());
    let different = if texts.is_cut { format!("more than {different}") } else { different };
    facts.push(CardFact::new("different values", different));
    facts.push(CardFact::new("longest", plural(texts.longest, "character", "characters")));
    if texts.is_cut {
        let words = "of those met first: there are too many different ones to count them all";
        facts.push(CardFact::new("most frequent", words));
    }
}

fn spelled(histogram: &lens::Histogram, series: &dyn Series) -> Histogram {
    let spell = |value: &Value| match *value {
        Value::Float(value) => series.spell(value),
        Value::Integer(value) => series.spell_integer(value),
    };
    let edges: Vec<String> = histogram.edges.iter().map(spell).collect();
    let (low, high) = (edges.first().cloned().unwrap_or_default(), edges.last().cloned().unwrap_or_default());
    let counts = histogram.counts.iter().map(|count| count.saturating_mul(series.repeats())).collect();
    let mut values = Vec::new();
    if histogram.is_discrete {
        values = edges[..histogram.counts.len()].to_vec();
    }
    Histogram { low, high: values.last().cloned().unwrap_or(high), edges, values, counts }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
