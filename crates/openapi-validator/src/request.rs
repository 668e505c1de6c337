//! The parameters of a request, and which schema a response has to obey.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::cursor::{Cursor, Direction, Flow, Options, Validator, any};
use crate::document::Document;
use crate::finding::{Problem, Severity, similar};
use crate::report::Report;

/// What a request of an operation has to obey.
#[derive(Clone, Copy, Debug)]
pub struct OperationRules {
    /// The operation, as a JSON Pointer into the document.
    pub at: &'static str,
    /// The parameters of the path and the query.
    pub parameters: &'static [Parameter],
    /// Groups of parameters of which a request may have at most one (`x-mutually-exclusive`).
    pub exclusive: &'static [&'static [&'static str]],
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The parameter, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// Whether it must be present.
    pub required: bool,
    /// How its value is written.
    pub style: Style,
    /// Reads its value, as JSON, and checks it against its schema.
    pub validator: Validator,
}

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// How the value of a parameter is written in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One value.
    Single(Scalar),
    /// A list, the parameter repeated for each item.
    Repeated(Scalar),
    /// A list in one value, its items with this character between them.
    Separated(Scalar, char),
}

/// What a value of a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Text: `5` is the string "5".
    Text,
    /// A number or boolean as JSON writes it; what JSON cannot read stays text.
    Literal,
}

/// Checks the parameters of a request, as they are after percent-decoding.
///
/// The findings point into the parameters written as one JSON object,
/// `{"path":{…},"query":{…}}`, with the parameters in the order of the document and those that it
/// does not know behind them.
pub fn validate_request(
    document: &'static Document,
    operation: &'static OperationRules,
    path: &[(&str, &str)],
    query: &[(&str, &str)],
    options: &Options,
) -> Report<'static> {
    let options = Options { direction: Direction::Request, ..*options };
    let instance = Instance::new(operation, path, query);
    let mut cursor = Cursor::new(document, &instance.text, options, true);
    // Collecting never stops: the JSON is our own.
    let _ = cursor.parameters(operation, &instance);
    let log = cursor.log;
    Report::new(document, Cow::Owned(instance.text), log).of_request(operation.parameters)
}

/// The parameters of a request as JSON, with the offsets of their values.
struct Instance {
    text: Vec<u8>,
    /// For each parameter of the operation: the offset of its value, and whether it was given more
    /// than once without being a list.
    known: Vec<Option<(usize, bool)>>,
    /// The offsets and names of the parameters that the operation does not have.
    unknown: Vec<(usize, Location, String)>,
    /// The offsets of the objects for the path and the query.
    objects: [usize; 2],
}

impl Instance {
    fn new(operation: &OperationRules, path: &[(&str, &str)], query: &[(&str, &str)]) -> Self {
        let mut instance = Self {
            text: Vec::new(),
            known: operation.parameters.iter().map(|_| None).collect(),
            unknown: Vec::new(),
            objects: [0; 2],
        };
        instance.text.extend(b"{\"path\":");
        instance.object(operation, Location::Path, path);
        instance.text.extend(b",\"query\":");
        instance.object(operation, Location::Query, query);
        instance.text.push(b'}');
        instance
    }

    fn object(&mut self, operation: &OperationRules, location: Location, given: &[(&str, &str)]) {
        let start = self.text.len();
        let [path, query] = &mut self.objects;
        match location {
            Location::Path => *path = start,
            Location::Query => *query = start,
        }
        self.text.push(b'{');
        for (index, parameter) in operation.parameters.iter().enumerate() {
            if parameter.location != location {
                continue;
            }
            let values = given.iter().filter(|(name, _)| *name == parameter.name);
            let values: Vec<&str> = values.map(|(_, value)| *value).collect();
            let Some(last) = values.last() else { continue };
            self.name(parameter.name);
            let offset = self.text.len();
            let mut is_repeated = values.len() > 1;
            match parameter.style {
                Style::Single(scalar) => self.scalar(scalar, last),
                Style::Repeated(scalar) => {
                    is_repeated = false;
                    self.list(scalar, values.iter().copied());
                }
                Style::Separated(scalar, separator) => {
                    self.list(scalar, last.split(separator).filter(|_| !last.is_empty()));
                }
            }
            if let Some(slot) = self.known.get_mut(index) {
                *slot = Some((offset, is_repeated));
            }
        }
        for (name, value) in given {
            let is_known = operation
                .parameters
                .iter()
                .any(|known| known.location == location && known.name == *name);
            if !is_known {
                let name_offset = self.name(name);
                self.unknown.push((name_offset, location, String::from(*name)));
                self.string(value);
            }
        }
        self.text.push(b'}');
    }

