//! The parameters of a request as one JSON object.

use alloc::string::String;
use alloc::vec::Vec;

use super::{
    Location, Members, OperationRules, Parameter, Request, Scalar, Style, accepts, is_literal,
};
use crate::reader::any;

/// A parameter of a request.
pub(super) struct Given {
    /// Where its value stands.
    pub(super) offset: usize,
    /// Whether it is given more than once without being a list.
    pub(super) is_repeated: bool,
    /// Why its value cannot be read.
    pub(super) flaw: Option<&'static str>,
}

impl Given {
    /// The items of a list in one value.
    fn items<'v>(
        &mut self,
        parameter: &Parameter,
        values: &[(&str, &'v str)],
        separator: char,
    ) -> Vec<&'v str> {
        if parameter.location == Location::Header {
            // RFC 9110, sections 5.3 and 5.6.1: lines of one name are one list, with spaces around
            // its commas.
            self.is_repeated = false;
            let items = values.iter().flat_map(|(_, line)| line.split(separator));
            let items = items.map(|item| item.trim_matches([' ', '\t']));
            return items.filter(|item| !item.is_empty()).collect();
        }
        let last = values.last().map_or("", |(_, value)| *value);
        last.split(separator).filter(|_| !last.is_empty()).collect()
    }
}

/// The parameters of a request as JSON, with the offsets of their values.
pub(super) struct Instance {
    pub(super) text: Vec<u8>,
    /// For each parameter of the operation, whether and how it is given.
    pub(super) known: Vec<Option<Given>>,
    /// The offsets and names of the parameters that the operation does not have.
    pub(super) unknown: Vec<(usize, Location, String)>,
    /// The offsets of the objects for each location.
    pub(super) objects: Vec<(Location, usize)>,
}

impl Instance {
    pub(super) fn new(operation: &OperationRules, request: Request<'_>) -> Self {
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
        let here = |parameter: &&Parameter| parameter.location == location;
        let is_known =
            |name: &str| operation.parameters.iter().filter(here).any(|known| known.is_named(name));
        for (index, parameter) in operation.parameters.iter().enumerate() {
            if parameter.location != location {
                continue;
            }
            let is_open = parameter.is_open();
            let values: Vec<(&str, &str)> = given
                .iter()
                .filter(|(name, _)| parameter.is_named(name) || is_open && !is_known(name))
                .copied()
                .collect();
            // An object without members is written as nothing at all.
            let is_empty = parameter.required && matches!(parameter.style, Style::Spread(_));
            if values.is_empty() && !is_empty {
                continue;
            }
            self.name(parameter.name);
            let given = self.value(parameter, &values);
            if let Some(slot) = self.known.get_mut(index) {
                *slot = Some(given);
            }
        }
        let is_open = operation.parameters.iter().filter(here).any(Parameter::is_open);
        for (name, value) in given.iter().filter(|_| location.is_closed() && !is_open) {
            if !is_known(name) {
                let name_offset = self.name(name);
                self.unknown.push((name_offset, location, String::from(*name)));
                self.string(value);
            }
        }
        self.text.push(b'}');
    }

    /// Writes the value of a parameter, given by these names and values.
    fn value(&mut self, parameter: &Parameter, values: &[(&str, &str)]) -> Given {
        let mut given =
            Given { offset: self.text.len(), is_repeated: values.len() > 1, flaw: None };
        let last = values.last().map_or("", |(_, value)| *value);
        match parameter.style {
            Style::Single(scalar) => self.scalar(scalar, last),
            Style::Repeated(scalar) => {
                given.is_repeated = false;
                self.list(scalar, values.iter().map(|(_, value)| *value));
            }
            Style::Separated(scalar, separator) => {
                self.list(scalar, given.items(parameter, values, separator).into_iter());
            }
            Style::DeepObject(members) => {
                given.is_repeated = false;
                let values = values.iter();
                self.members(
                    members,
                    values.filter_map(|(name, value)| Some((parameter.member(name)?, *value))),
                );
            }
            Style::Spread(members) => {
                given.is_repeated = false;
                self.members(members, values.iter().copied());
            }
            Style::Alternating(members, separator) => {
                let items = given.items(parameter, values, separator);
                let pairs = items.chunks(2).map(|pair| match pair {
                    [name, value] => (*name, *value),
                    rest => (rest.first().copied().unwrap_or_default(), ""),
                });
                self.members(members, pairs);
            }
            Style::Assigned(members, separator) => {
                let items = given.items(parameter, values, separator).into_iter();
                self.members(members, items.map(|item| item.split_once('=').unwrap_or((item, ""))));
            }
            Style::Json if accepts(any, last) => self.text.extend(last.bytes()),
            Style::Json => {
                given.flaw = Some("expected JSON");
                self.string(last);
            }
            Style::Unread => {
                given.is_repeated = false;
                self.string(last);
            }
            Style::UnreadSpread(_) => {
                given.is_repeated = false;
                self.text.extend(b"{}");
            }
        }
        given
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

    fn members<'v>(&mut self, members: Members, values: impl Iterator<Item = (&'v str, &'v str)>) {
        self.text.push(b'{');
        for (name, value) in values {
            self.name(name);
            self.scalar(members.scalar(name), value);
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
