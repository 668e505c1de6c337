//! Reports for programs: JSON, JSON Schema's *basic* output, SARIF.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{Display, Write as _};

use crate::finding::{Finding, Severity};
use crate::json::Json;
use crate::report::Report;

impl Finding {
    /// The finding as one JSON object, on one line.
    ///
    /// It has the members `severity`, `pointer`, `offset`, `line`, `column`, `keyword` and
    /// `message`; `rule`, `source`, `ruleLine` and `ruleColumn` if a rule of the document is
    /// broken; `suggestion` and `value` where there is one.
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        self.write(&mut json);
        json.finish()
    }

    fn write(&self, json: &mut Json) {
        json.object(|json| {
            json.name("severity").string(self.severity);
            json.name("pointer").string(&self.pointer);
            json.name("offset").literal(self.offset);
            json.name("line").literal(self.line);
            json.name("column").literal(self.column);
            json.name("keyword").string(self.keyword);
            if !self.rule.is_empty() {
                json.name("rule").string(&self.rule);
            }
            if let Some(place) = self.place {
                json.name("source").string(place.source);
                json.name("ruleLine").literal(place.line);
                json.name("ruleColumn").literal(place.column);
            }
            json.name("message").string(self.message());
            if let Some(suggestion) = &self.suggestion {
                json.name("suggestion").string(suggestion);
            }
            if let Some(value) = &self.value {
                json.name("value").string(value);
            }
        });
    }

    /// What is wrong and what was probably meant, in one line.
    fn sentence(&self) -> String {
        let mut sentence = self.message();
        if let Some(suggestion) = &self.suggestion {
            // Writing to a string cannot fail.
            let _ = write!(sentence, "; {suggestion}");
        }
        sentence
    }
}

impl Report<'_> {
    /// The report as one JSON object: `valid`, the `findings` as [`Finding::to_json`] has them, and
    /// how many `more` there are that are not listed.
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        json.object(|json| {
            json.name("valid").literal(self.is_valid());
            json.name("findings").array(|json| {
                for finding in self.findings() {
                    finding.write(json);
                }
            });
            json.name("more").literal(self.more());
        });
        json.finish()
    }

    /// The report in the output format *basic* of JSON Schema (2020-12, section 12.4.2).
    ///
    /// An invalid payload has `errors`; a valid one has its drift and notes as `annotations`, or
    /// none. `keywordLocation` is the JSON Pointer of the keyword in the OpenAPI document, as
    /// references lead there; it is empty for what RFC 8259 asks of any JSON text. If findings are
    /// not listed, a last unit counts them. The root and each unit have what the specification's
    /// schema of outputs asks of a unit: `valid` and the two locations.
    pub fn to_basic_output(&self) -> String {
        let (list, unit, is_listed): (_, _, fn(Severity) -> bool) = if self.is_valid() {
            ("annotations", "annotation", |severity| severity != Severity::Error)
        } else {
            ("errors", "error", |severity| severity == Severity::Error)
        };
        let mut json = Json::default();
        let at = |json: &mut Json, rule: &str, pointer: &str| {
            json.name("valid").literal(self.is_valid());
            json.name("keywordLocation").string(rule);
            json.name("instanceLocation").string(pointer);
        };
        let write = |json: &mut Json, rule: &str, pointer: &str, sentence: &str| {
            json.object(|json| {
                at(json, rule, pointer);
                json.name(unit).string(sentence);
            });
        };
        json.object(|json| {
            at(json, "", "");
            if self.is_empty() {
                return;
            }
            json.name(list).array(|json| {
                for finding in self.findings().filter(|finding| is_listed(finding.severity)) {
                    write(json, &finding.rule, &finding.pointer, &finding.sentence());
                }
                if self.more() > 0 {
                    write(json, "", "", &self.rest());
                }
            });
        });
        json.finish()
    }

    /// The report as SARIF 2.1.0: one run, with the rules that were broken.
    ///
    /// `payload` is the URI of the payload, or its path; characters that a URI can't have are
    /// escaped. Drift has the level `warning`. A result points into the payload, its related
    /// location to the rule in the OpenAPI document. If findings are not listed, a notification of
    /// the tool counts them.
    pub fn to_sarif(&self, payload: &str) -> String {
        let findings: Vec<Finding> = self.findings().collect();
        let mut rules: Vec<&Finding> = Vec::new();
        for finding in &findings {
            if !rules.iter().any(|rule| rule.basis() == finding.basis()) {
                rules.push(finding);
            }
        }
        let mut json = Json::default();
        json.object(|json| {
            json.name("$schema").string("https://json.schemastore.org/sarif-2.1.0.json");
            json.name("version").string("2.1.0");
            json.name("runs").array(|json| {
                json.object(|json| self.write_run(json, payload, &findings, &rules));
            });
        });
        json.finish()
    }

    fn write_run(&self, json: &mut Json, payload: &str, findings: &[Finding], rules: &[&Finding]) {
        json.name("tool").object(|json| {
            json.name("driver").object(|json| {
                json.name("name").string(env!("CARGO_PKG_NAME"));
                json.name("semanticVersion").string(env!("CARGO_PKG_VERSION"));
                json.name("rules").array(|json| {
                    for rule in rules {
                        rule.write_rule(json);
                    }
                });
            });
        });
        json.name("invocations").array(|json| {
            json.object(|json| {
                json.name("executionSuccessful").literal(true);
                if self.more() > 0 {
                    json.name("toolExecutionNotifications").array(|json| {
                        json.object(|json| {
                            json.name("level").string("warning");
                            message(json, self.rest());
                        });
                    });
                }
            });
        });
        json.name("columnKind").string("unicodeCodePoints");
        json.name("results").array(|json| {
            for finding in findings {
                let rule = rules.iter().position(|rule| rule.basis() == finding.basis());
                finding.write_result(json, rule.unwrap_or_default(), payload);
            }
        });
    }

    pub(crate) fn rest(&self) -> String {
        let more = self.more();
        let findings = if more == 1 { "finding is" } else { "findings are" };
        alloc::format!("{more} more {findings} not listed")
    }
}