    fn name(&mut self, name: &str) -> usize {
        if self.text.last() != Some(&b'{') {
            self.text.push(b',');
        }
        let offset = self.text.len();
        self.string(name);
        self.text.push(b':');
        offset
    }

    fn list<'v>(&mut self, scalar: Scalar, values: impl Iterator<Item = &'v str>) {
        self.text.push(b'[');
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.text.push(b',');
            }
            self.scalar(scalar, value);
        }
        self.text.push(b']');
    }

    fn scalar(&mut self, scalar: Scalar, value: &str) {
        if scalar == Scalar::Literal && is_literal(value) {
            self.text.extend(value.bytes());
        } else {
            self.string(value);
        }
    }

    fn string(&mut self, value: &str) {
        self.text.push(b'"');
        for byte in value.bytes() {
            match byte {
                b'"' | b'\\' => self.text.extend([b'\\', byte]),
                0..0x20 => self.text.extend(alloc::format!("\\u{byte:04x}").bytes()),
                _ => self.text.push(byte),
            }
        }
        self.text.push(b'"');
    }
}

/// Whether a text is a JSON number or boolean, whole.
pub(crate) fn is_literal(text: &str) -> bool {
    const NOTHING: Document = Document::EMPTY;
    let starts = text.starts_with(|first: char| matches!(first, '-' | '0'..='9' | 't' | 'f'));
    starts && !text.ends_with([' ', '\t', '\n', '\r']) && {
        let mut cursor = Cursor::new(&NOTHING, text.as_bytes(), Options::default(), false);
        cursor.payload(any).is_ok()
    }
}

impl Cursor<'_> {
    fn parameters(&mut self, operation: &OperationRules, instance: &Instance) -> Flow {
        let [path, query] = instance.objects;
        let object = |location| if location == Location::Path { path } else { query };
        for (parameter, given) in operation.parameters.iter().zip(&instance.known) {
            match given {
                Some((offset, is_repeated)) => {
                    if *is_repeated {
                        let problem = Problem::RepeatedParameter;
                        self.error(*offset, parameter.at, "explode", problem)?;
                    }
                    self.seek(*offset);
                    (parameter.validator)(self)?;
                }
                None if parameter.required => {
                    let problem = Problem::MissingParameter(parameter.name);
                    self.error(object(parameter.location), parameter.at, "required", problem)?;
                }
                None => {}
            }
        }
        for (offset, location, name) in &instance.unknown {
            let names: Vec<&'static str> = operation
                .parameters
                .iter()
                .filter(|known| known.location == *location)
                .map(|known| known.name)
                .collect();
            let problem = Problem::UnknownParameter { similar: similar(name.as_bytes(), &names) };
            self.report(Severity::Drift, *offset, operation.at, "parameters", problem)?;
        }
        for group in operation.exclusive {
            let mut given = operation
                .parameters
                .iter()
                .zip(&instance.known)
                .filter(|(parameter, _)| group.contains(&parameter.name))
                .filter_map(|(_, given)| *given)
                .skip(1);
            if let Some((offset, _)) = given.next() {
                let problem = Problem::Exclusive(group);
                self.error(offset, operation.at, "x-mutually-exclusive", problem)?;
            }
        }
        Ok(())
    }
}

/// What the document says about the body of a response.
#[derive(Clone, Copy, Debug)]
pub enum Response {
    /// It is JSON that obeys a schema.
    Schema(Validator),
    /// It is not described.
    NoSchema,
    /// The operation has no response with this status.
    Undeclared,
}

/// There is no schema to check a body against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSchema {
    /// The operation has no response with this status, and no `default`.
    UndeclaredStatus {
        /// The `operationId`.
        operation: &'static str,
        /// The status code.
        status: u16,
    },
    /// The operation has a response with this status, but it has no JSON schema.
    UndescribedBody {
        /// The `operationId`.
        operation: &'static str,
        /// The status code.
        status: u16,
    },
}

impl fmt::Display for NoSchema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndeclaredStatus { operation, status } => {
                write!(formatter, "`{operation}` declares no response with status {status}")
            }
            Self::UndescribedBody { operation, status } => write!(
                formatter,
                "`{operation}` declares no JSON schema for responses with status {status}"
            ),
        }
    }
}

impl core::error::Error for NoSchema {}

impl Response {
    /// The validator of the body, or why there is none.
    pub fn validator(self, operation: &'static str, status: u16) -> Result<Validator, NoSchema> {
        match self {
            Self::Schema(validator) => Ok(validator),
            Self::NoSchema => Err(NoSchema::UndescribedBody { operation, status }),
            Self::Undeclared => Err(NoSchema::UndeclaredStatus { operation, status }),
        }
    }
}
