//! What became of documents.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::client::Omission;
use crate::rule::{Product, Rule};

/// The verdicts on all documents of a folder.
#[derive(Clone, Debug)]
pub struct Survey {
    pub verdicts: Vec<Verdict>,
}

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The file, relative to the surveyed folder.
    pub path: PathBuf,
    pub outcome: Outcome,
    pub time: Duration,
    /// The size of the document in bytes.
    pub size: u64,
    /// How many errors of each code the compiler has in what is generated; nothing of a product that
    /// was not compiled.
    pub compiled: BTreeMap<Product, BTreeMap<String, usize>>,
    /// Whether the peer takes it, and its time; `None` if there is no peer.
    pub peer: Option<(bool, Duration)>,
}

/// How the generator ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It came to its end.
    Generated {
        /// The bytes of generated code; `None` for a product that is withheld.
        client: Option<usize>,
        validator: Option<usize>,
        /// How many findings each rule has.
        errors: BTreeMap<Rule, usize>,
        warnings: BTreeMap<Rule, usize>,
        /// How many operations the document has.
        operations: usize,
        /// Those that the client leaves out.
        omissions: Vec<Omission>,
    },
    /// It panicked, with this message on one line.
    Panicked(String),
}

impl Verdict {
    /// The bytes of generated code, if the product is generated.
    pub fn bytes(&self, product: Product) -> Option<usize> {
        match (&self.outcome, product) {
            (Outcome::Generated { client, .. }, Product::Client) => *client,
            (Outcome::Generated { validator, .. }, Product::Validator) => *validator,
            (Outcome::Panicked(_), _) => None,
        }
    }

    /// Whether a product is generated.
    pub fn has(&self, product: Product) -> bool {
        self.bytes(product).is_some()
    }

    /// Whether no rule finds what OpenAPI 3.0.3 forbids. One of which nothing is known is taken for
    /// right.
    pub fn is_right(&self) -> bool {
        let rules = self.rules().into_iter().flatten();
        !rules.flat_map(BTreeMap::keys).any(|rule| rule.is_forbidden())
    }

    /// How many findings each rule has: errors, and warnings.
    pub fn rules(&self) -> [Option<&BTreeMap<Rule, usize>>; 2] {
        match &self.outcome {
            Outcome::Generated { errors, warnings, .. } => [Some(errors), Some(warnings)],
            Outcome::Panicked(_) => [None, None],
        }
    }

    /// How many operations a client is generated for, those included that it leaves out.
    pub fn operations(&self) -> usize {
        match &self.outcome {
            Outcome::Generated { operations, client: Some(_), .. } => *operations,
            _ => 0,
        }
    }

    /// The operations that the client leaves out.
    pub fn omissions(&self) -> &[Omission] {
        match &self.outcome {
            Outcome::Generated { omissions, .. } => omissions,
            Outcome::Panicked(_) => &[],
        }
    }

    /// How many errors the compiler has in what is generated.
    pub fn compile_errors(&self) -> usize {
        self.compiled.values().flat_map(BTreeMap::values).sum()
    }
}
