//! Where a request goes.

use reqwest::Url;

/// Whether a URL is that of a path template below a base URL: as many segments as the template has, its
/// words as they stand, and something in place of each parameter.
///
/// Parameters are checked and escaped before; this looks at what came of it, so that no value can
/// change which route is called, whatever a URL parser makes of it.
pub(crate) fn is_of(url: &Url, base: &str, template: &str) -> bool {
    let Some(rest) = url.as_str().strip_prefix(base) else { return false };
    let after = |part: Option<&str>| part.map_or(0, |part| part.len().saturating_add(1));
    let length = rest.len().checked_sub(after(url.query()).saturating_add(after(url.fragment())));
    let Some(path) = length.and_then(|length| rest.get(..length)) else { return false };
    let (mut segments, mut words) = (segments(path), segments(template));
    loop {
        match (segments.next(), words.next()) {
            (None, None) => return true,
            (Some(segment), Some(word)) if is_of_word(segment, word) => {}
            _ => return false,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &[u8]> {
    path.as_bytes().split(|byte| *byte == b'/')
}

/// Whether a segment is a word of the template, such as `{id}` or `{id}.json`.
fn is_of_word(segment: &[u8], word: &[u8]) -> bool {
    let brace = |brace: u8| move |byte: &u8| *byte == brace;
    let (Some(open), Some(close)) =
        (word.iter().position(brace(b'{')), word.iter().rposition(brace(b'}')))
    else {
        return segment == word;
    };
    let (Some((before, rest)), Some((_, after))) =
        (word.split_at_checked(open), word.split_at_checked(close.saturating_add(1)))
    else {
        return false;
    };
    // Between parameters may stand anything that is no slash.
    let least = if rest.iter().skip(1).any(brace(b'{')) { 2 } else { 1 };
    let is_parameter = |value: &[u8]| value.len() >= least;
    segment.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_parameter)
        && !matches!(segment, b"." | b"..")
}
