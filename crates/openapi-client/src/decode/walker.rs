//! Goes with serde through JSON: skips what is not asked for no deeper than everything else, and tells
//! where it is.

use std::fmt;
use std::mem;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use crate::observer::{enter, leave};

/// Wraps any part of serde's machinery. `serde_json` keeps to a depth where it recurses, and skips unknown
/// members at any depth; here it decodes them, and throws them away.
///
/// If it locates, [`enter`] and [`leave`] are called for each member and each item. What serde keeps for
/// later, in an untagged enum or a flattened struct, has the place of the whole.
pub(super) struct Walker<T, const LOCATES: bool>(pub(super) T);

/// The members of an object, and the name of the one whose value comes next.
struct Members<A, const LOCATES: bool> {
    access: A,
    name: String,
}

/// The items of an array, and the number of the next one.
struct Items<A, const LOCATES: bool> {
    access: A,
    index: usize,
}

macro_rules! deserializer {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {
        impl<'de, D: Deserializer<'de>, const LOCATES: bool> Deserializer<'de>
            for Walker<D, LOCATES>
        {
            type Error = D::Error;

            fn deserialize_ignored_any<V: Visitor<'de>>(
                self,
                visitor: V,
            ) -> Result<V::Value, D::Error> {
                self.deserialize_any(visitor)
            }

            $(
                fn $method<V: Visitor<'de>>(
                    self,
                    $($argument: $type,)*
                    visitor: V,
                ) -> Result<V::Value, D::Error> {
                    self.0.$method($($argument,)* Walker::<V, LOCATES>(visitor))
                }
            )*
        }
    };
}

deserializer! {
    deserialize_any();
    deserialize_bool();
    deserialize_i8();
    deserialize_i16();
    deserialize_i32();
    deserialize_i64();
    deserialize_i128();
    deserialize_u8();
    deserialize_u16();
    deserialize_u32();
    deserialize_u64();
    deserialize_u128();
    deserialize_f32();
    deserialize_f64();
    deserialize_char();
    deserialize_str();
    deserialize_string();
    deserialize_bytes();
    deserialize_byte_buf();
    deserialize_option();
    deserialize_unit();
    deserialize_unit_struct(name: &'static str);
    deserialize_newtype_struct(name: &'static str);
    deserialize_seq();
    deserialize_tuple(length: usize);
    deserialize_tuple_struct(name: &'static str, length: usize);
    deserialize_map();
    deserialize_struct(name: &'static str, fields: &'static [&'static str]);
    deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    deserialize_identifier();
}

macro_rules! visitor {
    ($($method:ident($type:ty);)*) => {
        impl<'de, V: Visitor<'de>, const LOCATES: bool> Visitor<'de> for Walker<V, LOCATES> {
            type Value = V::Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.expecting(formatter)
            }

            $(
                fn $method<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
                    self.0.$method(value)
                }
            )*

            fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
                self.0.visit_none()
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
                self.0.visit_unit()
            }

            fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
                self.0.visit_some(Walker::<D, LOCATES>(value))
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                value: D,
            ) -> Result<V::Value, D::Error> {
                self.0.visit_newtype_struct(Walker::<D, LOCATES>(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
                self.0.visit_seq(Items::<A, LOCATES> { access, index: 0 })
            }

            fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
                self.0.visit_map(Members::<A, LOCATES> { access, name: String::new() })
            }

            fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
                self.0.visit_enum(Walker::<A, LOCATES>(access))
            }
        }
    };
}

visitor! {
    visit_bool(bool);
    visit_i64(i64);
    visit_i128(i128);
    visit_u64(u64);
    visit_u128(u128);
    visit_f64(f64);
    visit_char(char);
    visit_str(&str);
    visit_borrowed_str(&'de str);
    visit_string(String);
    visit_bytes(&[u8]);
    visit_borrowed_bytes(&'de [u8]);
    visit_byte_buf(Vec<u8>);
}

impl<'de, S: DeserializeSeed<'de>, const LOCATES: bool> DeserializeSeed<'de>
    for Walker<S, LOCATES>
{
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Walker::<D, LOCATES>(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>, const LOCATES: bool> SeqAccess<'de> for Items<A, LOCATES> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let seed = Walker::<T, LOCATES>(seed);
        if !LOCATES {
            return self.access.next_element_seed(seed);
        }
        enter(self.index.to_string());
        self.index = self.index.saturating_add(1);
        let item = self.access.next_element_seed(seed);
        leave();
        item
    }

    fn size_hint(&self) -> Option<usize> {
        self.access.size_hint()
    }
}

impl<'de, A: MapAccess<'de>, const LOCATES: bool> MapAccess<'de> for Members<A, LOCATES> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if !LOCATES {
            return self.access.next_key_seed(seed);
        }
        let Some(name) = self.access.next_key()? else { return Ok(None) };
        self.name = name;
        let name: StrDeserializer<'_, A::Error> = self.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let seed = Walker::<T, LOCATES>(seed);
        if !LOCATES {
            return self.access.next_value_seed(seed);
        }
        enter(mem::take(&mut self.name));
        let value = self.access.next_value_seed(seed);
        leave();
        value
    }

    fn size_hint(&self) -> Option<usize> {
        self.access.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>, const LOCATES: bool> EnumAccess<'de> for Walker<A, LOCATES> {
    type Error = A::Error;
    type Variant = Walker<A::Variant, LOCATES>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(seed)?;
        Ok((value, Walker(variant)))
    }
}

impl<'de, A: VariantAccess<'de>, const LOCATES: bool> VariantAccess<'de> for Walker<A, LOCATES> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        self.0.newtype_variant_seed(Walker::<T, LOCATES>(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, Walker::<V, LOCATES>(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Walker::<V, LOCATES>(visitor))
    }
}
