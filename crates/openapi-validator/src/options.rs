//! What a run is asked for: its limits, and what it reports.

/// Who sends the payload; decides about `readOnly` and `writeOnly`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Neither keyword has an effect.
    #[default]
    Unspecified,
    /// A `readOnly` member is not required, and drift where it occurs.
    Request,
    /// A `writeOnly` member is not required, and drift where it occurs.
    Response,
}

/// Limits of a run, and what it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many findings are kept, errors rather than others; the rest is counted. 100 by default.
    pub findings: usize,
    /// How many arrays and objects may stand inside each other. 128 by default.
    ///
    /// The type bounds the recursion, so that no payload can exhaust the stack. In the development
    /// profile, 128 levels fit 512 KiB of it where each value is described by a schema, or by the
    /// branches of one `anyOf` or `oneOf`; schemas made of such schemas take up to 2 KiB a level
    /// each. A payload that reaches the limit has no verdict; see
    /// [`Report::reached_limit`](crate::Report::reached_limit).
    pub depth: u8,
    /// Whether deprecated members are reported, as notes. Off by default.
    pub notes: bool,
    /// Who sends the payload. Unspecified by default.
    pub direction: Direction,
}

impl Default for Options {
    fn default() -> Self {
        Self { findings: 100, depth: 128, notes: false, direction: Direction::Unspecified }
    }
}
