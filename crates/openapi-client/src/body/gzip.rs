//! Undoes compression by gzip (RFC 1952).
//!
//! It is not left to the HTTP client, which reads the first member and takes it for the whole.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::GzDecoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};

use super::{BodyError, FIRST, room};
use crate::transport::TransportError;

/// What the members of a file begin with.
const MAGIC: &[u8] = &[0x1F, 0x8B];

/// Whether a body is compressed; takes the headers away that tell of it.
pub(crate) fn take_encoding(headers: &mut HeaderMap) -> bool {
    // RFC 9110, sections 8.4.1 and 8.4.1.3: any case, and either name.
    let is_name = |coding: &HeaderValue| {
        let coding = coding.as_bytes().trim_ascii();
        coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
    };
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let is_gzip = codings.next().is_some_and(is_name) && codings.next().is_none();
    if is_gzip {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    is_gzip
}

/// All members one after the other, `limit` bytes at the most. What follows the last one is ignored.
pub(crate) fn inflate(mut rest: &[u8], limit: usize) -> Result<Bytes, BodyError> {
    let mut body = Vec::new();
    let mut piece = [0; FIRST];
    loop {
        let mut member = GzDecoder::new(rest);
        loop {
            let read = member.read(&mut piece);
            let read = read.map_err(|error| BodyError::Lost(TransportError::lost(error)))?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else { break };
            let length = body.len().saturating_add(piece.len());
            if length > limit {
                return Err(BodyError::TooLarge);
            }
            if length > body.capacity() {
                body.reserve_exact(room(length.max(FIRST), limit).saturating_sub(body.len()));
            }
            body.extend_from_slice(piece);
        }
        rest = member.into_inner();
        if !rest.starts_with(MAGIC) {
            return Ok(super::without_mark(body.into()));
        }
    }
}