impl Finding {
    fn write_rule(&self, json: &mut Json) {
        json.object(|json| {
            json.name("id").string(self.basis());
            json.name("name").string(self.keyword);
        });
    }

    fn write_result(&self, json: &mut Json, rule: usize, payload: &str) {
        json.object(|json| {
            json.name("ruleId").string(self.basis());
            json.name("ruleIndex").literal(rule);
            json.name("level").string(match self.severity {
                Severity::Error => "error",
                Severity::Drift => "warning",
                Severity::Note => "note",
            });
            message(json, self.sentence());
            json.name("locations").array(|json| {
                json.object(|json| {
                    physical_location(json, payload, self.line, self.column);
                    json.name("logicalLocations").array(|json| {
                        json.object(|json| {
                            json.name("fullyQualifiedName").string(&self.pointer);
                        });
                    });
                });
            });
            if let Some(place) = self.place {
                json.name("relatedLocations").array(|json| {
                    json.object(|json| {
                        json.name("id").literal(0);
                        physical_location(json, place.source, place.line, place.column);
                        message(json, "the rule");
                    });
                });
            }
        });
    }
}

fn message(json: &mut Json, text: impl Display) {
    json.name("message").object(|json| {
        json.name("text").string(text);
    });
}

fn physical_location(json: &mut Json, path: &str, line: impl Display, column: impl Display) {
    json.name("physicalLocation").object(|json| {
        json.name("artifactLocation").object(|json| {
            json.name("uri").string(uri(path));
        });
        json.name("region").object(|json| {
            json.name("startLine").literal(line);
            json.name("startColumn").literal(column);
        });
    });
}

/// A path as a URI reference (RFC 3986); one that is a URI already stays as it is.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    let scheme = path.split(['/', '\\', '?', '#']).next().and_then(|first| first.split_once(':'));
    if scheme.is_some_and(|(scheme, _)| !is_scheme(scheme)) {
        // Section 4.2: otherwise what stands before the colon would be taken for a scheme.
        uri.push_str("./");
    }
    let has_authority = path.contains("://");
    let mut has_fragment = false;
    for (at, byte) in path.bytes().enumerate() {
        let is_kept = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => true,
            b'[' | b']' => has_authority,
            b'#' => !core::mem::replace(&mut has_fragment, true),
            b'%' => path
                .as_bytes()
                .get(at + 1..at + 3)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
            _ => b"-._~:/?@!$&'()*+,;=".contains(&byte),
        };
        if byte == b'\\' {
            uri.push('/');
        } else if is_kept {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
