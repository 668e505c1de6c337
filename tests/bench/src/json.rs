//! JSON whose members keep their order and whose numbers keep their digits.

use crate::Random;

/// A value that is to be written.
#[derive(Clone, Debug)]
pub enum Json {
    /// Members, in the order in which they are written.
    Object(Vec<(&'static str, Json)>),
    /// Items.
    Array(Vec<Json>),
    /// A string, before escaping.
    Text(String),
    /// A number or literal name, as it is written.
    Raw(String),
}

impl Json {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Writes the value as it is on the wire, without whitespace.
    pub fn compact(&self) -> Vec<u8> {
        let mut text = String::new();
        self.write(&mut text, None);
        text.into_bytes()
    }

    /// Writes the value with one member or item per line.
    pub fn pretty(&self) -> Vec<u8> {
        let mut text = String::new();
        self.write(&mut text, Some(0));
        text.into_bytes()
    }

    /// Puts the members of every object in another order.
    pub fn shuffle(&mut self, random: &mut Random) {
        self.visit(&mut |members| {
            for last in (1..members.len()).rev() {
                members.swap(last, random.below(last + 1));
            }
        });
    }

    /// Puts the members of every object in alphabetic order.
    pub fn sort(&mut self) {
        self.visit(&mut |members| members.sort_by_key(|(name, _)| *name));
    }

    /// Adds four undocumented members to every line item, among the documented ones.
    pub fn add_unknown_members(&mut self) {
        self.visit(&mut |members| {
            if !members.iter().any(|(name, _)| *name == "lineItemStatus") {
                return;
            }
            members.insert(1, ("traceId", Self::text("0af7651916cd43dd8448eb211c80319c")));
            members.insert(3, ("retries", Self::Raw("3".to_owned())));
            members.insert(5, ("channelHints", Self::Array(vec![Self::text("mail")])));
            members.push(("isPriority", Self::Raw("true".to_owned())));
        });
    }

    /// Replaces every member of one name.
    pub fn replace(&mut self, name: &str, value: &Json) {
        self.visit(&mut |members| {
            for (_, old) in members.iter_mut().filter(|(known, _)| *known == name) {
                *old = value.clone();
            }
        });
    }

    fn visit(&mut self, change: &mut impl FnMut(&mut Vec<(&'static str, Json)>)) {
        match self {
            Self::Object(members) => {
                change(members);
                for (_, value) in members {
                    value.visit(change);
                }
            }
            Self::Array(items) => {
                for item in items {
                    item.visit(change);
                }
            }
            Self::Text(_) | Self::Raw(_) => {}
        }
    }

    /// `indent` is the depth, if the text is for people.
    fn write(&self, text: &mut String, indent: Option<usize>) {
        let inner = indent.map(|indent| indent + 1);
        match self {
            Self::Object(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    separate(text, index, inner);
                    text.push_str(&format!("\"{name}\":"));
                    text.push_str(if inner.is_some() { " " } else { "" });
                    value.write(text, inner);
                }
                end(text, members.is_empty(), indent);
                text.push('}');
            }
            Self::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    separate(text, index, inner);
                    item.write(text, inner);
                }
                end(text, items.is_empty(), indent);
                text.push(']');
            }
            Self::Text(value) => text.push_str(&serde_json::json!(value).to_string()),
            Self::Raw(value) => text.push_str(value),
        }
    }
}

fn separate(text: &mut String, index: usize, indent: Option<usize>) {
    text.push_str(if index > 0 { "," } else { "" });
    end(text, false, indent);
}

fn end(text: &mut String, is_empty: bool, indent: Option<usize>) {
    if let Some(indent) = indent.filter(|_| !is_empty) {
        text.push('\n');
        text.push_str(&"  ".repeat(indent));
    }
}
