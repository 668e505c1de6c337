//! Equality of JSON values (JSON Schema, "Instance Equality"), without building them.

use crate::json_string::Decoded;
use crate::number::Decimal;

/// A hash of a value that was read before: equal for equal values, however they are written.
///
/// Numbers are equal by value, strings by code points, objects by their members in any order
/// members. 128 bits make a collision by chance practically impossible; whoever makes one on
/// purpose has only their own payload rejected.
pub(crate) fn fingerprint(value: &[u8]) -> u128 {
    let mut rest = value;
    hash(&mut rest)
}

fn hash(rest: &mut &[u8]) -> u128 {
    skip_whitespace(rest);
    match rest {
        [b'{', after @ ..] => {
            *rest = after;
            let mut sum = 0_u128;
            loop {
                skip_whitespace(rest);
                match rest {
                    [b'"', ..] => {
                        let name = string(rest);
                        skip_whitespace(rest);
                        skip(rest);
                        sum = sum.wrapping_add(mix(name, hash(rest)));
                    }
                    [b'}', ..] | [] => {
                        skip(rest);
                        return mix(sum, u128::from(b'{'));
                    }
                    _ => skip(rest),
                }
            }
        }
        [b'[', after @ ..] => {
            *rest = after;
            let mut state = u128::from(b'[');
            loop {
                skip_whitespace(rest);
                match rest {
                    [b']', ..] | [] => {
                        skip(rest);
                        return state;
                    }
                    [b',', ..] => skip(rest),
                    _ => state = mix(state, hash(rest)),
                }
            }
        }
        [b'"', ..] => string(rest),
        _ => {
            let length = rest
                .iter()
                .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r'))
                .unwrap_or(rest.len());
            let (token, after) = rest.split_at_checked(length).unwrap_or_default();
            // A token that nothing can start with must not stall the loops above.
            *rest = if length == 0 { after.get(1..).unwrap_or_default() } else { after };
            match token.first() {
                Some(b'-' | b'0'..=b'9') => number(token),
                _ => feed(u128::from(b't'), token.iter().copied()),
            }
        }
    }
}

fn number(token: &[u8]) -> u128 {
    let decimal = Decimal::read(token);
    let digits = decimal.digits().map(|digit| digit + b'0');
    let state = feed(u128::from(b'0'), digits);
    let sign = u128::from(decimal.is_negative());
    #[expect(clippy::cast_sign_loss, reason = "the bits of the exponent are hashed")]
    let magnitude = decimal.magnitude() as u64;
    mix(mix(state, sign), u128::from(magnitude))
}

fn string(rest: &mut &[u8]) -> u128 {
    skip(rest);
    let mut end = 0;
    while let Some(byte) = rest.get(end) {
        match byte {
            b'"' => break,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    let (raw, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    *rest = after;
    skip(rest);
    feed(u128::from(b'"'), Decoded::new(raw))
}

fn skip(rest: &mut &[u8]) {
    *rest = rest.get(1..).unwrap_or_default();
}

fn skip_whitespace(rest: &mut &[u8]) {
    *rest = rest.trim_ascii_start();
}

fn feed(state: u128, bytes: impl Iterator<Item = u8>) -> u128 {
    mix(bytes.fold(state, |state, byte| (state ^ u128::from(byte)).wrapping_mul(PRIME)), 1)
}

/// The prime of FNV-1a with 128 bits.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;

fn mix(a: u128, b: u128) -> u128 {
    let mut state = (a.rotate_left(41) ^ b).wrapping_mul(PRIME);
    state ^= state >> 67;
    state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    state ^ (state >> 59)
}
