//! How deep JSON is nested.

/// How deep the JSON of a response may be nested.
pub(crate) const MAX_DEPTH: u8 = 127;

/// How many bytes are looked at together.
const BLOCK: usize = 64;
/// A one in every byte.
const ONES: u64 = u64::from_le_bytes([1; WORD]);
/// What counts opening brackets in every byte; the rest counts closing ones.
const OPENING: u64 = 0x0F * ONES;
const WORD: usize = 8;

/// Whether arrays and objects are nested too deep. What is not JSON may pass: decoding refuses it.
///
/// `serde_json` keeps to the same limit where it recurses, but it skips unknown members at any depth.
/// Most bytes are looked at in blocks and without branches, which compilers make vector instructions
/// of: decoding takes a page of line items twenty times as long.
pub(crate) fn is_too_deep(json: &[u8]) -> bool {
    let mut scan = Scan::default();
    let (blocks, rest) = json.as_chunks::<BLOCK>();
    blocks.iter().any(|block| scan.block(block)) || scan.bytes(rest)
}

/// Where a scan stands.
#[derive(Default)]
struct Scan {
    depth: u64,
    /// Within a string.
    is_text: bool,
    /// After a backslash in a string.
    is_escaped: bool,
}

impl Scan {
    /// Goes past a block; returns whether it is nested too deep.
    fn block(&mut self, block: &[u8; BLOCK]) -> bool {
        let backslashes = block.map(|byte| u8::from(byte == b'\\'));
        let quotes = block.map(|byte| u8::from(byte == b'"'));
        // `[` and `{`, and `]` and `}`, differ in this bit only. Each byte has room for eight of both.
        let brackets = block.map(|byte| {
            u8::from(byte | 0x20 == b'{') | u8::from(byte | 0x20 == b'}') << (WORD / 2)
        });
        if self.is_escaped || backslashes.iter().fold(0, |any, one| any | one) != 0 {
            return self.bytes(block);
        }
        let mut is_text = u64::from(self.is_text);
        let mut counts = 0;
        let (quotes, brackets) = (quotes.as_chunks::<WORD>().0, brackets.as_chunks::<WORD>().0);
        for (quotes, brackets) in quotes.iter().zip(brackets) {
            // Multiplied, each byte has the number of quotes up to it; an odd one begins a string.
            let odd = u64::from_le_bytes(*quotes).wrapping_mul(ONES) & ONES;
            let outside = odd ^ (is_text.wrapping_sub(1) & ONES);
            is_text ^= odd >> (u64::BITS - u8::BITS);
            counts += u64::from_le_bytes(*brackets) & outside.wrapping_mul(0xFF);
        }
        let opened = sum(counts & OPENING);
        // The bracket that is one too many, if it is not closed before, is found one by one.
        if self.depth + opened > u64::from(MAX_DEPTH) {
            return self.bytes(block);
        }
        let closed = sum(counts >> (WORD / 2) & OPENING);
        self.depth = (self.depth + opened).saturating_sub(closed);
        self.is_text = is_text == 1;
        false
    }

    /// The same, byte by byte.
    fn bytes(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.is_escaped {
                self.is_escaped = false;
                continue;
            }
            match byte {
                b'"' => self.is_text = !self.is_text,
                b'\\' => self.is_escaped = self.is_text,
                b'[' | b'{' if !self.is_text => {
                    if self.depth == u64::from(MAX_DEPTH) {
                        return true;
                    }
                    self.depth += 1;
                }
                b']' | b'}' if !self.is_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        false
    }
}

/// The sum of the bytes of a word, which must be one, too.
fn sum(counts: u64) -> u64 {
    counts.wrapping_mul(ONES) >> (u64::BITS - u8::BITS)
}
