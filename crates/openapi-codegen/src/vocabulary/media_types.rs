//! Media types (RFC 9110, section 8.3.1).

/// Whether a media type is JSON: `application/json` (RFC 8259), `text/json`, which is not registered
/// but in use, or one with the suffix `+json` (RFC 6839), in any case and with any parameters.
///
/// A range such as `*/*` is not: what comes may be anything.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_has_several_names() {
        for (name, expected) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("Application/JSON ;charset=utf-8", true),
            ("text/json", true),
            ("application/problem+json", true),
            ("application/vnd.x+JSON; v=1", true),
            ("application/jsonlines", false),
            ("application/json-seq", false),
            ("text/html", false),
            ("*/*", false),
            ("application/*", false),
        ] {
            assert_eq!(is_json(name), expected, "{name}");
        }
    }
}
