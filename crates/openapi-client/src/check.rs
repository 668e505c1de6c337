//! Checks parameters before anything is sent: what the document says of them, and that no value can
//! change which route is called.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;

use crate::call::Request;
use crate::operation::Location;
use crate::setup_error::InvalidValue;
use crate::values::{Decimal, Map};

/// What a schema of the document says of a parameter. A rule that does not concern a value's type holds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// `minLength`: the fewest characters of a text.
    MinLength(usize),
    /// `maxLength`: the most characters of a text.
    MaxLength(usize),
    /// `minimum`.
    Minimum(Number),
    /// `minimum` with `exclusiveMinimum`.
    ExclusiveMinimum(Number),
    /// `maximum`.
    Maximum(Number),
    /// `maximum` with `exclusiveMaximum`.
    ExclusiveMaximum(Number),
    /// `multipleOf`.
    MultipleOf(Number),
    /// `minItems`: the fewest items of a list.
    MinItems(usize),
    /// `maxItems`: the most items of a list.
    MaxItems(usize),
    /// `uniqueItems`: no two items of a list are the same.
    UniqueItems,
    /// `items`: rules for each item of a list.
    Items(&'static [Rule]),
}

/// A number of a rule or of a parameter; numbers are compared by value.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
}

/// A value that a parameter may have, as far as rules concern it.
pub trait Parameter {
    /// The text, if it is one.
    fn text(&self) -> Option<&str> {
        None
    }

    /// The number, if it is one.
    fn number(&self) -> Option<Number> {
        None
    }

    /// The items, if it is a list.
    fn items(&self) -> Option<Vec<&dyn Parameter>> {
        None
    }

    /// Whether there is a value to send.
    fn is_set(&self) -> bool {
        true
    }
}

/// Checks the parameters of a request against what the document says of them.
///
/// # Errors
///
/// The first rule that is broken, with the parameter's name and the length of its text.
pub(crate) fn request<R: Request>(request: &R) -> Result<(), InvalidValue> {
    for (described, value) in R::OPERATION.parameters.iter().zip(request.parameters()) {
        if described.location == Location::Path
            && let Some(text) = value.text()
        {
            path_segment(described.name, text)?;
        }
        parameter(described.name, value, described.rules)?;
    }
    if R::OPERATION.exclusive.is_empty() {
        return Ok(());
    }
    exclusive(R::OPERATION.exclusive, &is_set(request))
}

/// Which parameters of a request are set, by their names in the document.
pub(crate) fn is_set<R: Request>(request: &R) -> Vec<(&'static str, bool)> {
    let names = R::OPERATION.parameters.iter().map(|described| described.name);
    names.zip(request.parameters().into_iter().map(Parameter::is_set)).collect()
}

/// Checks a parameter against the rules of the document.
///
/// A list without items breaks a rule in any case: it would not be sent, and so ask for everything.
///
/// # Errors
///
/// The first rule that is broken, with the parameter's name and the length of its text.
pub fn parameter(
    name: &'static str,
    value: &dyn Parameter,
    rules: &[Rule],
) -> Result<(), InvalidValue> {
    if value.items().is_some_and(|items| items.is_empty()) {
        let rule = "is empty, so it would not be sent and ask for everything";
        return Err(InvalidValue::new(name, rule));
    }
    rules.iter().try_for_each(|rule| rule.check(name, value))
}

/// Checks a text that becomes one segment of the path, and nothing else.
///
/// URL parsers drop or resolve `.` and `..`, also behind a backslash (WHATWG URL), servers may cut a
/// segment at a semicolon and decode an escaped slash, and an empty segment calls another operation.
/// None of these is part of an identifier, so they are refused rather than escaped.
///
/// # Errors
///
/// What the text must not be or have, with the parameter's name and the length of the text.
pub fn path_segment(name: &'static str, text: &str) -> Result<(), InvalidValue> {
    let refused = |character: char| matches!(character, '/' | '\\' | ';') || character.is_control();
    let rule = if text.is_empty() {
        "is empty"
    } else if matches!(text, "." | "..") {
        "is a relative path"
    } else if text.contains(refused) {
        "has a slash, a backslash, a semicolon or a control character"
    } else {
        return Ok(());
    };
    Err(InvalidValue::of_text(name, rule, text))
}

