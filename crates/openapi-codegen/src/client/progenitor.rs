//! Runs progenitor, and finds what it does not take.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use openapiv3::{Components, OpenAPI, PathItem, Paths, ReferenceOr};
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use super::enums;
use super::view::{self, OpenEnum, TolerantView};
use crate::model::Operation;
use crate::source::Span;

/// Runs progenitor, which panics on what it does not know.
pub(super) fn generate(api: &OpenAPI, enums: &[OpenEnum]) -> Result<TokenStream, String> {
    let run = AssertUnwindSafe(|| Generator::new(&settings(enums)).generate_tokens(api));
    match quietly(|| panic::catch_unwind(run)) {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(panic_text(payload.as_ref())),
    }
}

fn settings(enums: &[OpenEnum]) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        // A client without its hooks would send what they are there to stop.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::openapi_client::Call))
        .with_map_type("::openapi_client::Map");
    for OpenEnum { name, .. } in enums {
        let path = enums::path(name);
        settings.with_replacement(enums::type_name(name), path, [TypeImpl::Display].into_iter());
    }
    let string = |format| schema(InstanceType::String, format);
    let printed = || [TypeImpl::Display].into_iter();
    let unprinted = || [].into_iter();
    settings
        .with_conversion(
            schema(InstanceType::Number, "decimal"),
            "::openapi_client::Decimal",
            printed(),
        )
        .with_conversion(string("date-time"), "::openapi_client::Timestamp", printed())
        .with_conversion(
            schema(InstanceType::Integer, view::RESPONSE_INTEGER),
            "::openapi_client::Integer",
            printed(),
        )
        .with_conversion(string(view::PRIVATE_TEXT), "::openapi_client::Private", unprinted())
        .with_conversion(string("password"), "::openapi_client::Secret", unprinted())
        .with_conversion(string("html"), "::openapi_client::Html", unprinted())
        .with_conversion(SchemaObject::default(), "::openapi_client::AnyValue", unprinted());
    settings
}

fn schema(instance_type: InstanceType, format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(instance_type.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

/// What progenitor does not take.
pub(super) enum Culprit {
    /// A schema at this place.
    Schema(Span),
    /// The operation with this index.
    Operation(usize),
    /// Nothing of these alone.
    Unknown,
}

/// The first schema or operation that progenitor does not take.
///
/// Its messages tell no place, so it is run on beginnings of the document, each half as long as the
/// one before or half as much longer.
pub(super) fn culprit(view: &TolerantView, operations: &[Operation]) -> Culprit {
    let takes = |types: usize, operations: usize| {
        generate(&beginning(view, types, operations), &view.enums).is_ok()
    };
    let first = |count: usize, takes: &dyn Fn(usize) -> bool| {
        let lengths: Vec<usize> = (1..=count).collect();
        lengths.partition_point(|&length| takes(length))
    };
    let types = first(view.types.len(), &|length| takes(length, 0));
    if let Some(named) = view.types.get(types) {
        return Culprit::Schema(named.span);
    }
    let all = view.types.len();
    let operation = first(operations.len(), &|length| takes(all, length));
    if operation < operations.len() { Culprit::Operation(operation) } else { Culprit::Unknown }
}

/// The view with its first operations, and with its first types and whatever these refer to.
fn beginning(view: &TolerantView, types: usize, operations: usize) -> OpenAPI {
    let mut components = Components::default();
    let known = view.api.components.as_ref().map(|components| &components.schemas);
    let mut open: Vec<String> =
        view.types.iter().take(types).map(|named| named.name.clone()).collect();
    while let Some(name) = open.pop() {
        if !components.schemas.contains_key(&name)
            && let Some(schema) = known.and_then(|known| known.get(&name))
        {
            references(&serde_json::to_value(schema).unwrap_or_default(), &mut open);
            components.schemas.insert(name, schema.clone());
        }
    }
    let mut paths = Paths::default();
    let items = view.api.paths.paths.iter();
    let all = items.filter_map(|(path, item)| Some((path, item.as_item()?)));
    let all = all.flat_map(|(path, item)| item.iter().map(move |sent| (path, sent)));
    for (path, (method, operation)) in all.take(operations) {
        let item = paths.paths.entry(path.clone());
        let item = item.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item
            && let Some(slot) = view::slot(item, method)
        {
            *slot = Some(operation.clone());
        }
    }
    OpenAPI { paths, components: Some(components), ..view.api.clone() }
}

/// The names of the components that a schema refers to.
fn references(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => members.iter().for_each(|(key, value)| match value {
            Value::String(text) if key == "$ref" => {
                names.extend(text.rsplit('/').next().map(str::to_owned));
            }
            value => references(value, names),
        }),
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps panics of this thread off the terminal; they become findings.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let value = run();
    QUIET.set(false);
    value
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("progenitor panicked: {}", text.unwrap_or("without a message"))
}
