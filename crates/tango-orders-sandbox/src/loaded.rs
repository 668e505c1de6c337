//! Orders that come from JSON payloads.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tango_orders_client::types::Order;
use tango_orders_validator::{Colours, Schema};

/// A payload that the sandbox serves.
#[derive(Debug)]
pub(crate) enum Loaded {
    /// A response of `get_order`, served byte for byte.
    Order { id: String, body: Bytes, order: Box<Order> },
    /// A response of `get_async_order`, whose line items are served page by page.
    AsyncOrder(LoadedAsyncOrder),
}

/// An async order with its line items, both as they were written.
#[derive(Clone, Debug)]
pub(crate) struct LoadedAsyncOrder {
    pub(crate) key: Key,
    /// Tango's identifier; empty if the payload has none.
    pub(crate) id: String,
    /// The payload.
    text: Bytes,
    /// The members of the order but for `lineItems`, `pagination` and `totalLineItems`.
    pub(crate) members: BTreeMap<String, Box<RawValue>>,
    pub(crate) line_items: Vec<LoadedLineItem>,
    /// The indexes of the line items that failed.
    pub(crate) failed: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) customer: String,
    pub(crate) account: String,
    pub(crate) reference: String,
}

#[derive(Clone, Debug)]
pub(crate) struct LoadedLineItem {
    pub(crate) json: Box<RawValue>,
    pub(crate) reference: String,
    pub(crate) external_reference: Option<String>,
}

impl Loaded {
    /// The payload, as it was written.
    pub(crate) fn text(&self) -> &Bytes {
        match self {
            Self::Order { body, .. } => body,
            Self::AsyncOrder(order) => &order.text,
        }
    }
}

/// A payload cannot be served.
#[derive(Debug)]
pub enum LoadError {
    /// A file or folder cannot be read.
    Read(PathBuf, io::Error),
    /// The payload breaks the document; the text is the validator's report.
    Invalid(PathBuf, String),
    /// The payload obeys the document and lacks what the sandbox finds it by.
    NoKey(PathBuf, &'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(formatter, "read {}: {error}", path.display()),
            Self::Invalid(path, report) => {
                write!(formatter, "load {}, which breaks the document\n{report}", path.display())
            }
            Self::NoKey(path, name) => write!(
                formatter,
                "load {}: it has no `{name}`, which requests ask for it by; add one",
                path.display()
            ),
        }
    }
}

impl std::error::Error for LoadError {}

/// What tells the two kinds of payloads apart, and what is needed of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'p> {
    #[serde(rename = "referenceOrderID")]
    reference_order_id: Option<String>,
    #[serde(rename = "externalRefID")]
    external_ref_id: Option<String>,
    customer_identifier: Option<String>,
    account_identifier: Option<String>,
    #[serde(borrow)]
    pagination: Option<&'p RawValue>,
    #[serde(borrow)]
    line_items: Option<&'p RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineItem {
    reference_line_item_id: String,
    #[serde(rename = "externalRefLineItemID")]
    external_ref_line_item_id: Option<String>,
    #[serde(rename = "lineItemStatus")]
    status: String,
}

/// Reads a payload, or all files of a folder whose names end in `.json`, in the order of their names.
pub(crate) fn load(path: &Path) -> Result<Vec<Loaded>, LoadError> {
    let fail = |error| LoadError::Read(path.to_owned(), error);
    if !fs::metadata(path).map_err(fail)?.is_dir() {
        let text = fs::read(path).map_err(fail)?;
        return parse(path, text).map(|loaded| vec![loaded]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let file = entry.map_err(fail)?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            files.push(file);
        }
    }
    files.sort();
    let read = |file: PathBuf| match fs::read(&file) {
        Ok(text) => parse(&file, text),
        Err(error) => Err(LoadError::Read(file, error)),
    };
    files.into_iter().map(read).collect()
}

/// A payload from its text; `path` is for messages.
pub(crate) fn parse(path: &Path, text: Vec<u8>) -> Result<Loaded, LoadError> {
    // What is no JSON at all is left to the validator, whose report says where.
    let payload: Option<Payload<'_>> = serde_json::from_slice(&text).ok();
    let is_async = payload.as_ref().is_some_and(|payload| payload.pagination.is_some());
    let schema = if is_async { Schema::AsyncOrder } else { Schema::Order };
    let report = tango_orders_validator::validate(schema, &text);
    if !report.is_valid() {
        let name = path.display().to_string();
        let report = report.render(&name, Colours::Never);
        return Err(LoadError::Invalid(path.to_owned(), report));
    }
    let missing = |name| LoadError::NoKey(path.to_owned(), name);
    let payload = payload.ok_or_else(|| missing("referenceOrderID"))?;
    if !is_async {
        let id = payload.reference_order_id.ok_or_else(|| missing("referenceOrderID"))?;
        let order = serde_json::from_slice(&text).map_err(|_| missing("referenceOrderID"))?;
        return Ok(Loaded::Order { id, body: Bytes::from(text), order });
    }
    let key = Key {
        customer: payload.customer_identifier.ok_or_else(|| missing("customerIdentifier"))?,
        account: payload.account_identifier.ok_or_else(|| missing("accountIdentifier"))?,
        reference: payload.external_ref_id.ok_or_else(|| missing("externalRefID"))?,
    };
    // A word in place of the list means that there are no line items.
    let items = payload.line_items.map_or("null", RawValue::get);
    let items: Option<Vec<Box<RawValue>>> = serde_json::from_str(items).unwrap_or_default();
    let mut line_items = Vec::new();
    let mut failed = Vec::new();
    for (index, json) in (0..).zip(items.unwrap_or_default()) {
        let item: LineItem = serde_json::from_str(json.get())
            .map_err(|_| missing("lineItems[].referenceLineItemId"))?;
        if item.status == "FAILED" {
            failed.push(index);
        }
        line_items.push(LoadedLineItem {
            json,
            reference: item.reference_line_item_id,
            external_reference: item.external_ref_line_item_id,
        });
    }
    let mut members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&text).map_err(|_| missing("externalRefID"))?;
    for replaced in ["lineItems", "pagination", "totalLineItems"] {
        members.remove(replaced);
    }
    let id = payload.reference_order_id.unwrap_or_default();
    let text = Bytes::from(text);
    Ok(Loaded::AsyncOrder(LoadedAsyncOrder { key, id, text, members, line_items, failed }))
}
