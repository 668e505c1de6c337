//! What a JSON value looks like from outside.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value without what is inside of its members and of all items but the first.
pub(super) enum Seen {
    Null,
    Boolean,
    Integer,
    Number,
    Text(String),
    List(Option<Box<Seen>>),
    /// Members by their names; of text, the text.
    Object(BTreeMap<String, Option<String>>),
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Seen;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Seen, E> {
        Ok(Seen::Boolean)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen::Integer)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Seen, E> {
        Ok(Seen::Integer)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Seen, E> {
        Ok(Seen::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Seen, A::Error> {
        let first = access.next_element()?;
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Seen::List(first.map(Box::new)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Seen, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, Glance(text))) = access.next_entry()? {
            members.insert(name, text);
        }
        Ok(Seen::Object(members))
    }
}

/// The text, if a value is text.
struct Glance(Option<String>);

impl<'de> Deserialize<'de> for Glance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GlanceVisitor)
    }
}

struct GlanceVisitor;

impl<'de> Visitor<'de> for GlanceVisitor {
    type Value = Glance;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Glance, E> {
        Ok(Glance(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Glance, E> {
        Ok(Glance(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Glance, E> {
        Ok(Glance(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Glance, E> {
        Ok(Glance(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Glance, E> {
        Ok(Glance(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Glance, E> {
        Ok(Glance(Some(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Glance, A::Error> {
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Glance(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Glance, A::Error> {
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Glance(None))
    }
}
