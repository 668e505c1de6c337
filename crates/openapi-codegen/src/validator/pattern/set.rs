//! Sets of code points.

/// Ranges, each by its first and last code point.
pub(super) type Set = Vec<(u32, u32)>;

pub(super) const LAST: u32 = 0x10_FFFF;

pub(super) fn single(character: char) -> Set {
    vec![(character.into(), character.into())]
}

/// `\d`
pub(super) fn digits() -> Set {
    vec![(0x30, 0x39)]
}

/// `\w`
pub(super) fn words() -> Set {
    vec![(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
}

/// `\s`: `WhiteSpace` and `LineTerminator`.
pub(super) fn spaces() -> Set {
    let mut set = vec![(0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680)];
    set.extend([(0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F)]);
    set.extend([(0x3000, 0x3000), (0xFEFF, 0xFEFF)]);
    set
}

/// What `.` does not match.
pub(super) fn line_terminators() -> Set {
    vec![(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]
}

pub(super) fn complement(set: &Set) -> Set {
    let mut sorted = set.clone();
    sorted.sort_unstable();
    let mut result = Set::new();
    let mut next = 0;
    for (low, high) in sorted {
        if low > next {
            result.push((next, low - 1));
        }
        next = next.max(high + 1);
    }
    if next <= LAST {
        result.push((next, LAST));
    }
    result
}

pub(super) fn contains(set: &Set, code: u32) -> bool {
    set.iter().any(|(low, high)| (*low..=*high).contains(&code))
}
