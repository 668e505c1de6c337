//! Decodes the bodies of responses.

mod walker;

use serde::de::DeserializeOwned;
use serde_json::Deserializer;

use self::walker::Walker;
use crate::error::DecodeError;
use crate::observer;

/// How deep the JSON of a response may be nested: `serde_json` says so.
const MAX_DEPTH: u8 = 127;

/// Decodes JSON, which is no deeper than it may be, in what is skipped either. If the observer of the call
/// is to be told of anything, it is decoded again, to see where that is.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let value = match walk::<T, false>(json) {
        Ok(value) => value,
        Err(error) if is_too_deep(json) => return Err(error),
        // What is skipped need not make sense: a number may be beyond all numbers.
        Err(_) => serde_json::from_slice(json)?,
    };
    // It decoded before.
    observer::locate(|| drop(walk::<T, true>(json)));
    Ok(value)
}

fn walk<T: DeserializeOwned, const LOCATES: bool>(json: &[u8]) -> serde_json::Result<T> {
    let mut reader = Deserializer::from_slice(json);
    let value = T::deserialize(Walker::<_, LOCATES>(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Why JSON was not decoded.
pub(crate) fn error(json: &[u8], error: &serde_json::Error) -> DecodeError {
    // serde tells it by its text only.
    if is_too_deep(json) { DecodeError::TOO_DEEP } else { DecodeError::from(error) }
}

/// Whether arrays and objects are nested too deep, up to where it is no JSON any more at the least.
fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut is_text, mut is_escaped) = (0_u8, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'"' => is_text = !is_text,
            b'\\' => is_escaped = is_text,
            b'[' | b'{' if !is_text && depth == MAX_DEPTH => return true,
            b'[' | b'{' if !is_text => depth = depth.saturating_add(1),
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
