//! The parameters of a request.

mod instance;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use self::instance::{Given, Instance};
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
    /// An object, the parameter repeated for each member as `name[member]`.
    DeepObject(Members),
    /// An object, each member a parameter of its own that has the member's name.
    Spread(Members),
    /// An object in one value: names and values in turn, with this character between them.
    Alternating(Members, char),
    /// An object in one value: `name=value` for each member, with this character between them.
    Assigned(Members, char),
    /// One value, which is JSON.
    Json,
    /// A value in a form that is not read: only whether it is there is checked. It may also be given
    /// in parts, as `name[member]`.
    Unread,
    /// An object of which nothing is checked, each member a parameter of its own.
    UnreadSpread(Members),
}

/// The members of an object in a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Members {
    /// Those that the document names, with what their values stand for.
    pub named: &'static [(&'static str, Scalar)],
    /// What the values of others stand for.
    pub others: Scalar,
    /// Whether a parameter that the document does not know is a member of a [`Style::Spread`].
    pub is_open: bool,
}

impl Members {
    fn scalar(&self, name: &str) -> Scalar {
        let named = self.named.iter().find(|(known, _)| *known == name);
        named.map_or(self.others, |(_, scalar)| *scalar)
    }

    fn has(&self, name: &str) -> bool {
        self.named.iter().any(|(known, _)| *known == name)
    }
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
            (_, Style::Spread(members) | Style::UnreadSpread(members)) => members.has(name),
            (_, Style::Unread) => {
                let rest = name.strip_prefix(self.name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
            }
            _ => self.name == name,
        }
    }

    /// Whether parameters that the document does not know are members of this one.
    fn is_open(&self) -> bool {
        match self.style {
            Style::Spread(members) | Style::UnreadSpread(members) => members.is_open,
            _ => false,
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
                Some(Given { offset, is_repeated, flaw }) => {
                    if *is_repeated {
                        let problem = Problem::RepeatedParameter;
                        self.error(*offset, parameter.at, "explode", problem)?;
                    }
                    if let Some(flaw) = flaw {
                        self.error(*offset, parameter.at, "content", Problem::Json(flaw))?;
                    } else if !matches!(parameter.style, Style::Unread | Style::UnreadSpread(_)) {
                        self.seek(*offset);
                        (parameter.validator)(self)?;
                    }
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
                .filter_map(|(_, given)| given.as_ref())
                .skip(1);
            if let Some(given) = given.next() {
                let problem = Problem::Exclusive(group);
                self.error(given.offset, operation.at, "x-mutually-exclusive", problem)?;
            }
        }
        Ok(())
    }
}
