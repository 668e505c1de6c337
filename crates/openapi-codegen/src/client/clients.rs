//! The clients: one for all operations, and one for each tag.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::imports::Imports;
use super::operations;
use super::requests::Request;
use crate::model::{self, Model};
use crate::naming::{Scope, type_name};

/// A tag that the document declares and some operation has.
struct Tag<'m> {
    described: &'m model::Tag,
    /// `AuditClient`
    client: Ident,
    /// `audit`, a method of the client for all operations.
    method: Ident,
}

fn tags<'m>(model: &'m Model, requests: &[Request<'_, '_>]) -> Vec<Tag<'m>> {
    let mut types =
        Scope::with(&["Bytes", "Client", "Connection", "Decimal", "From", "Into", "Vec"]);
    let mut methods = Scope::with(&operations::CLIENT);
    for request in requests {
        methods.take(request.operation.method.to_string());
        types.take(request.operation.type_name.to_string());
    }
    let used = model.tags.iter().filter(|tag| requests.iter().any(|request| has(request, tag)));
    used.map(|tag| Tag {
        described: tag,
        client: types.take(format!("{}Client", type_name(&tag.name).trim_end_matches('_'))),
        method: methods.field_name(&tag.name),
    })
    .collect()
}

fn has(request: &Request<'_, '_>, tag: &model::Tag) -> bool {
    request.operation.described.tags.contains(&tag.name)
}

/// The file of clients.
pub(super) fn render(model: &Model, requests: &[Request<'_, '_>]) -> TokenStream {
    let tags = tags(model, requests);
    let views = tags.iter().map(|tag| {
        let Tag { described, client, method } = tag;
        let doc =
            format!("The same client for the operations of the tag `{}` only.", described.name);
        quote! {
            #[doc = #doc]
            pub fn #method(&self) -> #client {
                self.connection.clone().into()
            }
        }
    });
    let methods = requests.iter().map(|request| request.method(model));
    let all =
        client(&format_ident!("Client"), "Calls all operations.", &quote!(#(#methods)* #(#views)*));
    let of_tags = tags.iter().map(|tag| {
        let of_tag = requests.iter().filter(|request| has(request, tag.described));
        let methods = of_tag.map(|request| request.method(model));
        let model::Tag { name, description, .. } = tag.described;
        let description = description.as_deref().unwrap_or_default().trim();
        let doc =
            format!("Calls the operations of the tag `{name}` and no others.\n\n{description}");
        client(&tag.client, doc.trim(), &quote!(#(#methods)*))
    });
    let names = requests.iter().map(|request| &request.operation.type_name);
    let requests = (!requests.is_empty()).then(|| quote!(use super::requests::{#(#names),*};));
    let code = quote!(#all #(#of_tags)*);
    let imports = Imports::of(&code);
    let ours = imports.items(&quote!(::openapi_client), &["Bytes", "Connection", "Decimal"]);
    let modules = imports.modules(&quote!(super), &["bodies", "types"]);
    quote! {
        //! The clients: one for all operations, and one for each tag of the document.

        #ours

        #requests
        #modules

        #code
    }
}

fn client(name: &Ident, doc: &str, methods: &TokenStream) -> TokenStream {
    let doc = format!(
        "{doc}\n\nClones share their connections, their token, their pace and their budget of retries."
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        pub struct #name {
            connection: Connection,
        }

        impl #name {
            #methods
        }

        impl From<Connection> for #name {
            fn from(connection: Connection) -> Self {
                Self { connection }
            }
        }
    }
}
