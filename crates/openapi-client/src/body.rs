//! Reads the body of a response, with limits.

#[cfg(feature = "gzip")]
pub(crate) mod gzip;

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::{self, Instant};

use crate::transport::TransportError;

/// Room for the first bytes of a body whose length is not told.
const FIRST: usize = 16 << 10;
/// The most room that is made because of a length that is told; beyond it, bytes have to come.
const MOST_TOLD: usize = 8 << 20;

/// What is wrong with a body.
pub(crate) enum BodyError {
    TooLarge,
    Stalled,
    TimedOut,
    Lost(TransportError),
}

/// Reads a body to its end, without a byte order mark, `limit` bytes at the most, until `end`, and with
/// no more than `stall` between two pieces.
pub(crate) async fn read(
    mut response: Response,
    limit: usize,
    end: Instant,
    stall: Duration,
) -> Result<Bytes, BodyError> {
    let told = response.content_length().map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    if told.is_some_and(|bytes| bytes > limit) {
        return Err(BodyError::TooLarge);
    }
    // A body that comes in one piece is not copied.
    let mut first = Bytes::new();
    let mut body = Vec::new();
    loop {
        let pause = Instant::now() + stall;
        let piece = time::timeout_at(end.min(pause), response.chunk()).await;
        let piece = match piece {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => {
                return Ok(without_mark(if body.is_empty() { first } else { body.into() }));
            }
            Ok(Err(error)) => return Err(BodyError::Lost(error.into())),
            Err(_) if pause < end => return Err(BodyError::Stalled),
            Err(_) => return Err(BodyError::TimedOut),
        };
        let length = first.len().saturating_add(body.len()).saturating_add(piece.len());
        if length > limit {
            return Err(BodyError::TooLarge);
        }
        if length == piece.len() {
            first = piece;
            continue;
        }
        if length > body.capacity() {
            let told = told.filter(|bytes| (length..=MOST_TOLD).contains(bytes));
            let room = told.unwrap_or_else(|| room(length.max(FIRST), limit));
            body.reserve_exact(room.saturating_sub(body.len()));
        }
        body.extend_from_slice(&mem::take(&mut first));
        body.extend_from_slice(&piece);
    }
}

/// UTF-8 needs no byte order mark, and JSON must not have one; yet a reader may ignore it (RFC 8259,
/// section 8.1).
fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(b"\xEF\xBB\xBF") { body.slice(3..) } else { body }
}

/// How much room to make for a body that needs at least `length` bytes and may have `limit`.
///
/// It grows by the factor four, and goes to the limit before that is near: while it moves, a body of
/// nearly the limit takes one and a quarter of it, where doubling would take one and a half.
fn room(length: usize, limit: usize) -> usize {
    let grown = length.saturating_mul(4);
    if grown > limit / 4 { limit } else { grown }
}
