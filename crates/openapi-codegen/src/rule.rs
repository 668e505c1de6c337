//! Every rule that a document can break: its name, what it finds, and how serious that is.

use std::fmt;

/// Which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// What the generator needs of any OpenAPI 3.0 document so that its output is right.
    Generator,
    /// These; warnings are errors.
    Strict,
    /// These, and the house rules of this project's own document: no type is loosened in silence,
    /// everything has a name, a description and an example, and every operation a sample.
    House,
}

impl Rules {
    /// Whether a finding of this severity refuses the document.
    pub fn refuse(self, severity: Severity) -> bool {
        severity == Severity::Error || self != Self::Generator
    }
}

/// What is generated from a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    Client,
    Validator,
}

impl Product {
    pub const ALL: [Self; 2] = [Self::Client, Self::Validator];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Validator => "validator",
        }
    }
}

impl Rule {
    /// The one product that findings of this rule concern; `None` if it is the document.
    pub const fn product(self) -> Option<Product> {
        match self {
            Self::ClientGenerator
            | Self::ClientParameter
            | Self::ErrorSchema
            | Self::RequestBody
            | Self::SuccessSchema => Some(Product::Client),
            Self::UnsupportedKeyword | Self::UnsupportedParameter | Self::UnsupportedPattern => {
                Some(Product::Validator)
            }
            _ => None,
        }
    }

    /// Whether findings of this rule say something of a product.
    pub fn concerns(self, product: Product) -> bool {
        self.product().is_none_or(|only| only == product)
    }
}

/// Whether a finding stops the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The generator goes on, and says what it took otherwise than it was probably meant.
    Warning,
}

macro_rules! rules {
    ($($rule:ident $name:literal $scope:ident $standing:ident $meaning:literal)*) => {
        /// A rule; `openapi/RULES.md` has the same table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $meaning] $rule,)*
        }

        impl Rule {
            /// All rules, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The name, in kebab case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// What it finds, in one line.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$rule => $meaning,)*
                }
            }

            /// Whether OpenAPI 3.0.3, or what it is built on, forbids what the rule finds: the
            /// document is wrong, also where the generator takes it with a warning. Otherwise the
            /// generator does not support it, or takes it for a mistake.
            pub const fn is_forbidden(self) -> bool {
                match self {
                    $(Self::$rule => rules!(@$standing),)*
                }
            }

            /// How serious a finding is in any document; `None` for a house rule.
            pub const fn severity(self) -> Option<Severity> {
                match self {
                    $(Self::$rule => rules!(@$scope),)*
                }
            }
        }
    };
    (@error) => { Some(Severity::Error) };
    (@warning) => { Some(Severity::Warning) };
    (@house) => { None };
    (@forbidden) => { true };
    (@permitted) => { false };
}

