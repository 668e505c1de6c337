//! The table of an object: each property once, with the function that reads it.

/// Whether a member must be present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Presence {
    /// It may be left out.
    Optional = 0b000,
    /// It must be present.
    Required = 0b001,
    /// It must be present, but a request may leave it out (`readOnly`).
    RequiredInResponses = 0b011,
    /// It must be present, but a response may leave it out (`writeOnly`).
    RequiredInRequests = 0b101,
}

/// The places of the members that must be present at least as `wanted` says, as bits.
pub const fn presence<const W: usize>(members: &[Presence], wanted: Presence) -> [u64; W] {
    let mut words = [0; W];
    let mut open: &mut [u64] = &mut words;
    let mut members = members;
    while let [word, others @ ..] = open {
        let mut bit = 0;
        while bit < u64::BITS
            && let [member, rest @ ..] = members
        {
            if *member as u8 & wanted as u8 == wanted as u8 {
                *word |= 1 << bit;
            }
            bit += 1;
            members = rest;
        }
        open = others;
    }
    words
}

/// A name as a member of a payload begins with it: behind a brace or comma, in quotes, with a colon.
///
/// None for a name that JSON writes with an escape; `N` is four more than its length.
pub const fn key<const N: usize>(before: u8, name: &str) -> Option<[u8; N]> {
    let mut key = [before; N];
    let whole: &mut [u8] = &mut key;
    let [_, quote, open @ ..] = whole else { return None };
    *quote = b'"';
    let mut open: &mut [u8] = open;
    let mut name = name.as_bytes();
    while let [byte, rest @ ..] = name {
        let [slot, others @ ..] = open else { return None };
        if *byte < 0x20 || matches!(*byte, b'"' | b'\\') {
            return None;
        }
        *slot = *byte;
        open = others;
        name = rest;
    }
    let [quote, colon] = open else { return None };
    *quote = b'"';
    *colon = b':';
    Some(key)
}

/// Reads an object: its rules, then each property once, with the function that reads its value.
///
/// `at` comes first among the rules. A property is `required`, `optional`,
/// `required_in_responses` (`readOnly`) or `required_in_requests` (`writeOnly`). In place of a
/// function, `string` stands for any string, and `any` for any value. `_` reads what is not listed
/// (`additionalProperties`).
///
/// ```
/// use openapi_validator::{Additional, Flow, Reader, object};
///
/// fn validate(reader: &mut Reader<'_>) -> Flow {
///     object! {
///         reader, ObjectRules { at: "/components/schemas/Charge", additional: Additional::Undocumented };
///         required "value" => value,
///         optional "currency" => string,
///     }
/// }
///
/// fn value(reader: &mut Reader<'_>) -> Flow {
///     reader.number(&openapi_validator::NumberRules::ANY)
/// }
/// # assert!(openapi_validator::is_valid(
/// #     &openapi_validator::SourceMap::EMPTY, validate, br#"{"value":1}"#, &Default::default(),
/// # ));
/// ```
#[macro_export]
macro_rules! object {
    (
        $reader:ident, ObjectRules { at: $at:literal $(, $field:ident: $value:expr)* };
        $(
            $presence:ident $name:literal => $($validator:ident)::+,
            $($presences:ident $names:literal => $($validators:ident)::+,)*
        )?
        $(_ => $($other:ident)::+,)?
    ) => {
        {
            const PRESENCE: &[$crate::Presence] = &[$(
                $crate::object!(@presence $presence),
                $($crate::object!(@presence $presences),)*
            )?];
            const WORDS: usize = PRESENCE.len().div_ceil(64);
            const RULES: $crate::ObjectRules<WORDS> = $crate::ObjectRules {
                at: $at,
                properties: $crate::Properties::new(&[$($name, $($names),*)?]),
                required: $crate::presence(PRESENCE, $crate::Presence::Required),
                read_only: $crate::presence(PRESENCE, $crate::Presence::RequiredInResponses),
                write_only: $crate::presence(PRESENCE, $crate::Presence::RequiredInRequests),
                $($field: $value,)*
                ..$crate::ObjectRules::ANY
            };
            if !$reader.object(&RULES)? {
                return Ok(());
            }
            let (mut object, mut seen) = $reader.members();
            loop {
                $(
                    let mut index = 0;
                    $crate::object!(
                        @expect $reader, seen, index, $at, b'{', $name, $($validator)::+
                    );
                    $(
                        index += 1;
                        $crate::object!(
                            @expect $reader, seen, index, $at, b',', $names, $($validators)::+
                        );
                    )*
                )?
                loop {
                    let Some(member) = $reader.member(&mut object, &mut seen, &RULES)? else {
                        return $reader.close(&object, seen, &RULES);
                    };
                    'member: {
                        $(
                            let mut index = 0;
                            if member == index {
                                break 'member $crate::object!(
                                    @read $reader, $at, $name, $($validator)::+
                                );
                            }
                            $(
                                index += 1;
                                if member == index {
                                    break 'member $crate::object!(
                                        @read $reader, $at, $names, $($validators)::+
                                    );
                                }
                            )*
                        )?
                        $crate::object!(@other $reader, RULES $(, $($other)::+)?)
                    }?;
                    if $reader.expects(&object) {
                        break;
                    }
                }
            }
        }
    };
    (@presence optional) => { $crate::Presence::Optional };
    (@presence required) => { $crate::Presence::Required };
    (@presence required_in_responses) => { $crate::Presence::RequiredInResponses };
    (@presence required_in_requests) => { $crate::Presence::RequiredInRequests };
    (
        @expect $reader:ident, $seen:ident, $index:ident, $at:literal, $before:literal,
        $name:literal, $($validator:ident)::+
    ) => {{
        const KEY: Option<[u8; $name.len() + 4]> = $crate::key($before, $name);
        if let Some(key) = &KEY
            && $reader.expect(&mut $seen, $index, key)
        {
            $crate::object!(@read $reader, $at, $name, $($validator)::+)?;
        }
    }};
    (@read $reader:ident, $at:literal, $name:literal, string) => {
        $reader.text(concat!($at, "/properties/", $name))
    };
    (@read $reader:ident, $at:literal, $name:literal, any) => { $reader.any() };
    (@read $reader:ident, $at:literal, $name:literal, $($validator:ident)::+) => {
        $($validator)::+($reader)
    };
    (@other $reader:ident, $rules:ident) => { $reader.undocumented(&$rules) };
    (@other $reader:ident, $rules:ident, any) => { $reader.any() };
    (@other $reader:ident, $rules:ident, $($other:ident)::+) => { $($other)::+($reader) };
}
