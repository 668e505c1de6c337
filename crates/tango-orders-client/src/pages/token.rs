//! A place in a stream of line items, in a form that can be kept.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::walk::Place;
use crate::generated::requests::GetAsyncOrder;

/// The form of tokens; a token of another form is refused.
const VERSION: u8 = 1;

/// Where a stream of line items stood, for going on later, in another process even.
///
/// It names a page by its cursor and the last line item that was yielded of it, knows earlier pages
/// by eight bytes each, and belongs to one request: order, page size, filter and `failed_only`. It holds no credentials and nothing of a
/// person; still `Debug` tells nothing of it, and [`ResumeToken::to_text`] is the one way to read it.
/// How long the server honours a cursor is not documented.
#[derive(Clone, PartialEq, Eq)]
pub struct ResumeToken {
    request: u64,
    pub(super) backwards: bool,
    pub(super) place: Place,
    pub(super) heads: BTreeSet<u64>,
}

/// What a token looks like inside its text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u8,
    request: u64,
    backwards: bool,
    place: Place,
    heads: BTreeSet<u64>,
}

/// The text is not a resume token of this version of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseResumeTokenError(());

impl ResumeToken {
    pub(super) fn new(
        request: &GetAsyncOrder,
        backwards: bool,
        place: Place,
        heads: BTreeSet<u64>,
    ) -> Self {
        Self { request: fingerprint(request), backwards, place, heads }
    }

    pub(super) fn is_of(&self, request: &GetAsyncOrder) -> bool {
        self.request == fingerprint(request)
    }

    /// The token as letters, digits, hyphens and underscores, for keeping it; parse it to get it back.
    pub fn to_text(&self) -> String {
        let Self { request, backwards, place, heads } = self.clone();
        let form = Form { version: VERSION, request, backwards, place, heads };
        // Such a form has no value that JSON could not write.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&form).unwrap_or_default())
    }
}

/// As its text.
impl Serialize for ResumeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for ResumeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for ResumeToken {
    type Err = ParseResumeTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = ParseResumeTokenError(());
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused)?;
        let form: Form = serde_json::from_slice(&json).map_err(|_| refused)?;
        let Form { version: VERSION, request, backwards, place, heads } = form else {
            return Err(refused);
        };
        Ok(Self { request, backwards, place, heads })
    }
}

impl fmt::Debug for ResumeToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResumeToken([redacted])")
    }
}

impl fmt::Display for ParseResumeTokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a resume token of this version of the client")
    }
}

impl std::error::Error for ParseResumeTokenError {}

/// Tells requests apart: those that differ in what picks and cuts pages.
fn fingerprint(request: &GetAsyncOrder) -> u64 {
    let GetAsyncOrder {
        customer_identifier,
        account_identifier,
        external_ref_id,
        external_line_item_reference_ids: external_ids,
        reference_line_item_ids: ids,
        max_results,
        failed_only,
        ..
    } = request;
    let page_size = max_results.map(i64::to_le_bytes).unwrap_or_default();
    let switches =
        [external_ids.is_some(), ids.is_some(), *failed_only == Some(true)].map(u8::from);
    let texts = [customer_identifier, account_identifier, external_ref_id].into_iter();
    let texts = texts.chain(external_ids.iter().flatten()).chain(ids.iter().flatten());
    hash([&page_size[..], &switches[..]].into_iter().chain(texts.map(String::as_bytes)))
}

/// FNV-1a of 64 bits, which is the same on every machine; it guards against mistakes, not against
/// attacks.
pub(super) fn hash<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // The length keeps `a`, `bc` and `ab`, `c` apart.
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes();
        for byte in length.iter().chain(part) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
