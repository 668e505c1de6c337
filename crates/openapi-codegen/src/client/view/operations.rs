//! Operations, as progenitor reads them.

use openapiv3::{PathItem, Paths, ReferenceOr};
use serde_json::{Map, Value, json};

use super::{Json, View, unreadable};
use crate::model::{MediaType, Operation, Parameter, RequestBody, Response};

/// The one media type that progenitor reads as JSON, not as bytes.
const JSON: &str = "application/json";

const FORM: &str = "application/x-www-form-urlencoded";

/// What progenitor sends as it is given.
pub const TEXT: &str = "text/plain";
pub const BYTES: &str = "application/octet-stream";

impl<'m> View<'m> {
    pub(super) fn paths(&mut self) -> Paths {
        let mut paths = Paths::default();
        for operation in &self.model.operations {
            match serde_json::from_value(self.operation(operation)) {
                Ok(sent) => {
                    let item = paths.paths.entry(operation.path.clone());
                    let item = item.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
                    if let ReferenceOr::Item(item) = item
                        && let Some(slot) = slot(item, &operation.method)
                    {
                        *slot = Some(sent);
                    }
                }
                Err(error) => {
                    self.findings.push(unreadable(self.model, operation.span, &error));
                }
            }
        }
        paths
    }

    fn operation(&mut self, operation: &'m Operation) -> Value {
        let parameters = operation.parameters.iter().filter(|parameter| is_sent(parameter));
        let parameters: Vec<Value> =
            parameters.map(|parameter| self.parameter(operation, parameter)).collect();
        let mut json = object_of([
            ("operationId", json!(operation.id)),
            ("summary", json!(operation.summary)),
            ("description", json!(operation.description)),
            ("tags", json!(operation.tags)),
            ("parameters", json!(parameters)),
        ]);
        if let Some(body) = &operation.request_body {
            let place = format!("{}-body", operation.id);
            let body = object_of([
                ("description", json!(body.description)),
                ("required", json!(body.required)),
                ("content", self.body(body, &place)),
            ]);
            json.insert("requestBody".to_owned(), Value::Object(body));
        }
        let place = format!("{}-response", operation.id);
        let mut responses = self.outcomes(&operation.responses, &place);
        spell_out_ranges(&mut responses);
        json.insert("responses".to_owned(), Value::Object(responses));
        Value::Object(json)
    }

    /// The one media type in which a body is sent: JSON, if the server takes it.
    fn body(&mut self, body: &'m RequestBody, place: &str) -> Value {
        let typed = body.json().map(|media| (JSON, media));
        let typed = typed.or_else(|| body.form().map(|media| (FORM, media)));
        let Some((name, media)) = typed else {
            // Progenitor knows these two; the media type of the document is put in their place.
            let Some(media) = body.raw() else { return json!({}) };
            return if media.essence().starts_with("text/") {
                json!({ TEXT: media_type(Some(&json!({ "type": "string" }))) })
            } else {
                let bytes = json!({ "type": "string", "format": "binary" });
                json!({ BYTES: media_type(Some(&bytes)) })
            };
        };
        let schema = media.schema.as_ref();
        let schema = schema.map_or_else(|| json!({}), |schema| self.strict(schema, place));
        json!({ name: media_type(Some(&schema)) })
    }

    /// The responses by their statuses. A method returns one type, and fails with one.
    fn outcomes(&mut self, responses: &'m [Response], place: &str) -> Json {
        let mut outcomes = Json::new();
        let (successes, others): (Vec<_>, Vec<_>) =
            responses.iter().partition(|response| response.status.starts_with('2'));
        let (errors, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|response| {
            matches!(response.status.as_bytes(), [b'4' | b'5', ..] | b"default")
        });
        // Without another success, `default` is what a method returns, too.
        let body = if successes.is_empty() {
            self.common_body(&errors, false, place)
        } else {
            let body = self.common_body(&successes, true, place);
            outcomes.extend(successes.into_iter().map(|response| described(response, &body)));
            self.common_body(&errors, false, &format!("{place}-error"))
        };
        outcomes.extend(errors.into_iter().map(|response| described(response, &body)));
        // Neither informational responses nor redirections reach the caller as values.
        let nothing = || Value::Object(Map::new());
        outcomes.extend(others.into_iter().map(|response| described(response, &nothing())));
        outcomes
    }

    /// The content that stands for that of all these responses.
    ///
    /// Bodies of different schemas are any value. Beside a success with a body, one without is null. An
    /// error without the body that others have has none that can be read, like one of a gateway.
    fn common_body(&mut self, responses: &[&'m Response], is_success: bool, place: &str) -> Value {
        let is_raw =
            |response: &&&Response| response.json().is_none() && !response.content.is_empty();
        if let Some(raw) = responses.iter().find(is_raw)
            && (is_success || responses.iter().all(|response| response.json().is_none()))
        {
            // What is not JSON is read as bytes, whatever its schema.
            let content = raw.content.iter();
            return content.map(|media| (media.name.clone(), media_type(None))).collect();
        }
        let mut typed = responses.iter().filter_map(|response| response.json());
        let Some(first) = typed.next() else { return Value::Object(Map::new()) };
        let same = |media: &MediaType| match (&media.schema, &first.schema) {
            (Some(one), Some(other)) => one.is_same(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let schema = match &first.schema {
            Some(schema) if typed.all(same) => {
                let loose = self.loose(schema, place);
                if is_success && responses.iter().any(|response| response.content.is_empty()) {
                    loose.or_nothing()
                } else {
                    loose.keep_null()
                }
            }
            _ => json!({}),
        };
        json!({ JSON: media_type(Some(&schema)) })
    }
}

/// Whether the client sends a parameter: cookies are the business of whoever keeps them, and some
/// headers are not parameters (OpenAPI 3.0.3, section 4.7.12.1).
pub fn is_sent(parameter: &Parameter) -> bool {
    const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];
    match parameter.location.as_str() {
        "cookie" => false,
        "header" => !IGNORED.contains(&parameter.name.to_ascii_lowercase().as_str()),
        _ => true,
    }
}

fn described(response: &Response, content: &Value) -> (String, Value) {
    let json = json!({ "description": response.description, "content": content });
    (response.status.clone(), json)
}

/// Where a path item holds the operation of a method.
pub fn slot<'i>(
    item: &'i mut PathItem,
    method: &str,
) -> Option<&'i mut Option<openapiv3::Operation>> {
    Some(match method {
        "get" => &mut item.get,
        "put" => &mut item.put,
        "post" => &mut item.post,
        "delete" => &mut item.delete,
        "options" => &mut item.options,
        "head" => &mut item.head,
        "patch" => &mut item.patch,
        "trace" => &mut item.trace,
        _ => return None,
    })
}

/// The members of an object that are not null.
pub(super) fn object_of<const N: usize>(members: [(&str, Value); N]) -> Json {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn media_type(schema: Option<&Value>) -> Value {
    Value::Object(object_of([("schema", json!(schema))]))
}

/// Beside a success, `default` means the errors; progenitor takes it for both. Beside a range, it
/// writes a pattern that is never reached for each code of the range.
fn spell_out_ranges(responses: &mut Json) {
    if responses.keys().any(|status| status.starts_with('2'))
        && let Some(default) = responses.remove("default")
    {
        for range in ["4XX", "5XX"] {
            responses.entry(range).or_insert_with(|| default.clone());
        }
    }
    for range in ["2XX", "4XX", "5XX"] {
        if responses.contains_key(range) {
            // They have the same body.
            responses.retain(|status, _| status == range || status[..1] != range[..1]);
        }
    }
}