rules! {
    AmbiguousPath "ambiguous-path" error forbidden "two paths differ only in the names of their parameters"
    ArrayItems "array-items" warning forbidden "an array does not describe its items"
    Bounds "bounds" warning permitted "bounds exclude each other, or the format cannot hold one of them"
    CircularReference "circular-reference" error forbidden "a schema is made of itself, or references lead in a circle"
    ClientGenerator "client-generator" error permitted "the client generator does not take the document"
    ClientParameter "client-parameter" warning permitted "a parameter that the client cannot send"
    ClosedObject "closed-object" house permitted "an object allows no further members (house rule 7)"
    ComponentName "component-name" house forbidden "OpenAPI allows no such name"
    DocumentSize "document-size" error permitted "the file is nested deeper, or grows more by aliases, than is read"
    DuplicateKey "duplicate-key" error forbidden "a mapping has a key twice"
    EmptyResponses "empty-responses" warning forbidden "an operation without a response"
    Enum "enum" warning permitted "a list of values repeats one, or has one that the type excludes"
    EnumType "enum-type" house permitted "an enum of values that are not strings"
    ErrorSchema "error-schema" house permitted "two errors of one operation have different bodies"
    ExampleDrift "example-drift" warning permitted "an example or default has a member or a value that the document does not know"
    ExampleMismatch "example-mismatch" house permitted "an example or default breaks its schema"
    ExemptValues "exempt-values" error permitted "`x-exempt-values` without a rule to be exempt from"
    ForbiddenProperty "forbidden-property" error permitted "a schema declares what it forbids"
    Format "format" warning permitted "a format that looks misspelt, or belongs to another type"
    GeneratedCode "generated-code" error permitted "the generated code is not Rust"
    InlineConstraint "inline-constraint" house permitted "a constrained string without a name (house rule 4)"
    InlineEnum "inline-enum" house permitted "an enum without a name (house rule 4)"
    InlineObject "inline-object" house permitted "an object without a name"
    KeywordType "keyword-type" warning permitted "a keyword that has no effect on the type"
    Loggable "loggable" error permitted "a secret or a mail address that is marked as loggable"
    MalformedKeyword "malformed-keyword" error forbidden "a keyword of a schema or an operation has another form"
    MediaType "media-type" warning permitted "a media type that looks misspelt"
    MissingDescription "missing-description" house permitted "house rule 1"
    MissingExample "missing-example" house permitted "house rule 2"
    MissingKey "missing-key" error forbidden "a key that OpenAPI requires; a warning where nothing is generated from it"
    MissingSample "missing-sample" house permitted "an operation has no sample"
    MutuallyExclusive "mutually-exclusive" error permitted "a group names something that is no optional parameter of the operation"
    NullableWithoutType "nullable-without-type" house permitted "house rule 12"
    NumberFormat "number-format" house permitted "a number or integer without a format (house rule 9)"
    OpenEnum "open-enum" house permitted "an enum beside any other string"
    OpenapiVersion "openapi-version" error forbidden "the document is not OpenAPI 3.0"
    OperationId "operation-id" error forbidden "repeated; in this document also missing, or not in snake case (house rule 3)"
    Parameter "parameter" error forbidden "a parameter that OpenAPI does not allow"
    Path "path" error forbidden "a path without a slash, with a blank, or with half a brace"
    PathParameter "path-parameter" error forbidden "path and parameters disagree"
    ReferenceSiblings "reference-siblings" warning permitted "keys beside `$ref` have no effect (house rule 11)"
    ReferenceTarget "reference-target" error forbidden "a reference to something of another kind"
    RemoteReference "remote-reference" error permitted "a reference leads out of the document"
    RequestBody "request-body" warning permitted "a body that the client cannot send"
    Required "required" house permitted "a required member is not declared"
    ResponseSchema "response-schema" house permitted "a JSON response without a named schema"
    SampleDrift "sample-drift" warning permitted "a sample has a member or a value that the document does not know"
    SampleJson "sample-json" error permitted "a sample is not JSON"
    SampleMismatch "sample-mismatch" house permitted "a sample breaks its schema"
    SampleName "sample-name" house permitted "a sample whose name leads to no schema"
    SchemaType "schema-type" error forbidden "there is no such type"
    SecurityScheme "security-scheme" error forbidden "there is no such scheme"
    SharedConstraint "shared-constraint" house permitted "one schema constrains requests and responses (house rule 13)"
    StatusCode "status-code" error forbidden "there is no such status"
    SuccessSchema "success-schema" house permitted "two successes of one operation have different bodies"
    Tag "tag" house permitted "an operation without a declared tag"
    UnknownExtension "unknown-extension" warning permitted "an extension of this project that looks misspelt"
    UnknownKey "unknown-key" error forbidden "OpenAPI has no such key here"
    UnknownParameter "unknown-parameter" error permitted "a group names no parameter of the operation"
    UnresolvedReference "unresolved-reference" error forbidden "a reference to nothing"
    UnsupportedKeyword "unsupported-keyword" error permitted "a keyword that the validator does not check in this form"
    UnsupportedParameter "unsupported-parameter" warning permitted "a parameter in a form that the validator does not read"
    UnsupportedPattern "unsupported-pattern" warning permitted "a pattern beyond regular languages, which is not checked"
    UntypedSchema "untyped-schema" warning permitted "a schema without a type, which accepts any value"
    UnusableSchema "unusable-schema" error permitted "a schema that no example can be compared with"
    UnusedComponent "unused-component" house permitted "nothing refers to the component"
    Utf8 "utf-8" error permitted "a file is not UTF-8"
    WellFormedYaml "well-formed-yaml" error forbidden "the file is not YAML"
    WrongType "wrong-type" error forbidden "the value has another type than OpenAPI asks for"
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