/// Checks that of each group of parameters at most one is set; `is_set` tells of each by its name.
///
/// # Errors
///
/// The second parameter of a group that is set.
pub fn exclusive(
    groups: &[&[&'static str]],
    is_set: &[(&'static str, bool)],
) -> Result<(), InvalidValue> {
    for group in groups {
        let mut both = group.iter().filter(|name| is_set.contains(&(name, true)));
        if let (Some(first), Some(second)) = (both.next(), both.next()) {
            return Err(InvalidValue::new(second, format!("cannot be sent together with {first}")));
        }
    }
    Ok(())
}

impl Rule {
    fn check(&self, name: &'static str, value: &dyn Parameter) -> Result<(), InvalidValue> {
        if let Some(text) = value.text()
            && let Some(broken) = self.broken_by_text(text)
        {
            return Err(InvalidValue::of_text(name, broken, text));
        }
        if let Some(number) = value.number()
            && let Some(broken) = self.broken_by_number(number)
        {
            return Err(InvalidValue::new(name, broken));
        }
        let Some(items) = value.items() else { return Ok(()) };
        if let Self::Items(rules) = self {
            return items.iter().try_for_each(|item| {
                let checked = rules.iter().try_for_each(|rule| rule.check(name, *item));
                checked.map_err(|invalid| InvalidValue {
                    rule: format!("has an item that {}", invalid.rule).into(),
                    ..invalid
                })
            });
        }
        self.broken_by_items(&items).map_or(Ok(()), |broken| Err(InvalidValue::new(name, broken)))
    }

    fn broken_by_text(&self, text: &str) -> Option<Cow<'static, str>> {
        let length = text.chars().count();
        match *self {
            Self::MinLength(1) if length < 1 => Some("is empty".into()),
            Self::MinLength(least) if length < least => {
                Some(format!("is shorter than {least} characters").into())
            }
            Self::MaxLength(most) if length > most => {
                Some(format!("is longer than {}", counted(most, "character")).into())
            }
            _ => None,
        }
    }

    fn broken_by_number(&self, number: Number) -> Option<Cow<'static, str>> {
        match *self {
            Self::Minimum(least) if number < least => Some(format!("is less than {least}").into()),
            Self::Maximum(most) if number > most => Some(format!("is more than {most}").into()),
            Self::ExclusiveMinimum(bound) if number <= bound => {
                Some(format!("is not more than {bound}").into())
            }
            Self::ExclusiveMaximum(bound) if number >= bound => {
                Some(format!("is not less than {bound}").into())
            }
            Self::MultipleOf(factor) if !number.is_multiple_of(factor) => {
                Some(format!("is not a multiple of {factor}").into())
            }
            _ => None,
        }
    }

    fn broken_by_items(&self, items: &[&dyn Parameter]) -> Option<Cow<'static, str>> {
        match *self {
            Self::MinItems(least) if items.len() < least => {
                Some(format!("has fewer than {}", counted(least, "item")).into())
            }
            Self::MaxItems(most) if items.len() > most => {
                Some(format!("has more than {}", counted(most, "item")).into())
            }
            Self::UniqueItems if has_duplicate(items) => Some("has an item twice".into()),
            _ => None,
        }
    }
}

fn counted(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn has_duplicate(items: &[&dyn Parameter]) -> bool {
    let key = |item: &&dyn Parameter| match (item.text(), item.number()) {
        (Some(text), _) => Some(text.to_owned()),
        (None, number) => number.map(|number| number.to_string()),
    };
    let mut seen = HashSet::new();
    items.iter().filter_map(key).any(|key| !seen.insert(key))
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "only a comparison with a float needs it")]
    fn as_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    fn is_multiple_of(self, factor: Self) -> bool {
        if let (Self::Integer(number), Self::Integer(factor)) = (self, factor) {
            return number.checked_rem(factor).unwrap_or_default() == 0;
        }
        let quotient = self.as_f64() / factor.as_f64();
        // 0.3 is a multiple of 0.1, though not of the binary float that is next to 0.1.
        (quotient - quotient.round()).abs() <= quotient.abs() * f64::EPSILON
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other).is_some_and(Ordering::is_eq)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            (left, right) => left.as_f64().partial_cmp(&right.as_f64()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(formatter),
            Self::Float(number) => number.fmt(formatter),
        }
    }
}

impl Parameter for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

// No rule concerns these.
impl Parameter for bool {}
impl<K, V> Parameter for Map<K, V> {}
impl Parameter for serde_json::Value {}
impl Parameter for serde_json::Map<String, serde_json::Value> {}

impl Parameter for i64 {
    fn number(&self) -> Option<Number> {
        Some(Number::Integer(*self))
    }
}

impl Parameter for i32 {
    fn number(&self) -> Option<Number> {
        Some(Number::Integer((*self).into()))
    }
}

impl Parameter for f64 {
    fn number(&self) -> Option<Number> {
        Some(Number::Float(*self))
    }
}

impl Parameter for f32 {
    fn number(&self) -> Option<Number> {
        Some(Number::Float((*self).into()))
    }
}

/// Rules compare the nearest number of 64 bits.
impl Parameter for Decimal {
    fn number(&self) -> Option<Number> {
        let whole = self.as_str().parse().map(Number::Integer);
        whole.ok().or_else(|| self.as_str().parse().map(Number::Float).ok())
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn items(&self) -> Option<Vec<&dyn Parameter>> {
        Some(self.iter().map(|item| item as &dyn Parameter).collect())
    }
}

/// What is not set breaks no rule.
impl<T: Parameter> Parameter for Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref().and_then(T::text)
    }

    fn number(&self) -> Option<Number> {
        self.as_ref().and_then(T::number)
    }

    fn items(&self) -> Option<Vec<&dyn Parameter>> {
        self.as_ref().and_then(T::items)
    }

    fn is_set(&self) -> bool {
        self.is_some()
    }
}
