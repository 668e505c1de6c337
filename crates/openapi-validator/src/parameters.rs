//! The parameters of a request.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::collector::Mode;
use crate::finding::{Problem, Severity, similar};
use crate::options::{Direction, Options};
use crate::reader::{Flow, Reader, Validator, any};
use crate::report::Report;
use crate::source_map::SourceMap;

/// What a request of an operation has to obey.
#[derive(Clone, Copy, Debug)]
pub struct OperationRules {
    /// The operation, as a JSON Pointer into the document.
    pub at: &'static str,
    /// The parameters.
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
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    pub(crate) const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Cookie];

    /// What OpenAPI calls it, and the name of its object in what findings point into.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// Whether every parameter of it is the operation's, so that any other is drift: headers and
    /// cookies are also added on the way.
    const fn is_closed(self) -> bool {
        matches!(self, Self::Path | Self::Query)
    }
}

/// The parameters of a request, each with its name and its value.
///
/// Path, query and cookies are given as they are after percent-decoding. The name is repeated for
/// each item of a list that is not written in one value, and for a header with several lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'r> {
    /// The parameters in the path.
    pub path: &'r [(&'r str, &'r str)],
    /// The parameters in the query.
    pub query: &'r [(&'r str, &'r str)],
    /// All headers, also those that are no parameters; case does not count in their names.
    pub headers: &'r [(&'r str, &'r str)],
    /// All cookies, also those that are no parameters.
    pub cookies: &'r [(&'r str, &'r str)],
}

impl<'r> Request<'r> {
    fn given(self, location: Location) -> &'r [(&'r str, &'r str)] {
        match location {
            Location::Path => self.path,
            Location::Query => self.query,
            Location::Header => self.headers,
            Location::Cookie => self.cookies,
        }
    }
}

/// How the value of a parameter is written in a request.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// One value.
    Single(Scalar),
    /// A list, the parameter repeated for each item.
    Repeated(Scalar),
    /// A list in one value, its items with this character between them.
    Separated(Scalar, char),
    /// An object, the parameter repeated for each member as `name[member]`, with what the values of
    /// the members stand for; those of any other member are text.
    DeepObject(&'static [(&'static str, Scalar)]),
}

/// What a value of a parameter stands for.
#[derive(Clone, Copy, Debug)]
pub enum Scalar {
    /// Text: `5` is the string "5".
    Text,
    /// A number or boolean as JSON writes it; what JSON cannot read stays text.
    Literal,
    /// A number or boolean where this function accepts it as such, text otherwise: `5` is the
    /// number 5 for a schema of numbers and words.
    Either(Validator),
}

impl Parameter {
    /// Whether a name in a request is the parameter's, or that of one of its members.
    fn is_named(&self, name: &str) -> bool {
        match (self.location, self.style) {
            (Location::Header, _) => self.name.eq_ignore_ascii_case(name),
            (_, Style::DeepObject(_)) => self.member(name).is_some(),
            _ => self.name == name,
        }
    }

    /// The member that `name[member]` is about; what is nested deeper has no meaning in OpenAPI 3.0.
    fn member<'n>(&self, name: &'n str) -> Option<&'n str> {
        let member = name.strip_prefix(self.name)?.strip_prefix('[')?.strip_suffix(']')?;
        (!member.contains(['[', ']'])).then_some(member)
    }
}

/// Checks the parameters of a request.
///
/// The findings point into the parameters written as one JSON object,
/// `{"path":{…},"query":{…},"header":{…},"cookie":{…}}`, with the parameters in the order of the
/// document and those that it does not know behind them. Headers and cookies stand in it only if
/// they are parameters.
pub fn validate_request(
    source_map: &'static SourceMap,
    operation: &'static OperationRules,
    request: Request<'_>,
    options: &Options,
) -> Report<'static> {
    let options = Options { direction: Direction::Request, ..*options };
    let instance = Instance::new(operation, request);
    let mut reader = Reader::new(source_map, &instance.text, options, Mode::Collect);
    // Collecting never stops: the JSON is our own.
    let _ = reader.parameters(operation, &instance);
    let collector = reader.collector;
    Report::new(source_map, Cow::Owned(instance.text), collector).of_request(operation.parameters)
}

