//! A place in a stream of line items, in a form that can be kept.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::place::{At, Past, Place};
use super::trail::{HASH_BYTES, Kept, hash};
use crate::generated::requests::GetAsyncOrder;

/// The form of tokens; a token of another form is refused.
const VERSION: u8 = 2;

// What the second byte of a token tells.
const BACKWARDS: u8 = 1;
const HAS_PAST: u8 = 1 << 1;
/// The cursor is base 64 itself, and kept as what that stands for.
const IS_PACKED: u8 = 1 << 2;
const NEXT: u8 = 1 << 3;
const PREVIOUS: u8 = 2 << 3;
const END: u8 = 3 << 3;
const KIND: u8 = 3 << 3;

/// Where a stream of line items stood, for going on later, in another process even.
///
/// It names a page by its cursor and the line item that was yielded last, knows two of the earlier pages,
/// and belongs to one request: order, page size, filter and `failed_only`. As text, it has fewer than
/// 100 bytes, however long the stream is, unless the cursor has more than 40.
///
/// It holds no credentials and nothing of a person; still `Debug` tells nothing of it, and
/// [`ResumeToken::to_text`], which serde uses as well, is the one way to read it. How long the server
/// honours a cursor is not documented.
#[derive(Clone, PartialEq, Eq)]
pub struct ResumeToken {
    request: u64,
    pub(super) backwards: bool,
    pub(super) place: Place,
    pub(super) trail: Kept,
}

/// The text is not a resume token of this version of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseResumeTokenError(());

impl ResumeToken {
    pub(super) fn new(request: &GetAsyncOrder, backwards: bool, place: Place, trail: Kept) -> Self {
        Self { request: fingerprint(request), backwards, place, trail }
    }

    pub(super) fn is_of(&self, request: &GetAsyncOrder) -> bool {
        self.request == fingerprint(request)
    }

    /// The token as letters, digits, hyphens and underscores, for keeping it; parse it to get it back.
    pub fn to_text(&self) -> String {
        let Self { request, backwards, place, trail } = self;
        let (kind, cursor) = match &place.page {
            At::Start => (0, ""),
            At::Next(cursor) => (NEXT, cursor.as_str()),
            At::Previous(cursor) => (PREVIOUS, cursor.as_str()),
            At::End => (END, ""),
        };
        let packed = URL_SAFE_NO_PAD.decode(cursor).ok();
        let packed = packed.filter(|bytes| URL_SAFE_NO_PAD.encode(bytes) == cursor);
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let flags = kind
            | flag(*backwards, BACKWARDS)
            | flag(place.past.is_some(), HAS_PAST)
            | flag(packed.is_some(), IS_PACKED);
        let mut bytes = vec![VERSION, flags];
        write_hash(&mut bytes, *request);
        write_number(&mut bytes, trail.pages);
        write_number(&mut bytes, trail.empty);
        if trail.pages > 0 {
            write_hash(&mut bytes, trail.mark);
            write_hash(&mut bytes, trail.latest);
        }
        if let Some(past) = &place.past {
            write_number(&mut bytes, past.count);
            write_hash(&mut bytes, past.last);
        }
        bytes.extend_from_slice(packed.as_deref().unwrap_or(cursor.as_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let [VERSION, flags, rest @ ..] = &bytes[..] else { return None };
        let is_set = |flag| flags & flag != 0;
        let mut rest = rest;
        let request = read_hash(&mut rest)?;
        let mut trail = Kept { pages: read_number(&mut rest)?, ..Kept::default() };
        trail.empty = read_number(&mut rest)?;
        if trail.pages > 0 {
            trail.mark = read_hash(&mut rest)?;
            trail.latest = read_hash(&mut rest)?;
        }
        let mut past = None;
        if is_set(HAS_PAST) {
            past = Some(Past { count: read_number(&mut rest)?, last: read_hash(&mut rest)? });
        }
        let cursor = if is_set(IS_PACKED) {
            URL_SAFE_NO_PAD.encode(rest)
        } else {
            String::from_utf8(rest.to_vec()).ok()?
        };
        let page = match flags & KIND {
            NEXT => At::Next(cursor),
            PREVIOUS => At::Previous(cursor),
            END => At::End,
            _ => At::Start,
        };
        let token =
            Self { request, backwards: is_set(BACKWARDS), place: Place { page, past }, trail };
        // There is one text for each token, and any other one was not made here.
        (token.to_text() == text).then_some(token)
    }
}

fn write_hash(bytes: &mut Vec<u8>, hash: u64) {
    bytes.extend(hash.to_le_bytes().into_iter().take(HASH_BYTES));
}

fn read_hash(bytes: &mut &[u8]) -> Option<u64> {
    let (read, rest) = bytes.split_first_chunk::<HASH_BYTES>()?;
    *bytes = rest;
    Some(read.iter().rev().fold(0, |hash, byte| hash << 8 | u64::from(*byte)))
}

/// Seven bits a byte, the lowest first; the eighth says whether there are more (LEB128).
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0)?.checked_add(1)?;
    let (read, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    read.iter()
        .rev()
        .try_fold(0_u64, |number, byte| Some(number.checked_mul(0x80)? | u64::from(byte & 0x7F)))
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
        Self::read(text).ok_or(ParseResumeTokenError(()))
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
