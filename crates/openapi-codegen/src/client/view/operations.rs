//! Operations, as progenitor reads them.

use openapiv3::{PathItem, Paths, ReferenceOr};
use serde_json::{Map, Value, json};

use super::{Json, View, unreadable};
use crate::model::{MediaType, Operation, RequestBody, Response};

/// The one media type that progenitor reads as JSON, not as bytes.
const JSON: &str = "application/json";

const FORM: &str = "application/x-www-form-urlencoded";

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
        let parameters = operation.parameters.iter();
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
        let responses = operation
            .responses
            .iter()
            .map(|response| (response.status.clone(), self.response(response, &place)));
        let mut responses = responses.collect();
        spell_out_ranges(&mut responses);
        json.insert("responses".to_owned(), Value::Object(responses));
        Value::Object(json)
    }

    /// The one media type in which a body is sent: JSON, if the server takes it.
    fn body(&mut self, body: &'m RequestBody, place: &str) -> Value {
        let typed = body.json().map(|media| (JSON, media));
        let typed = typed.or_else(|| body.form().map(|media| (FORM, media)));
        let Some((name, media)) = typed else {
            let Some(media) = body.content.first() else { return json!({}) };
            let schema = if media.essence().starts_with("text/") {
                json!({ "type": "string" })
            } else {
                json!({ "type": "string", "format": "binary" })
            };
            return json!({ &media.name: media_type(Some(&schema)) });
        };
        let schema = media.schema.as_ref();
        let schema = schema.map_or_else(|| json!({}), |schema| self.strict(schema, place));
        json!({ name: media_type(Some(&schema)) })
    }

    fn response(&mut self, response: &'m Response, place: &str) -> Value {
        let mut content = Map::new();
        match response.json() {
            Some(MediaType { schema, .. }) => {
                let schema = schema
                    .as_ref()
                    .map_or_else(|| json!({}), |schema| self.loose(schema, place).keep_null());
                content.insert(JSON.to_owned(), media_type(Some(&schema)));
            }
            // What is not JSON is read as bytes, whatever its schema.
            None => content.extend(
                response.content.iter().map(|media| (media.name.clone(), media_type(None))),
            ),
        }
        json!({ "description": response.description, "content": content })
    }
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
            // Lint makes sure that they have the same body.
            responses.retain(|status, _| status == range || status[..1] != range[..1]);
        }
    }
}
