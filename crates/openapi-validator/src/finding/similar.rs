//! What was probably meant: the name or value that is nearest to a text of the payload.

use crate::json_string::Decoded;

/// The candidate that differs from a text of the payload only in case, or in at most two
/// characters (one for short texts).
pub(crate) fn similar(raw: &[u8], candidates: &[&'static str]) -> Option<&'static str> {
    /// Longer texts are not names.
    const LONGEST: usize = 64;
    let mut buffer = [0; LONGEST];
    let mut length = 0;
    for byte in Decoded::new(raw) {
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    let text = buffer.get(..length)?;
    let same = |candidate: &&&'static str| candidate.as_bytes().eq_ignore_ascii_case(text);
    if let Some(candidate) = candidates.iter().find(same) {
        return Some(candidate);
    }
    let allowed = match length {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let nearest = candidates
        .iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(text, candidate.as_bytes()), candidate))
        .min_by_key(|(distance, _)| *distance)?;
    (nearest.0 <= allowed).then_some(*nearest.1)
}

/// How many characters have to be inserted, removed, replaced, or swapped with their neighbour, to
/// make one short text of the other, without regard to case.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: [usize; 65] = [0; 65];
    let mut row: [usize; 65] = core::array::from_fn(|index| index);
    let mut previous = None;
    for (i, x) in a.iter().enumerate() {
        let last = row;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        let mut neighbour = None;
        for (j, y) in b.iter().enumerate() {
            let at =
                |row: &[usize; 65], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let mut cost = at(&last, j) + usize::from(!x.eq_ignore_ascii_case(y));
            cost = cost.min(left + 1).min(at(&last, j + 1) + 1);
            let is_swapped =
                |p: &u8, q: &u8| p.eq_ignore_ascii_case(y) && q.eq_ignore_ascii_case(x);
            if let (Some(p), Some(q), Some(j)) = (previous, neighbour, j.checked_sub(1))
                && is_swapped(p, q)
            {
                cost = cost.min(at(&before, j) + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = cost;
            }
            left = cost;
            neighbour = Some(y);
        }
        before = last;
        previous = Some(x);
    }
    row.get(b.len()).copied().unwrap_or(usize::MAX)
}
