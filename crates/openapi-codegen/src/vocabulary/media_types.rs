//! Media types (RFC 9110, section 8.3.1).

/// Whether a media type is JSON: `application/json` (RFC 8259), `text/json`, which is not registered
/// but in use, or one with the suffix `+json` (RFC 6839), in any case and with any parameters.
///
/// A range such as `*/*` is not: what comes may be anything.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// The type and the subtype of a media type or of a range of them (RFC 9110, sections 8.3.1 and 12.5.1);
/// `None` where the text is neither.
pub fn media_type(text: &str) -> Option<(&str, &str)> {
    let is_token = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(is_part)
    };
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let (kind, subtype) = text.split(';').next()?.trim().split_once('/')?;
    (is_printable && is_token(kind) && is_token(subtype)).then_some((kind, subtype))
}

#[cfg(test)]
mod tests {
    use super::{is_json, media_type};

    #[test]
    fn a_media_type_has_two_parts() {
        for (text, expected) in [
            ("image/png", Some(("image", "png"))),
            ("text/csv; header=present", Some(("text", "csv"))),
            ("application/*", Some(("application", "*"))),
            ("application/vnd.a+json", Some(("application", "vnd.a+json"))),
            ("image", None),
            ("/png", None),
            ("image/p ng", None),
            ("image/png\n", None),
        ] {
            assert_eq!(media_type(text), expected, "{text:?}");
        }
    }

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
