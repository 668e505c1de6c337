//! What the sandbox's document says differently on purpose.

use serde_json::Value;

use super::difference::Difference;

/// A kind of difference that is right.
pub struct Row {
    /// Names of parts; `*` at the end of a name is any rest of it, `**` is any number of parts.
    pub place: &'static str,
    /// The fact that differs. That a part is missing is never on purpose.
    pub fact: &'static str,
    pub contract: Says,
    pub sandbox: Says,
    pub because: &'static str,
}

/// What one side says.
#[derive(Clone, Copy)]
pub enum Says {
    Nothing,
    /// This text.
    This(&'static str),
    Something,
}

use Says::{Nothing, Something, This};

const fn row(
    place: &'static str,
    fact: &'static str,
    contract: Says,
    sandbox: Says,
    because: &'static str,
) -> Row {
    Row { place, fact, contract, sandbox, because }
}

const LENIENT: &str = "the types read what breaks this rule, and utoipa describes the types";
const OWN_WORDS: &str = "the sandbox speaks of itself, and in fewer words";
const PAGES: &str = "the vendor's pages describe the vendor's server, not the sandbox";
const EXAMPLES: &str = "the sandbox serves orders that can be looked at";
const MARK: &str = "a mark for the generator, which the types obey";
const DEPRECATED: &str = "the schemas that are derived from types do not say `deprecated`";
const OWN_TOKENS: &str = "the sandbox grants tokens itself";
const EMPTY: &str = "the types read a list that is not there as an empty one";

/// All of them.
pub const ON_PURPOSE: &[Row] = &[
    row("", "openapi", This("3.0.3"), This("3.1.0"), "utoipa writes no 3.0"),
    row("", "servers", Something, Something, "the sandbox names itself"),
    row("", "externalDocs", Something, Nothing, PAGES),
    row("info", "description", Something, Something, OWN_WORDS),
    row("info", "license", Nothing, Something, "utoipa takes it from the crate"),
    row("tag *", "description", Something, Something, OWN_WORDS),
    row("securitySchemes *", "description", Something, Something, OWN_WORDS),
    row("operation *", "description", Something, Something, OWN_WORDS),
    row("operation *", "externalDocs", Something, Nothing, PAGES),
    row("operation * / *", "description", Something, Something, OWN_WORDS),
    row("operation * / * / schema", "description", Something, Nothing, OWN_WORDS),
    row("operation * / * / schema / items", "description", Something, Nothing, OWN_WORDS),
    row("operation * / query *", "example", Something, Nothing, EXAMPLES),
    row("operation * / * / schema", "example", Something, Nothing, EXAMPLES),
    row("operation * / * / schema / items", "example", Something, Nothing, EXAMPLES),
    row("operation * / * / application/json", "examples", Something, Nothing, EXAMPLES),
    row("schema * / **", "example", Something, Nothing, EXAMPLES),
    row(
        "schema * / *",
        "presence",
        This("optional"),
        This("optional or null"),
        "null is as good as absent",
    ),
    row("schema * / *", "description", Nothing, Something, "the first words of what `$ref` names"),
    row("schema * / * / *", "description", Something, Nothing, "types have no words for items"),
    row("vocabulary *", "description", Something, Nothing, "each value has its words in the types"),
    row("vocabulary *", "example", Something, Nothing, EXAMPLES),
    row("schema ErrorBody / code", "deprecated", Something, Nothing, DEPRECATED),
    row("schema Order / sendEmail", "deprecated", Something, Nothing, DEPRECATED),
    row("schema ListedOrder / sendEmail", "deprecated", Something, Nothing, DEPRECATED),
    row("schema Reward / credentials", "deprecated", Something, Nothing, DEPRECATED),
    row("schema *", "nullable", Something, Nothing, "said where the schema is used"),
    row("schema * / **", "format", This("int32"), This("int64"), LENIENT),
    row("schema * / **", "format", This("email"), Nothing, LENIENT),
    row("schema * / **", "minimum", Something, Nothing, LENIENT),
    row("schema * / **", "maximum", Something, Nothing, LENIENT),
    row("schema * / **", "maxLength", Something, Nothing, LENIENT),
    row("schema * / **", "pattern", Something, Nothing, LENIENT),
    row("schema * / **", "x-exempt-values", Something, Nothing, LENIENT),
    row("schema * / **", "x-loggable", Something, Nothing, MARK),
    row("schema OrderList / orders", "presence", This("required"), This("optional or null"), EMPTY),
    row("schema *", "x-forbidden-properties", Something, Nothing, MARK),
    row("schema * / *", "maxItems", Something, Nothing, LENIENT),
    row("securitySchemes * / flows / *", "tokenUrl", Something, This("/oauth/token"), OWN_TOKENS),
];

impl Row {
    pub fn explains(&self, difference: &Difference) -> bool {
        let place: Vec<&str> = self.place.split(" / ").filter(|name| !name.is_empty()).collect();
        difference.fact.as_deref() == Some(self.fact)
            && covers(&place, &difference.place)
            && self.contract.is(difference.contract.value.as_ref())
            && self.sandbox.is(difference.sandbox.value.as_ref())
    }
}

impl Says {
    fn is(self, value: Option<&Value>) -> bool {
        match self {
            Nothing => value.is_none(),
            This(expected) => value.and_then(Value::as_str) == Some(expected),
            Something => value.is_some(),
        }
    }
}

fn covers(pattern: &[&str], place: &[String]) -> bool {
    match (pattern, place) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            covers(rest, place)
                || place.split_first().is_some_and(|(_, place)| covers(pattern, place))
        }
        ([part, pattern @ ..], [name, place @ ..]) => {
            let is_named = match part.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => part == name,
            };
            is_named && covers(pattern, place)
        }
        _ => false,
    }
}
