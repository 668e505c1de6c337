//! One generated file: functions for schemas, and what they import.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::composition::is_costly;
use super::schemas::Function;
use super::types::applicable_types;
use super::{Emitter, string};
use crate::model::{Schema, Type};
use crate::naming::{Scope, on_one_line};
use crate::source::Node;

/// A file that is being written.
pub(super) struct Module<'e, 'd> {
    pub(super) emitter: &'e mut Emitter<'d>,
    /// The path from this file to the module of the schemas.
    schemas: TokenStream,
    /// The module of the file among them, if it is the file of one schema.
    own: Option<Ident>,
    names: Scope,
    items: Vec<TokenStream>,
    /// What the file imports from the runtime.
    imports: BTreeSet<&'static str>,
}

/// The names that a function must not have: variables of generated functions, and what
/// `object!` has a meaning of its own for.
const LOCALS: [&str; 5] = ["any", "before", "reader", "start", "string"];

pub(super) fn reserved() -> Scope {
    Scope::with(&LOCALS)
}

impl<'e, 'd> Module<'e, 'd> {
    pub(super) fn new(
        emitter: &'e mut Emitter<'d>,
        schemas: TokenStream,
        own: Option<Ident>,
    ) -> Self {
        Self {
            emitter,
            schemas,
            own,
            names: reserved(),
            items: Vec::new(),
            imports: BTreeSet::new(),
        }
    }

    pub(super) fn import(&mut self, name: &'static str) {
        self.imports.insert(name);
    }

    pub(super) fn push(&mut self, item: TokenStream) {
        self.items.push(item);
    }

