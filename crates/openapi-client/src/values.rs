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
mod undecided;

pub use any_value::AnyValue;
pub use decimal::{Decimal, DecimalError, ParseDecimalError};
#[cfg(feature = "utoipa")]
pub use describe::collect_schemas;
pub use html::Html;
pub use integer::Integer;
pub use list::{List, WordsForEmpty};
pub use map::Map;
pub use open_enum::display_value;
pub use private::Private;
pub use redacted::{Exposed, Redacted};
pub use secret::{Password, Secret};
pub use timestamp::Timestamp;
pub use undecided::{Member, Shape, Shaped, Undecided, read_further};
