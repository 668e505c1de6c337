//! Orders that come from JSON payloads.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tango_orders_client::types::{AsyncOrder, LineItem, LineItemStatus, Order};
use tango_orders_validator::{Colours, Schema};

use crate::async_view::{order_of, shared};

/// A payload that the sandbox serves.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Where it comes from, for messages.
    pub(crate) source: PathBuf,
    /// The payload, as it was written.
    pub(crate) text: Bytes,
    pub(crate) view: View,
}

/// Whose response it is.
#[derive(Debug)]
pub(crate) enum View {
    /// A response of `get_order`, served byte for byte.
    Order(Box<Order>),
    /// A response of `get_async_order`, whose line items are served page by page.
    AsyncOrder(Arc<LoadedAsyncOrder>),
}

/// An async order with its line items, both as they were written.
#[derive(Debug)]
pub(crate) struct LoadedAsyncOrder {
    pub(crate) key: Key,
    /// What `get_order` shows, if the payload has Tango's identifier.
    pub(crate) order: Option<Order>,
    /// The members of the order but for `lineItems`, `pagination` and `totalLineItems`.
    pub(crate) members: BTreeMap<String, Box<RawValue>>,
    pub(crate) line_items: Vec<LoadedLineItem>,
    /// The indexes of the line items that failed.
    pub(crate) failed: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.customer, self.account, self.reference)
    }
}

impl Loaded {
    /// Whether both are responses of the same operation about the same order.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.view, &other.view) {
            (View::Order(one), View::Order(other)) => {
                one.reference_order_id == other.reference_order_id
            }
            (View::AsyncOrder(one), View::AsyncOrder(other)) => one.key == other.key,
            _ => false,
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
struct Item {
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
    let payload = payload.ok_or_else(|| missing("externalRefID"))?;
    let loaded = |text: Vec<u8>, view| Loaded { source: path.to_owned(), text: text.into(), view };
    if !is_async {
        let order = serde_json::from_slice(&text).map_err(|_| missing("referenceOrderID"))?;
        return Ok(loaded(text, View::Order(order)));
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
        let item: Item = serde_json::from_str(json.get())
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
    let order = serde_json::from_slice(&text).map_err(|_| missing("externalRefID"))?;
    let order = view(order);
    let order = LoadedAsyncOrder { key, order, members, line_items, failed };
    Ok(loaded(text, View::AsyncOrder(Arc::new(order))))
}

/// What `get_order` shows of an async order that has all its line items.
fn view(mut order: AsyncOrder) -> Option<Order> {
    let items = mem::take(&mut order.line_items).into_vec();
    // As `get_async_order` says, whatever the payload says.
    order.total_line_items = i64::try_from(items.len()).unwrap_or(i64::MAX).into();
    let has_failed = |item: &&LineItem| item.line_item_status == LineItemStatus::Failed;
    // No payload says which item of the catalogue a line item is.
    let failed = items.iter().filter(has_failed).map(|item| (item.clone(), None));
    order_of(order, items.first().cloned(), failed, shared(&items))
}
