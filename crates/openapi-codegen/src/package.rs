//! Complete crates around generated modules: manifest, `lib.rs` and README.
//!
//! These three files say at their top that they are generated. Whoever removes that line keeps the file:
//! codegen does not touch it any more.

use std::path::{Component, Path, PathBuf};

use crate::client::Client;
use crate::output::{Folder, HEADER, Output};
use crate::rule::Product;
use crate::source::{Document, Node};

/// Where complete crates go, and what they are called.
#[derive(Clone, Debug)]
pub struct Package {
    /// The folder that gets a folder for each crate.
    pub folder: PathBuf,
    /// `NAME` of `NAME-client` and `NAME-validator`.
    pub name: String,
    /// The folder in which `openapi-client` and `openapi-validator` are; none for the registry.
    pub runtime: Option<PathBuf>,
}

/// What the document is called.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub title: &'a str,
    pub version: &'a str,
    /// The name of the document's file.
    pub document: &'a str,
    /// The first server, if it is an absolute URL.
    pub server: Option<&'a str>,
}

impl<'a> About<'a> {
    /// What a document says of itself.
    pub fn new(document: &'a Document) -> Self {
        let text = |pointer| document.root.pointer(pointer).and_then(Node::as_str);
        let is_absolute =
            |url: &&str| url.starts_with("https://") && !url.contains('{') && !url.ends_with('/');
        Self {
            title: text("/info/title").unwrap_or_default(),
            version: text("/info/version").unwrap_or_default(),
            document: &document.source.name,
            server: text("/servers/0/url").filter(is_absolute),
        }
    }
}

impl Package {
    /// The folders of both crates. A client can use the validator only if that is generated as well.
    pub fn folders(
        &self,
        about: &About<'_>,
        client: Option<Client>,
        validator: Option<Vec<Output>>,
    ) -> Vec<Folder> {
        let has_validator = validator.is_some();
        let error_bodies = client.as_ref().map_or(&[][..], |client| &client.error_bodies);
        let crate_of =
            |product| Crate { package: self, product, about, error_bodies, has_validator };
        let (client_files, validator_files) =
            (crate_of(Product::Client).files(), crate_of(Product::Validator).files());
        let client = client.map(|client| (Product::Client, client_files, client.outputs));
        let validator = validator.map(|outputs| (Product::Validator, validator_files, outputs));
        let crates = client.into_iter().chain(validator);
        crates
            .flat_map(|(product, files, generated)| {
                let folder = self.folder.join(self.crate_name(product));
                [
                    Folder::whole(folder.join("src/generated"), generated),
                    Folder::files(folder, files),
                ]
            })
            .collect()
    }

    fn crate_name(&self, product: Product) -> String {
        format!("{}-{}", self.name, product.name())
    }

    /// How a crate depends on a runtime.
    fn dependency(&self, crate_folder: &Path, runtime: &str) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match &self.runtime {
            Some(folder) => {
                let path = relative(&folder.join(runtime), crate_folder);
                format!("{{ version = {version:?}, path = {:?} }}", path.display().to_string())
            }
            None => format!("{version:?}"),
        }
    }
}

/// One crate.
struct Crate<'a> {
    package: &'a Package,
    product: Product,
    about: &'a About<'a>,
    /// Of the client.
    error_bodies: &'a [String],
    has_validator: bool,
}

impl Crate<'_> {
    fn files(&self) -> Vec<Output> {
        vec![self.manifest(), self.readme(), self.library()]
    }

    fn name(&self) -> String {
        self.package.crate_name(self.product)
    }

    /// What the crate is, in a few words.
    fn description(&self) -> String {
        let title = self.about.title.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.product {
            Product::Client => format!("Client of {title}"),
            Product::Validator => format!("Validators of {title}"),
        }
    }

    fn manifest(&self) -> Output {
        let name = self.name();
        let validator = self.package.crate_name(Product::Validator);
        let (feature, dependency) = if self.has_validator {
            (
                format!(
                    "# Holds every response against the document, for an observer.\n\
                     validate = [\"dep:{validator}\", \"openapi-client/validate\"]\n"
                ),
                format!(
                    "{validator} = {{ version = \"0.1.0\", path = \"../{validator}\", \
                     optional = true }}\n"
                ),
            )
        } else {
            (String::new(), String::new())
        };
        let template = match self.product {
            Product::Client => include_str!("../templates/client/manifest.toml"),
            Product::Validator => include_str!("../templates/validator/manifest.toml"),
        };
        let runtime = format!("openapi-{}", self.product.name());
        let values = [
            ("name", name.clone()),
            // Strings of TOML are escaped like those of JSON.
            ("description", serde_json::Value::from(self.description()).to_string()),
            ("validate", feature),
            ("runtime", self.package.dependency(&self.package.folder.join(name), &runtime)),
            ("validator", dependency),
        ];
        self.file("Cargo.toml", ["# ", ""], template, &values)
    }

    fn readme(&self) -> Output {
        let name = self.name();
        let validate = if self.has_validator {
            "| `validate` | an observer is told how responses deviate from the document |\n"
        } else {
            ""
        };
        let template = match self.product {
            Product::Client => include_str!("../templates/client/README.md"),
            Product::Validator => include_str!("../templates/validator/README.md"),
        };
        let values = [
            ("module", name.replace('-', "_")),
            ("name", name),
            ("description", self.description()),
            ("version", self.about.version.to_owned()),
            ("server", self.about.server.unwrap_or("https://api.example.com").to_owned()),
            ("validate", validate.to_owned()),
        ];
        self.file("README.md", ["<!-- ", " -->"], template, &values)
    }

    fn library(&self) -> Output {
        let validator = self.package.crate_name(Product::Validator).replace('-', "_");
        let builder = if self.has_validator {
            format!(
                "let builder = openapi_client::ClientBuilder::new();
        #[cfg(feature = \"validate\")]
        let builder = builder.validator(|operation, status, body, options| {{
            let operation = {validator}::Operation::from_id(operation.id)?;
            {validator}::validate_response_with(operation, status.as_u16(), body, options).ok()
        }});
        builder"
            )
        } else {
            "openapi_client::ClientBuilder::new()".to_owned()
        };
        let template = match self.product {
            Product::Client => include_str!("../templates/client/lib.rs"),
            Product::Validator => include_str!("../templates/validator/lib.rs"),
        };
        let implemented =
            |path| format!("\nimpl openapi_client::ErrorBody for generated::{path} {{}}\n");
        let error_bodies = self.error_bodies.iter().map(implemented).collect();
        let values = [("builder", builder), ("error_bodies", error_bodies)];
        self.file("src/lib.rs", ["// ", ""], template, &values)
    }

    /// A file of a template, with its header as a comment.
    fn file(
        &self,
        path: &str,
        [open, close]: [&str; 2],
        template: &str,
        values: &[(&str, String)],
    ) -> Output {
        let document = self.about.document;
        let mut contents = format!(
            "{open}{HEADER} from {document}; remove this line to edit the file by hand.{close}\n\n"
        );
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            contents.push_str(before);
            let (key, after) = after.split_once("}}").unwrap_or_default();
            let value = values.iter().find(|(known, _)| *known == key);
            contents.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        contents.push_str(rest);
        Output { path: path.into(), contents: contents.trim_end().to_owned() + "\n" }
    }
}

/// The path from one folder to another.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (to, from) = (absolute(to), absolute(from));
    let shared = to.components().zip(from.components()).take_while(|(to, from)| to == from).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}
