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
            (Some(segment), Some(word)) if word.starts_with('{') => {
                if matches!(segment, "" | "." | "..") {
                    return false;
                }
            }
            (Some(segment), Some(word)) if segment == word => {}
            _ => return false,
        }
    }
}
