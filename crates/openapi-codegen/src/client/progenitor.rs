//! Runs progenitor, and finds what it does not take.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use openapiv3::{PathItem, Paths, ReferenceOr};
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars08::schema::{InstanceType, SchemaObject};

use super::types;
use super::view::{self, TolerantView};

/// Runs progenitor, which panics on what it does not know.
pub(super) fn generate(view: &TolerantView) -> Result<TokenStream, String> {
    let run = AssertUnwindSafe(|| Generator::new(&settings(view)).generate_tokens(&view.api));
    match quietly(|| panic::catch_unwind(run)) {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(panic_text(payload.as_ref())),
    }
}

fn settings(view: &TolerantView) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        // A client without its hooks would send what they are there to stop.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::openapi_client::Call))
        .with_map_type("::openapi_client::Map");
    // All types are written without progenitor, which only has to know where they are.
    let enums = view.enums.iter().map(|open| open.name.as_str()).collect();
    for named in &view.types {
        let path = types::path(named, &enums);
        settings.with_replacement(&named.name, path, [TypeImpl::Display].into_iter());
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

/// The index of the first operation that progenitor does not take.
///
/// Its messages tell no place, so it is run on beginnings of the document, each half as long as the
/// one before or half as much longer.
pub(super) fn culprit(view: &mut TolerantView, operations: usize) -> Option<usize> {
    let whole = view.api.paths.clone();
    let mut takes = |count: usize| {
        view.api.paths = beginning(&whole, count);
        generate(view).is_ok()
    };
    let (mut most, mut fewest) = (0, operations + 1);
    while fewest - most > 1 {
        let count = most.midpoint(fewest);
        *(if takes(count) { &mut most } else { &mut fewest }) = count;
    }
    (most < operations).then_some(most)
}

/// The first operations.
fn beginning(whole: &Paths, operations: usize) -> Paths {
    let mut paths = Paths::default();
    let items = whole.paths.iter().filter_map(|(path, item)| Some((path, item.as_item()?)));
    let all = items.flat_map(|(path, item)| item.iter().map(move |sent| (path, sent)));
    for (path, (method, operation)) in all.take(operations) {
        let item = paths.paths.entry(path.clone());
        let item = item.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item
            && let Some(slot) = view::slot(item, method)
        {
            *slot = Some(operation.clone());
        }
    }
    paths
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
