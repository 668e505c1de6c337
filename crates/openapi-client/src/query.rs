//! Values of the query in the styles that progenitor does not write.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// How the value of a query parameter is written (OpenAPI 3.0.3, section 4.7.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStyle {
    /// As one text: the items of a list, or the names and values of an object, with this between them.
    Delimited(&'static str),
    /// A pair for each member of an object, `name[member]`.
    DeepObject,
}

/// A query parameter with its style.
#[derive(Debug)]
pub struct QueryValue<'a, T> {
    name: &'a str,
    value: &'a T,
    style: QueryStyle,
}

impl<'a, T> QueryValue<'a, T> {
    /// A parameter with its name in the document.
    pub fn new(name: &'a str, value: &'a T, style: QueryStyle) -> Self {
        Self { name, value, style }
    }
}

/// As pairs of names and values; null is not sent.
impl<T: Serialize> Serialize for QueryValue<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = serde_json::to_value(self.value).map_err(serde::ser::Error::custom)?;
        let mut pairs = Vec::new();
        match self.style {
            QueryStyle::Delimited(delimiter) => {
                let texts: Vec<String> = match value {
                    Value::Null => Vec::new(),
                    Value::Array(items) => items.iter().map(text).collect(),
                    Value::Object(members) => members
                        .iter()
                        .flat_map(|(name, value)| [name.clone(), text(value)])
                        .collect(),
                    value => vec![text(&value)],
                };
                if !texts.is_empty() {
                    pairs.push((self.name.to_owned(), texts.join(delimiter)));
                }
            }
            QueryStyle::DeepObject => deep(self.name.to_owned(), &value, &mut pairs),
        }
        pairs.serialize(serializer)
    }
}

fn deep(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| deep(format!("{name}[{key}]"), value, pairs));
        }
        Value::Array(items) => items.iter().for_each(|item| deep(name.clone(), item, pairs)),
        value => pairs.push((name, text(value))),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_style_writes_values_as_the_specification_says() -> reqwest::Result<()> {
        let list = json!(["a", 1, true]);
        let object = json!({ "a": 1, "b": { "c": ["x", "y"] } });
        let cases = [
            (&list, QueryStyle::Delimited(","), "n=a%2C1%2Ctrue"),
            (&list, QueryStyle::Delimited("|"), "n=a%7C1%7Ctrue"),
            (&json!("a"), QueryStyle::Delimited(","), "n=a"),
            (&json!({ "a": 1, "b": "x" }), QueryStyle::Delimited(","), "n=a%2C1%2Cb%2Cx"),
            (&json!(null), QueryStyle::Delimited(","), ""),
            (&json!([]), QueryStyle::Delimited(","), ""),
            (&object, QueryStyle::DeepObject, "n%5Ba%5D=1&n%5Bb%5D%5Bc%5D=x&n%5Bb%5D%5Bc%5D=y"),
            (&json!(null), QueryStyle::DeepObject, ""),
        ];
        for (value, style, expected) in cases {
            let request = reqwest::Client::new()
                .get("https://api.example.com")
                .query(&QueryValue::new("n", value, style))
                .build()?;
            assert_eq!(request.url().query().unwrap_or_default(), expected, "{style:?}");
        }
        Ok(())
    }
}
