//! What responses and requests consist of.

mod any_value;
mod decimal;
mod describe;
mod html;
mod integer;
mod list;
mod map;
mod open_enum;
mod private;
mod redacted;
mod secret;
mod timestamp;

pub use any_value::AnyValue;
pub use decimal::{Decimal, DecimalError, ParseDecimalError};
pub use html::Html;
pub use integer::Integer;
pub use list::{List, WordsForEmpty};
pub use map::Map;
pub use open_enum::display_value;
pub use private::Private;
pub use redacted::{Exposed, Redacted};
pub use secret::Secret;
pub use timestamp::Timestamp;
