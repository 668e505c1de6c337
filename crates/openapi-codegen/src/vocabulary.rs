//! The words of OpenAPI 3.0, each once: objects and their keys, keywords of schemas, types, formats
//! and media types.

mod keywords;
mod media_types;
mod objects;
mod types;

pub use keywords::{Effect, KEYWORDS, Keyword};
pub use media_types::{is_json, media_type};
pub use objects::{Field, Object, Shape};
pub use types::{Format, Type};
