//! Rules of numbers and lists in request bodies.

use super::shape::typed_format;
use crate::model::{Schema, Type};
use crate::vocabulary::Format;

/// A rule for a number or a list that a request body carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    Least { number: String, is_exclusive: bool },
    Most { number: String, is_exclusive: bool },
    MultipleOf(i64),
    FewestItems(u64),
    MostItems(u64),
    Distinct,
}

/// The rules that a constructor checks.
pub(super) fn bounds(schema: &Schema) -> Vec<Bound> {
    match schema.kind {
        Some(Type::Integer) => integer_bounds(schema),
        Some(Type::Number) => {
            let minimum = schema.minimum.clone();
            let least = minimum
                .map(|number| Bound::Least { number, is_exclusive: schema.exclusive_minimum });
            let maximum = schema.maximum.clone();
            let most = maximum
                .map(|number| Bound::Most { number, is_exclusive: schema.exclusive_maximum });
            [least, most].into_iter().flatten().collect()
        }
        Some(Type::Array) => {
            let fewest = schema.min_items.filter(|&count| count > 0).map(Bound::FewestItems);
            let most = schema.max_items.map(Bound::MostItems);
            let distinct = schema.unique_items.then_some(Bound::Distinct);
            [fewest, most, distinct].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Whole limits of a 64-bit integer, those of its format among them.
fn integer_bounds(schema: &Schema) -> Vec<Bound> {
    let mut least = schema.minimum.as_deref().and_then(|number| {
        if schema.exclusive_minimum {
            whole(number, f64::floor)?.checked_add(1)
        } else {
            whole(number, f64::ceil)
        }
    });
    let mut most = schema.maximum.as_deref().and_then(|number| {
        if schema.exclusive_maximum {
            whole(number, f64::ceil)?.checked_sub(1)
        } else {
            whole(number, f64::floor)
        }
    });
    if typed_format(schema) == Some(Format::Int32) {
        least = Some(least.map_or(i32::MIN.into(), |least| least.max(i32::MIN.into())));
        most = Some(most.map_or(i32::MAX.into(), |most| most.min(i32::MAX.into())));
    }
    let number = |number: i64| number.to_string();
    let least = least.map(|least| Bound::Least { number: number(least), is_exclusive: false });
    let most = most.map(|most| Bound::Most { number: number(most), is_exclusive: false });
    let multiple = schema.multiple_of.as_deref().and_then(|multiple| multiple.parse().ok());
    let multiple = multiple.filter(|&multiple: &i64| multiple > 1).map(Bound::MultipleOf);
    [least, most, multiple].into_iter().flatten().collect()
}

fn whole(number: &str, round: fn(f64) -> f64) -> Option<i64> {
    number.parse().ok().or_else(|| round(number.parse().ok()?).to_string().parse().ok())
}
