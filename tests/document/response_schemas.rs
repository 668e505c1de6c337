//! Which schemas the responses of the document have.

use std::collections::BTreeSet;

use openapi_codegen::samples::response_schema;
use openapi_codegen::source::{Document, Node};

/// The names of the component schemas that describe a body of any operation.
pub fn response_schemas(document: &Document) -> BTreeSet<&str> {
    let mut schemas = BTreeSet::new();
    for operation in document.operations() {
        let id = operation.node.get("operationId").and_then(Node::as_str).unwrap_or_default();
        let responses = operation.node.get("responses").map_or(&[][..], Node::members);
        schemas.extend(
            responses.iter().filter_map(|(status, _)| response_schema(document, id, &status.name)),
        );
    }
    schemas
}
