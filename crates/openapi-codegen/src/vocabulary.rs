//! The words of OpenAPI 3.0: media types.

/// Whether a media type is JSON: `application/json`, or one with the suffix `+json` (RFC 6839).
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}