    pub(super) fn finish(self) -> TokenStream {
        let imports = self.imports.iter().map(|name| format_ident!("{name}"));
        let items = &self.items;
        quote! {
            use ::openapi_validator::{#(#imports),*};
            #(#items)*
        }
    }

    /// A constant's name.
    pub(super) fn constant(&mut self, hint: &str) -> Ident {
        self.names.constant_name(hint)
    }

    /// The path of a function that checks a schema; an inline schema gets one in this file.
    pub(super) fn validator(&mut self, schema: &'d Schema, hint: &str) -> TokenStream {
        if let Some(target) = &schema.reference {
            let schemas = &self.schemas;
            return match self.emitter.function(target) {
                Some(Function::Own(module)) if self.own.as_ref() == Some(module) => {
                    quote!(validate)
                }
                Some(function) => {
                    let path = function.path();
                    quote!(#schemas::#path)
                }
                // What leads nowhere is a finding of the model.
                None => quote!(::openapi_validator::any),
            };
        }
        if is_anything(schema) {
            return quote!(::openapi_validator::any);
        }
        if let Some(inner) = only_wraps(schema) {
            return self.validator(inner, hint);
        }
        let name = self.add(hint, &at(schema), |module| module.function(schema, hint));
        quote!(#name)
    }

    /// Adds the function of a schema that has a name of its own.
    pub(super) fn root(&mut self, schema: &'d Schema, name: &Ident) {
        self.names.take(name.to_string());
        let scope = if name == "validate" { String::new() } else { name.to_string() };
        let place = self.items.len();
        let body = self.function(schema, &scope);
        let doc = at(schema);
        self.imports.extend(["Flow", "Reader"]);
        let item = quote! {
            #[doc = #doc]
            pub(crate) fn #name(reader: &mut Reader<'_>) -> Flow {
                #body
            }
        };
        self.items.insert(place, item);
    }

    /// Adds a function for a schema or a part of it; what it calls stands below it.
    pub(super) fn add(
        &mut self,
        hint: &str,
        doc: &str,
        body: impl FnOnce(&mut Self) -> TokenStream,
    ) -> Ident {
        let name = self.names.module_name(hint);
        let place = self.items.len();
        let body = body(self);
        self.imports.extend(["Flow", "Reader"]);
        let item = quote! {
            #[doc = #doc]
            fn #name(reader: &mut Reader<'_>) -> Flow {
                #body
            }
        };
        self.items.insert(place, item);
        name
    }

    /// The statements of a schema's function; `scope` names the schema among those of the file.
    fn function(&mut self, schema: &'d Schema, scope: &str) -> TokenStream {
        if !is_costly(schema) || !self.emitter.repeated.contains(schema.pointer.as_str()) {
            return self.body(schema, scope);
        }
        let doc = format!("{}, read for the first time", at(schema));
        let name =
            self.add(&join(scope, "first reading"), &doc, |module| module.body(schema, scope));
        quote!(reader.once(#name))
    }

    fn body(&mut self, schema: &'d Schema, scope: &str) -> TokenStream {
        let at = &schema.pointer;
        let mut before = TokenStream::new();
        let marks = [
            (schema.deprecated, "deprecated"),
            (schema.read_only, "read_only"),
            (schema.write_only, "write_only"),
        ];
        if self.emitter.concealing.contains(schema.pointer.as_str()) {
            before.extend(quote!(reader.conceal();));
        }
        for (_, mark) in marks.into_iter().filter(|(is_set, _)| *is_set) {
            let mark = format_ident!("{mark}");
            before.extend(quote!(reader.#mark(#at)?;));
        }
        let forbidden =
            self.emitter.forbidden.iter().position(|known| known.pointer == schema.pointer);
        let values = enumeration(schema);
        let is_simple = values.is_none() && forbidden.is_none();
        if is_simple && !has_parts(schema) {
            return self.own(schema, scope, &before);
        }
        if schema.nullable {
            before.extend(quote!(if reader.null() {
                return Ok(());
            }));
        }
        if is_simple
            && let Some((keyword, branches)) = super::applicators::only_chooses(schema)
            && !self.needs_own_pass(schema)
        {
            return self.choice(schema, keyword, branches, scope, &before);
        }
        let (rules, check) = self.all_of(schema, scope);
        let mark = values.is_some().then(|| quote!(let start = reader.mark();));
        let (enter, leave) = match forbidden {
            Some(index) => {
                let index = Literal::usize_unsuffixed(index);
                (quote!(let before = reader.forbid(#index);), quote!(reader.permit(before);))
            }
            None if values.is_none() => return quote!(#rules #before #check),
            None => (quote!(), quote!()),
        };
        quote! {
            #rules
            #before
            #mark
            #enter
            #check?;
            #values
            #leave
            Ok(())
        }
    }

    /// The check of a schema without the schemas that it is made of, as the rest of a function.
    pub(super) fn own(
        &mut self,
        schema: &'d Schema,
        scope: &str,
        before: &TokenStream,
    ) -> TokenStream {
        match schema.kind {
            Some(kind) => {
                let nullable = schema.nullable && !has_parts(schema);
                self.typed(schema, kind, scope, nullable, before)
            }
            None => self.untyped(schema, scope, before),
        }
    }

    /// Without `type`, each keyword speaks only about values of its own type.
    fn untyped(&mut self, schema: &'d Schema, scope: &str, before: &TokenStream) -> TokenStream {
        let mut types = applicable_types(schema);
        if schema.all_of.len() > 1 && self.emitter.documented_elsewhere(schema).is_some() {
            types.insert(Type::Object);
        }
        if types.is_empty() {
            return quote!(#before reader.any());
        }
        let mut arms = Vec::new();
        for kind in types {
            let (variant, article) = match kind {
                Type::Object => ("Object", "an object"),
                Type::Array => ("Array", "an array"),
                Type::String => ("String", "a string"),
                _ => ("Number", "a number"),
            };
            let doc = format!("{}, if it is {article}", at(schema));
            let name = self.add(&join(scope, &format!("as {article}")), &doc, |module| {
                module.typed(schema, kind, scope, false, &TokenStream::new())
            });
            let variant = format_ident!("{variant}");
            arms.push(quote!(Some(Kind::#variant) => #name(reader)));
        }
        self.imports.insert("Kind");
        let null = schema.nullable.then(|| {
            quote!(if reader.null() {
                return Ok(());
            })
        });
        quote! {
            #before
            #null
            match reader.kind() {
                #(#arms,)*
                _ => reader.any(),
            }
        }
    }

    fn typed(
        &mut self,
        schema: &'d Schema,
        kind: Type,
        scope: &str,
        nullable: bool,
        before: &TokenStream,
    ) -> TokenStream {
        match kind {
            Type::String => self.string(schema, nullable, before),
            Type::Integer | Type::Number => self.number(schema, kind, nullable, before),
            Type::Boolean => {
                self.imports.insert("BooleanRules");
                let at = &schema.pointer;
                quote!(#before reader.boolean(&BooleanRules { at: #at, nullable: #nullable }))
            }
            Type::Array => self.array(schema, scope, nullable, before),
            Type::Object => self.object(schema, scope, nullable, before),
            Type::Null => quote!(#before reader.any()),
        }
    }
}

/// The place of a schema, as documentation of its function.
pub(super) fn at(schema: &Schema) -> String {
    format!("`#{}`", on_one_line(&schema.pointer))
}

/// The name of a part of a schema among the schemas of a file.
pub(super) fn join(scope: &str, part: &str) -> String {
    if scope.is_empty() { part.to_owned() } else { format!("{scope} {part}") }
}

/// The check of an `enum` where no string is expected, after the value was read.
fn enumeration(schema: &Schema) -> Option<TokenStream> {
    let values = schema.values.as_ref().filter(|_| schema.kind != Some(Type::String))?;
    let texts = values.iter().map(Node::json);
    let (at, nullable) = (&schema.pointer, schema.nullable);
    Some(quote!(reader.enumeration(start, #at, #nullable, &[#(#texts),*])?;))
}

/// The fields that all tables of rules begin with.
pub(super) fn rules(schema: &Schema, nullable: bool) -> Vec<TokenStream> {
    let at = &schema.pointer;
    let mut fields = vec![quote!(at: #at)];
    if nullable {
        fields.push(quote!(nullable: true));
    }
    fields
}

/// Whether a schema accepts everything and has nothing to remark.
pub(super) fn is_anything(schema: &Schema) -> bool {
    schema.reference.is_none()
        && schema.kind.is_none()
        && schema.values.is_none()
        && !has_parts(schema)
        && applicable_types(schema).is_empty()
        && !has_marks(schema)
}

/// Whether a schema accepts every string, nothing else, and has nothing to remark.
pub(super) fn is_any_string(schema: &Schema) -> bool {
    schema.kind == Some(Type::String)
        && !schema.nullable
        && !has_parts(schema)
        && !has_marks(schema)
        && string::has_no_rules(schema)
}

pub(super) fn has_parts(schema: &Schema) -> bool {
    !schema.all_of.is_empty()
        || schema.any_of.is_some()
        || schema.one_of.is_some()
        || schema.not.is_some()
}

fn has_marks(schema: &Schema) -> bool {
    schema.deprecated
        || schema.read_only
        || schema.write_only
        || !schema.forbidden_properties.is_empty()
}

/// The schema inside of an `allOf` that is there only for what stands beside it.
fn only_wraps(schema: &Schema) -> Option<&Schema> {
    let [inner] = schema.all_of.as_slice() else { return None };
    let says_nothing = schema.kind.is_none()
        && !schema.nullable
        && schema.values.is_none()
        && schema.any_of.is_none()
        && schema.one_of.is_none()
        && schema.not.is_none()
        && applicable_types(schema).is_empty()
        && !has_marks(schema);
    says_nothing.then_some(inner)
}