/// The parameters of a request as JSON, with the offsets of their values.
struct Instance {
    text: Vec<u8>,
    /// For each parameter of the operation: the offset of its value, and whether it was given more
    /// than once without being a list.
    known: Vec<Option<(usize, bool)>>,
    /// The offsets and names of the parameters that the operation does not have.
    unknown: Vec<(usize, Location, String)>,
    /// The offsets of the objects for each location.
    objects: Vec<(Location, usize)>,
}

impl Instance {
    fn new(operation: &OperationRules, request: Request<'_>) -> Self {
        let mut instance = Self {
            text: Vec::new(),
            known: operation.parameters.iter().map(|_| None).collect(),
            unknown: Vec::new(),
            objects: Vec::new(),
        };
        instance.text.push(b'{');
        for location in Location::ALL {
            let mut parameters = operation.parameters.iter();
            if location.is_closed() || parameters.any(|known| known.location == location) {
                instance.name(location.name());
                instance.object(operation, location, request.given(location));
            }
        }
        instance.text.push(b'}');
        instance
    }

    fn object(&mut self, operation: &OperationRules, location: Location, given: &[(&str, &str)]) {
        self.objects.push((location, self.text.len()));
        self.text.push(b'{');
        for (index, parameter) in operation.parameters.iter().enumerate() {
            if parameter.location != location {
                continue;
            }
            let values = given.iter().filter(|(name, _)| parameter.is_named(name));
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
                Style::Separated(scalar, separator) if location == Location::Header => {
                    // RFC 9110, sections 5.3 and 5.6.1: lines of one name are one list, with spaces
                    // around its commas.
                    is_repeated = false;
                    let items = values.iter().flat_map(|line| line.split(separator));
                    let items = items.map(|item| item.trim_matches([' ', '\t']));
                    self.list(scalar, items.filter(|item| !item.is_empty()));
                }
                Style::Separated(scalar, separator) => {
                    self.list(scalar, last.split(separator).filter(|_| !last.is_empty()));
                }
                Style::DeepObject(scalars) => {
                    is_repeated = false;
                    self.members(parameter, scalars, given);
                }
            }
            if let Some(slot) = self.known.get_mut(index) {
                *slot = Some((offset, is_repeated));
            }
        }
        for (name, value) in given.iter().filter(|_| location.is_closed()) {
            let is_known = operation
                .parameters
                .iter()
                .any(|known| known.location == location && known.is_named(name));
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

    fn members(
        &mut self,
        parameter: &Parameter,
        scalars: &[(&str, Scalar)],
        given: &[(&str, &str)],
    ) {
        self.text.push(b'{');
        for (name, value) in given {
            if let Some(member) = parameter.member(name) {
                self.name(member);
                let scalar = scalars.iter().find(|(name, _)| *name == member);
                self.scalar(scalar.map_or(Scalar::Text, |(_, scalar)| *scalar), value);
            }
        }
        self.text.push(b'}');
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
        let is_literal = match scalar {
            Scalar::Text => false,
            Scalar::Literal => is_literal(value),
            Scalar::Either(validator) => is_literal(value) && accepts(validator, value),
        };
        if is_literal {
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
    let starts = text.starts_with(|first: char| matches!(first, '-' | '0'..='9' | 't' | 'f'));
    starts && !text.ends_with([' ', '\t', '\n', '\r']) && accepts(any, text)
}

/// Whether a text is JSON that a schema accepts.
fn accepts(validator: Validator, text: &str) -> bool {
    static NOTHING: SourceMap = SourceMap::EMPTY;
    let mut reader = Reader::new(&NOTHING, text.as_bytes(), Options::default(), Mode::Verdict);
    reader.payload(validator).is_ok()
}

impl Reader<'_> {
    fn parameters(&mut self, operation: &OperationRules, instance: &Instance) -> Flow {
        let object = |location| {
            let object = instance.objects.iter().find(|(known, _)| *known == location);
            object.map_or(0, |(_, offset)| *offset)
        };
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
                .filter(|known| known.location == *location && known.name != name)
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
