//! Where a request goes.

use reqwest::Url;

/// Whether a URL is that of a path template below a base URL: as many segments as the template has, its
/// words as they stand, and something in place of each parameter.
///
/// Parameters are checked and escaped before; this looks at what came of it, so that no value can
/// change which route is called, whatever a URL parser makes of it.
pub(crate) fn is_of(url: &Url, base: &str, template: &str) -> bool {
    let Some(path) = url.as_str().strip_prefix(base) else { return false };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (mut segments, mut words) = (path.split('/'), template.split('/'));
    loop {
        match (segments.next(), words.next()) {
            (None, None) => return true,
            (Some(segment), Some(word)) if is_of_word(segment, word) => {}
            _ => return false,
        }
    }
}

/// Whether a segment is a word of the template, such as `{id}` or `{id}.json`.
fn is_of_word(segment: &str, word: &str) -> bool {
    let (Some((before, rest)), Some((_, after))) = (word.split_once('{'), word.rsplit_once('}'))
    else {
        return segment == word;
    };
    // Between parameters may stand anything that is no slash.
    let least = if rest.contains('{') { 2 } else { 1 };
    let is_parameter = |value: &str| value.len() >= least;
    segment.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_parameter)
        && !matches!(segment, "." | "..")
}
