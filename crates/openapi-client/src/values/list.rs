//! Lists of responses.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// The words that a document allows in place of a list without items, such as `NONE`.
pub trait WordsForEmpty {
    /// The words, as they are on the wire.
    const WORDS: &'static [&'static str];
}

/// No words.
impl WordsForEmpty for () {
    const WORDS: &'static [&'static str] = &[];
}

/// A list of a response; null in its place is an empty list, and so is one of the words `W`.
///
/// Any other word is an error: to take it for "no items" would report success where the server
/// said something else.
pub struct List<T, W = ()> {
    items: Vec<T>,
    words: PhantomData<fn() -> W>,
}

impl<T, W> List<T, W> {
    /// Whether there are no items.
    ///
    /// Named here because generated code refers to it by path.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T, W> Deref for List<T, W> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T, W> Default for List<T, W> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T, W> From<Vec<T>> for List<T, W> {
    fn from(items: Vec<T>) -> Self {
        Self { items, words: PhantomData }
    }
}

impl<T, W> FromIterator<T> for List<T, W> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T, W> IntoIterator for List<T, W> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'l, T, W> IntoIterator for &'l List<T, W> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Clone, W> Clone for List<T, W> {
    fn clone(&self) -> Self {
        self.items.clone().into()
    }
}

impl<T: PartialEq, W> PartialEq for List<T, W> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq, W> Eq for List<T, W> {}

impl<T: Hash, W> Hash for List<T, W> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}

impl<T: fmt::Debug, W> fmt::Debug for List<T, W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(formatter)
    }
}

impl<T: Serialize, W> Serialize for List<T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, W: WordsForEmpty> Deserialize<'de> for List<T, W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor::<T, W>(PhantomData)).map(Self::from)
    }
}

struct ListVisitor<T, W>(PhantomData<(T, W)>);

impl<'de, T: Deserialize<'de>, W: WordsForEmpty> Visitor<'de> for ListVisitor<T, W> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, null, or a word that means an empty list")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Vec<T>, E> {
        // The word stays out of the error: it may be anything.
        if W::WORDS.contains(&word) {
            Ok(Vec::new())
        } else {
            Err(E::custom(
                "a string stands in place of a list and is none of those that mean empty",
            ))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema, W: WordsForEmpty> schemars::JsonSchema for List<T, W> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("List_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<T>();
        if W::WORDS.is_empty() {
            return schemars::json_schema!({ "type": ["array", "null"], "items": items });
        }
        schemars::json_schema!({
            "anyOf": [
                { "type": "array", "items": items },
                { "type": "string", "enum": W::WORDS },
                { "type": "null" },
            ],
        })
    }
}
