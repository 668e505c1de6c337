//! The schemas: one file for each that has parts, one for all scalars, and the list of them all.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Emitter;
use super::module::{Module, has_parts, is_anything};
use crate::model::{Model, Schema, Type};
use crate::naming::{Scope, on_one_line};

/// Where the function of a schema stands.
#[derive(Clone, Debug)]
pub(super) enum Function {
    /// In a file of its own, where it is called `validate`.
    Own(Ident),
    /// In the file of the scalars.
    Scalar(Ident),
    /// Nowhere: the schema is a reference to another one.
    Alias(String),
}

/// The module that has all scalars.
const SCALARS: &str = "scalars";

/// Finds a name for the function of each schema.
pub(super) fn functions(view: &Model) -> Vec<Function> {
    let mut modules = Scope::with(&["mod", SCALARS]);
    let mut scalars = super::module::reserved();
    let function = |(name, schema): &(String, Schema)| {
        if let Some(target) = &schema.reference {
            Function::Alias(target.clone())
        } else if is_scalar(schema) {
            Function::Scalar(scalars.module_name(name))
        } else {
            Function::Own(modules.module_name(name))
        }
    };
    view.schemas.iter().map(function).collect()
}

impl Function {
    /// The path from the module of the schemas.
    pub(super) fn path(&self) -> TokenStream {
        match self {
            Self::Own(module) => quote!(#module::validate),
            Self::Scalar(name) => {
                let scalars = format_ident!("{SCALARS}");
                quote!(#scalars::#name)
            }
            Self::Alias(_) => quote!(::openapi_validator::any),
        }
    }
}

fn is_scalar(schema: &Schema) -> bool {
    let has_scalar_type =
        matches!(schema.kind, Some(Type::String | Type::Integer | Type::Number | Type::Boolean));
    (has_scalar_type && !has_parts(schema)) || is_anything(schema)
}

impl<'d> Emitter<'d> {
    /// The function of the schema at a place.
    pub(super) fn function(&self, pointer: &str) -> Option<&Function> {
        match &self.functions[self.view.index(pointer)?] {
            // References to references are followed by the model: there are no circles here.
            Function::Alias(target) => self.function(target),
            function => Some(function),
        }
    }

    /// The files of `schemas/`.
    pub(super) fn schema_files(&mut self) -> Vec<(String, TokenStream)> {
        let view: &'d Model = self.view;
        let mut files = Vec::new();
        let mut modules = Vec::new();
        let functions = self.functions.clone();
        let mut scalars = Vec::new();
        for ((name, schema), function) in view.schemas.iter().zip(&functions) {
            match function {
                Function::Own(ident) => {
                    let mut module = Module::new(self, quote!(super), Some(ident.clone()));
                    module.root(schema, &format_ident!("validate"));
                    let items = module.finish();
                    let doc = format!("`{}`", on_one_line(name));
                    files.push((format!("schemas/{ident}.rs"), quote!(#![doc = #doc] #items)));
                    modules.push(ident.clone());
                }
                Function::Scalar(ident) => scalars.push((schema, ident)),
                Function::Alias(_) => {}
            }
        }
        if !scalars.is_empty() {
            let mut module = Module::new(self, quote!(super), None);
            for (schema, ident) in scalars {
                module.root(schema, ident);
            }
            let items = module.finish();
            let tokens = quote! {
                //! The schemas that are strings, numbers, booleans, or anything.

                #items
            };
            files.push((format!("schemas/{SCALARS}.rs"), tokens));
            modules.push(format_ident!("{SCALARS}"));
        }
        modules.sort();
        files.push(("schemas/mod.rs".to_owned(), self.schemas_file(&modules)));
        files
    }

    fn schemas_file(&self, modules: &[Ident]) -> TokenStream {
        let mut taken = Scope::default();
        let mut variants = Vec::new();
        let mut docs = Vec::new();
        let mut names = Vec::new();
        let mut paths = Vec::new();
        for (name, schema) in &self.view.schemas {
            variants.push(taken.type_name(name));
            docs.push(format!("`#{}`", on_one_line(&schema.pointer)));
            names.push(quote!(#name));
            let path = self.function(&schema.pointer).map(Function::path);
            paths.push(path.unwrap_or_else(|| quote!(::openapi_validator::any)));
        }
        let choose = |values: &[TokenStream]| {
            if variants.is_empty() {
                quote!(match self {})
            } else {
                quote!(match self { #(Self::#variants => #values),* })
            }
        };
        let (name, validator) = (choose(&names), choose(&paths));
        quote! {
            //! The schemas of the document.

            #(pub(crate) mod #modules;)*

            use ::openapi_validator::Validator;

            /// The schemas of the document.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum Schema {
                #(#[doc = #docs] #variants),*
            }

            impl Schema {
                /// All schemas, in the order of the document.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The name under `components/schemas`.
                pub const fn name(self) -> &'static str {
                    #name
                }

                /// The schema of this name.
                pub fn from_name(name: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|schema| schema.name() == name)
                }

                /// The function that reads a value and checks it against the schema.
                pub const fn validator(self) -> Validator {
                    #validator
                }
            }
        }
    }
}
