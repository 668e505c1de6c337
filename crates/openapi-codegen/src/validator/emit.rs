//! One schema as one function, with everything that it contains.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::{Emitter, identifier, on_one_line, pattern, unique};
use crate::model::{AdditionalProperties, Schema, Type};
use crate::rule::Rule;
use crate::source::Finding;
use crate::source::{Kind, Node, local_pointer};

/// A file that is being written.
pub(super) struct Module<'e, 'd> {
    pub(super) emitter: &'e mut Emitter<'d>,
    /// The path from this file to the modules of the schemas.
    schemas: TokenStream,
    /// The schema that the file is about, if it is about one.
    root: Option<&'d Schema>,
    taken: BTreeSet<String>,
    items: Vec<TokenStream>,
    /// What the file imports from the runtime.
    imports: BTreeSet<&'static str>,
}

/// The variables of generated functions, which a function of that name would be hidden by.
const LOCALS: [&str; 6] = ["before", "c", "member", "object", "seen", "start"];

impl<'e, 'd> Module<'e, 'd> {
    pub(super) fn new(emitter: &'e mut Emitter<'d>, schemas: TokenStream) -> Self {
        Self {
            emitter,
            schemas,
            root: None,
            taken: LOCALS.map(str::to_owned).into(),
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
            use openapi_validator::{#(#imports),*};
            #(#items)*
        }
    }

    fn name(&mut self, hint: &str) -> Ident {
        format_ident!("{}", unique(&identifier(&hint.to_snake_case()), &mut self.taken))
    }

    /// A constant's name.
    pub(super) fn constant(&mut self, hint: &str) -> Ident {
        format_ident!("{}", unique(&identifier(&hint.to_shouty_snake_case()), &mut self.taken))
    }

    /// The path of a function that checks a schema; an inline schema gets one in this file.
    pub(super) fn validator(&mut self, schema: &'d Schema, hint: &str) -> TokenStream {
        if let Some(target) = &schema.reference {
            if self.root.is_some_and(|root| root.pointer == *target) {
                return quote!(validate);
            }
            let Some(index) = self.emitter.view.index(target) else {
                return quote!(openapi_validator::any);
            };
            let module = format_ident!("{}", self.emitter.modules[index]);
            let schemas = &self.schemas;
            return quote!(#schemas::#module::validate);
        }
        if is_anything(schema) {
            return quote!(openapi_validator::any);
        }
        if let Some(inner) = only_wraps(schema) {
            return self.validator(inner, hint);
        }
        let name = self.name(hint);
        let place = self.items.len();
        let body = self.body(schema, hint);
        let doc = doc(schema);
        self.insert(place, &doc, &name, &body);
        quote!(#name)
    }

    /// Adds the function of the schema that a file is about.
    pub(super) fn root(&mut self, schema: &'d Schema) {
        self.taken.insert("validate".to_owned());
        self.root = Some(schema);
        let body = self.body(schema, "");
        self.imports.extend(["Cursor", "Flow"]);
        let doc = doc(schema);
        let item = quote! {
            #[doc = #doc]
            pub(crate) fn validate(c: &mut Cursor<'_>) -> Flow {
                #body
            }
        };
        self.items.insert(0, item);
    }

    /// Adds a function at a place among the others: what it calls stands below it.
    fn insert(&mut self, place: usize, doc: &str, name: &Ident, body: &TokenStream) {
        self.imports.extend(["Cursor", "Flow"]);
        let item = quote! {
            #[doc = #doc]
            fn #name(c: &mut Cursor<'_>) -> Flow {
                #body
            }
        };
        self.items.insert(place, item);
    }

    /// The statements of a function; `scope` names the schema among those of the file.
    fn body(&mut self, schema: &'d Schema, scope: &str) -> TokenStream {
        let at = &schema.pointer;
        let mut before = TokenStream::new();
        if schema.deprecated {
            before.extend(quote!(c.deprecated(#at)?;));
        }
        if schema.read_only {
            before.extend(quote!(c.read_only(#at)?;));
        }
        if schema.write_only {
            before.extend(quote!(c.write_only(#at)?;));
        }
        let forbidden =
            self.emitter.forbidden.iter().position(|known| known.pointer == schema.pointer);
        let values = enumeration(schema);
        let is_simple = values.is_none() && forbidden.is_none();
        if is_simple && !has_parts(schema) {
            return self.own(schema, scope, &before);
        }
        if schema.nullable {
            before.extend(quote!(if c.null() {
                return Ok(());
            }));
        }
        if is_simple
            && let Some((keyword, branches)) = only_chooses(schema)
            && !self.needs_own_pass(schema)
        {
            return self.choice(schema, keyword, branches, scope, &before);
        }
        let mut passes = Vec::new();
        if self.needs_own_pass(schema) || !has_parts(schema) {
            let name = self.name(&join(scope, "itself"));
            let place = self.items.len();
            let body = self.own(schema, scope, &TokenStream::new());
            let doc = format!("`#{}`, without what surrounds it", on_one_line(at));
            self.insert(place, &doc, &name, &body);
            passes.push(quote!(#name(c)?;));
        }
        passes.extend(self.parts(schema, scope));
        let needs_mark = passes.len() > 1 || values.is_some();
        let mark = needs_mark.then(|| quote!(let start = c.mark();));
        let passes = passes.iter().enumerate().map(|(index, pass)| {
            let rewind = (index > 0).then(|| quote!(c.rewind(start);));
            quote!(#rewind #pass)
        });
        let passes = quote!(#(#passes)*);
        let (enter, leave) = match forbidden {
            Some(index) => {
                let index = Literal::usize_unsuffixed(index);
                (quote!(let before = c.forbid(#index);), quote!(c.permit(before);))
            }
            None => (quote!(), quote!()),
        };
        quote! {
            #before
            #mark
            #enter
            #passes
            #values
            #leave
            Ok(())
        }
    }

    /// The schemas that a schema is made of, as statements that read the value once each.
    fn parts(&mut self, schema: &'d Schema, scope: &str) -> Vec<TokenStream> {
        let at = &schema.pointer;
        let mut parts = Vec::new();
        let choices = [("anyOf", &schema.any_of), ("oneOf", &schema.one_of)];
        let choices = choices
            .into_iter()
            .filter_map(|(keyword, branches)| Some((keyword, branches.as_ref()?)));
        let is_shared =
            self.needs_own_pass(schema) || schema.all_of.len() + choices.clone().count() > 1;
        for (index, part) in schema.all_of.iter().enumerate() {
            let validator = self.validator(part, &join(scope, &format!("all of {index}")));
            parts.push(if is_shared {
                quote!(c.part(#validator)?;)
            } else {
                quote!(#validator(c)?;)
            });
        }
        for (keyword, branches) in choices {
            let name = self.name(&join(scope, keyword));
            let place = self.items.len();
            let body = self.choice(schema, keyword, branches, scope, &TokenStream::new());
            let doc = format!("`#{}/{keyword}`", on_one_line(at));
            self.insert(place, &doc, &name, &body);
            parts.push(if is_shared { quote!(c.part(#name)?;) } else { quote!(#name(c)?;) });
        }
        if let Some(not) = &schema.not {
            let validator = self.validator(not, &join(scope, "not"));
            parts.push(quote!(c.not(#at, #validator)?;));
        }
        parts
    }

    /// The statements that choose between the branches of `anyOf` or `oneOf`.
    fn choice(
        &mut self,
        schema: &'d Schema,
        keyword: &str,
        branches: &'d [Schema],
        scope: &str,
        before: &TokenStream,
    ) -> TokenStream {
        let at = &schema.pointer;
        let exactly_one = keyword == "oneOf";
        let mut entries = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let types = types_tokens(&self.types(branch, &mut BTreeSet::new()));
            let validator = self.validator(branch, &join(scope, &format!("{keyword} {index}")));
            entries.push(quote!(Branch { types: #types, validator: #validator }));
        }
        let discriminator = match &schema.discriminator {
            None => quote!(None),
            Some(discriminator) => {
                self.imports.insert("Discriminator");
                let property_name = &discriminator.property_name;
                let mapping = mapping(discriminator, branches).into_iter().map(|(value, index)| {
                    let index = Literal::usize_unsuffixed(index);
                    quote!((#value, #index))
                });
                quote!(Some(Discriminator {
                    property_name: #property_name,
                    mapping: &[#(#mapping),*],
                }))
            }
        };
        self.imports.extend(["Branch", "ChoiceRules", "Types"]);
        quote! {
            const RULES: ChoiceRules = ChoiceRules {
                at: #at,
                keyword: #keyword,
                exactly_one: #exactly_one,
                discriminator: #discriminator,
            };
            const BRANCHES: &[Branch] = &[#(#entries),*];
            #before
            c.choice(&RULES, BRANCHES)
        }
    }

    /// Whether a schema says something itself, beside the schemas that it is made of.
    fn needs_own_pass(&self, schema: &Schema) -> bool {
        schema.kind.is_some()
            || !applicable_types(schema).is_empty()
            || schema.values.is_some()
            || (schema.all_of.len() > 1 && self.documented_elsewhere(schema).is_some())
    }

    /// The check of a schema without the schemas that it is made of, as the rest of a function.
    fn own(&mut self, schema: &'d Schema, scope: &str, before: &TokenStream) -> TokenStream {
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
        if schema.all_of.len() > 1 && self.documented_elsewhere(schema).is_some() {
            types.insert(Type::Object);
        }
        if types.is_empty() {
            return quote!(#before c.any());
        }
        let mut arms = Vec::new();
        for kind in types {
            let (variant, article) = match kind {
                Type::Object => ("Object", "an object"),
                Type::Array => ("Array", "an array"),
                Type::String => ("String", "a string"),
                _ => ("Number", "a number"),
            };
            let name = self.name(&join(scope, &format!("as {article}")));
            let place = self.items.len();
            let body = self.typed(schema, kind, scope, false, &TokenStream::new());
            let doc = format!("`#{}`, if it is {article}", on_one_line(&schema.pointer));
            self.insert(place, &doc, &name, &body);
            let variant = format_ident!("{variant}");
            arms.push(quote!(Some(Kind::#variant) => #name(c)));
        }
        self.imports.insert("Kind");
        let null = schema.nullable.then(|| {
            quote!(if c.null() {
                return Ok(());
            })
        });
        quote! {
            #before
            #null
            match c.kind() {
                #(#arms,)*
                _ => c.any(),
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
        let (rules, statements) = match kind {
            Type::String => self.string(schema, nullable),
            Type::Integer | Type::Number => self.number(schema, kind, nullable),
            Type::Boolean => {
                self.imports.insert("BooleanRules");
                let at = &schema.pointer;
                let rules = quote! {
                    const RULES: BooleanRules = BooleanRules { at: #at, nullable: #nullable };
                };
                (rules, quote!(c.boolean(&RULES)))
            }
            Type::Array => self.array(schema, scope, nullable),
            Type::Object => self.object(schema, scope, nullable),
            Type::Null => (quote!(), quote!(c.any())),
        };
        quote!(#rules #before #statements)
    }

    fn string(&mut self, schema: &'d Schema, nullable: bool) -> (TokenStream, TokenStream) {
        let mut fields = rules(schema, nullable);
        if let Some(length) = schema.min_length.filter(|length| *length > 0) {
            let length = Literal::u64_unsuffixed(length);
            fields.push(quote!(min_length: #length));
        }
        if let Some(length) = schema.max_length {
            let length = Literal::u64_unsuffixed(length);
            fields.push(quote!(max_length: #length));
        }
        let pattern = schema.pattern.as_ref().map(|(text, span)| match pattern::compile(text) {
            Ok(automaton) => {
                fields.push(quote!(pattern: Some(&PATTERN)));
                self.imports.extend(["Automaton", "Pattern"]);
                automaton_tokens(text, &automaton)
            }
            Err(problem) => {
                self.emitter.findings.push(Finding::new(
                    Rule::UnsupportedPattern,
                    &self.emitter.view.source,
                    *span,
                    format!("the pattern is not supported, so it is not checked: {problem}"),
                    "write a regular expression of literals, classes, groups, alternatives and \
                     quantifiers",
                ));
                quote!()
            }
        });
        if let Some(format) = schema.format.as_deref().and_then(string_format) {
            self.imports.insert("Format");
            fields.push(quote!(format: Some(Format::#format)));
        }
        if let Some(values) = &schema.values {
            let values: Vec<&str> = values.iter().filter_map(Node::as_str).collect();
            fields.push(quote!(values: &[#(#values),*]));
        }
        if is_literal(schema) {
            fields.push(quote!(literal: true));
        }
        for (field, values) in [("known", &schema.known_values), ("exempt", &schema.exempt_values)]
        {
            if !values.is_empty() {
                let field = format_ident!("{field}");
                fields.push(quote!(#field: &[#(#values),*]));
            }
        }
        self.imports.insert("StringRules");
        let rules = quote! {
            const RULES: StringRules = StringRules { #(#fields,)* ..StringRules::ANY };
            #pattern
        };
        (rules, quote!(c.string(&RULES)))
    }

    fn number(
        &mut self,
        schema: &Schema,
        kind: Type,
        nullable: bool,
    ) -> (TokenStream, TokenStream) {
        let mut fields = rules(schema, nullable);
        if kind == Type::Integer {
            fields.push(quote!(integer: true));
        }
        let bounds = [
            ("minimum", &schema.minimum, schema.exclusive_minimum),
            ("maximum", &schema.maximum, schema.exclusive_maximum),
        ];
        for (field, value, exclusive) in bounds {
            if let Some(value) = value {
                self.imports.insert("Bound");
                let field = format_ident!("{field}");
                fields.push(quote! {
                    #field: Some(Bound { value: #value, exclusive: #exclusive })
                });
            }
        }
        if let Some(divisor) = &schema.multiple_of {
            fields.push(quote!(multiple_of: Some(#divisor)));
        }
        let format = match schema.format.as_deref() {
            Some("int32") => Some(quote!(Int32)),
            Some("int64") => Some(quote!(Int64)),
            Some("float") => Some(quote!(Float)),
            Some("double") => Some(quote!(Double)),
            _ => None,
        };
        if let Some(format) = format {
            self.imports.insert("NumberFormat");
            fields.push(quote!(format: Some(NumberFormat::#format)));
        }
        self.imports.insert("NumberRules");
        let rules =
            quote!(const RULES: NumberRules = NumberRules { #(#fields,)* ..NumberRules::ANY };);
        (rules, quote!(c.number(&RULES)))
    }

    fn array(
        &mut self,
        schema: &'d Schema,
        scope: &str,
        nullable: bool,
    ) -> (TokenStream, TokenStream) {
        let item = if let Some(items) = &schema.items {
            self.validator(items, &join(scope, "item"))
        } else {
            quote!(openapi_validator::any)
        };
        let mut fields = rules(schema, nullable);
        for (field, size) in [("min_items", schema.min_items), ("max_items", schema.max_items)] {
            if let Some(size) = size.filter(|size| field == "max_items" || *size > 0) {
                let field = format_ident!("{field}");
                let size = Literal::u64_unsuffixed(size);
                fields.push(quote!(#field: #size));
            }
        }
        if schema.unique_items {
            fields.push(quote!(unique_items: true));
        }
        self.imports.insert("ArrayRules");
        let rules =
            quote!(const RULES: ArrayRules = ArrayRules { #(#fields,)* ..ArrayRules::ANY };);
        (rules, quote!(c.array(&RULES, #item)))
    }

    #[expect(
        clippy::too_many_lines,
        reason = "the parts of one function, in the order of that function"
    )]
    fn object(
        &mut self,
        schema: &'d Schema,
        scope: &str,
        nullable: bool,
    ) -> (TokenStream, TokenStream) {
        let properties = schema.properties.as_deref().unwrap_or_default();
        let names: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        let words = names.len().div_ceil(64);
        let mut fields = rules(schema, nullable);
        if !names.is_empty() {
            self.imports.insert("Properties");
            fields.push(quote!(properties: Properties::new(&[#(#names),*])));
        }
        let is_required = |name: &str| schema.required.iter().any(|required| required == name);
        let mut bits = |field: &str, has: &dyn Fn(&str, &Schema) -> bool| {
            let mut values = vec![0_u64; words];
            for (index, (name, property)) in properties.iter().enumerate() {
                if has(name, property) {
                    values[index / 64] |= 1 << (index % 64);
                }
            }
            if values.iter().any(|value| *value != 0) {
                let field = format_ident!("{field}");
                let width = names.len().min(64);
                let values = values.iter().map(|value| -> TokenStream {
                    let text = format!("0b{value:0width$b}");
                    text.parse().unwrap_or_default()
                });
                fields.push(quote!(#field: [#(#values),*]));
            }
        };
        bits("required", &|name, _| is_required(name));
        let emitter = &*self.emitter;
        bits("read_only", &|name, property| {
            is_required(name) && emitter.resolve(property).read_only
        });
        bits("write_only", &|name, property| {
            is_required(name) && emitter.resolve(property).write_only
        });
        let elsewhere: Vec<&String> =
            schema.required.iter().filter(|name| !names.contains(&name.as_str())).collect();
        if elsewhere.len() > 64 {
            self.emitter.findings.push(Finding::new(
                Rule::UnsupportedKeyword,
                &self.emitter.view.source,
                schema.span,
                "`required` lists more than 64 names that `properties` does not list",
                "list them in `properties`",
            ));
        }
        if !elsewhere.is_empty() {
            fields.push(quote!(required_elsewhere: &[#(#elsewhere),*]));
        }
        let sizes = [
            ("min_properties", schema.min_properties.filter(|size| *size > 0)),
            ("max_properties", schema.max_properties),
        ];
        for (field, size) in sizes {
            if let Some(size) = size {
                let field = format_ident!("{field}");
                let size = Literal::u64_unsuffixed(size);
                fields.push(quote!(#field: #size));
            }
        }
        match &schema.additional_properties {
            Some(AdditionalProperties::Boolean(false)) => {
                self.imports.insert("Additional");
                fields.push(quote!(additional: Additional::Forbidden));
            }
            Some(_) => {}
            None => {
                if let Some(documented) = self.documented_elsewhere(schema) {
                    self.imports.insert("Additional");
                    fields.push(quote!(additional: Additional::Undocumented));
                    if !documented.is_empty() {
                        let documented: Vec<_> = documented.into_iter().collect();
                        fields.push(quote!(documented_elsewhere: &[#(#documented),*]));
                    }
                }
            }
        }
        let mut expected = Vec::new();
        let mut arms = Vec::new();
        for (index, (property, schema)) in properties.iter().enumerate() {
            let validator = self.validator(schema, &join(scope, property));
            let index = Literal::usize_unsuffixed(index);
            let check = self
                .emitter
                .forbidden_names
                .contains(property.as_str())
                .then(|| quote!(c.documented(#property)?;));
            // A name that JSON writes with an escape is left to the general path.
            if !property.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
                let before = if expected.is_empty() && arms.is_empty() { '{' } else { ',' };
                let key = Literal::byte_string(format!("{before}\"{property}\":").as_bytes());
                expected.push(quote! {
                    if c.expect(&mut seen, #index, #key) { #check #validator(c)?; }
                });
            }
            arms.push(if check.is_some() {
                quote!(#index => { #check #validator(c) })
            } else {
                quote!(#index => #validator(c))
            });
        }
        let rest =
            if let Some(AdditionalProperties::Schema(additional)) = &schema.additional_properties {
                let validator = self.validator(additional, &join(scope, "additional"));
                quote!(#validator(c))
            } else {
                quote!(c.undocumented(&RULES))
            };
        self.imports.insert("ObjectRules");
        let words = Literal::usize_unsuffixed(words);
        let members = if arms.is_empty() {
            quote! {
                while c.member(&mut object, &mut seen, &RULES)?.is_some() {
                    #rest?;
                }
                c.close(&object, seen, &RULES)
            }
        } else {
            quote! {
                loop {
                    #(#expected)*
                    loop {
                        let Some(member) = c.member(&mut object, &mut seen, &RULES)? else {
                            return c.close(&object, seen, &RULES);
                        };
                        match member {
                            #(#arms,)*
                            _ => #rest,
                        }?;
                        if c.expects(&object) {
                            break;
                        }
                    }
                }
            }
        };
        let rules = quote! {
            const RULES: ObjectRules<#words> = ObjectRules { #(#fields,)* ..ObjectRules::ANY };
        };
        let statements = quote! {
                   if !c.object(&RULES)? {
        return Ok(()); }
        let (mut object, mut seen) = c.members();
                   #members
               };
        (rules, statements)
    }

    /// The names that the parts of a schema document, if undocumented members are drift at all:
    /// somebody lists properties, and nobody speaks about others.
    fn documented_elsewhere(&self, schema: &Schema) -> Option<BTreeSet<String>> {
        let mut documented = Documented::default();
        self.collect_documented(schema, &mut documented, &mut BTreeSet::new());
        let own: BTreeSet<&String> =
            schema.properties.iter().flatten().map(|(name, _)| name).collect();
        if documented.is_open || (documented.names.is_empty() && own.is_empty()) {
            return None;
        }
        Some(documented.names.into_iter().filter(|name| !own.contains(name)).collect())
    }

    fn collect_documented(
        &self,
        schema: &Schema,
        documented: &mut Documented,
        seen: &mut BTreeSet<String>,
    ) {
        let schema = self.emitter.resolve(schema);
        if !seen.insert(schema.pointer.clone()) {
            return;
        }
        documented.is_open |= schema.additional_properties.is_some();
        documented.names.extend(schema.properties.iter().flatten().map(|(name, _)| name.clone()));
        let parts = schema
            .all_of
            .iter()
            .chain(schema.any_of.iter().flatten())
            .chain(schema.one_of.iter().flatten());
        for part in parts {
            self.collect_documented(part, documented, seen);
        }
    }

    /// The JSON types that a schema may accept.
    fn types(&self, schema: &Schema, seen: &mut BTreeSet<String>) -> BTreeSet<Type> {
        let schema = self.emitter.resolve(schema);
        if !seen.insert(schema.pointer.clone()) {
            return all_types();
        }
        let mut types = match (schema.kind, &schema.values) {
            (Some(kind), _) => BTreeSet::from([kind]),
            (None, Some(values)) => values.iter().map(type_of).collect(),
            (None, None) => all_types(),
        };
        for part in &schema.all_of {
            types = intersect(&types, &self.types(part, seen));
        }
        for branches in [&schema.any_of, &schema.one_of].into_iter().flatten() {
            let union: BTreeSet<Type> =
                branches.iter().flat_map(|branch| self.types(branch, seen)).collect();
            types = intersect(&types, &union);
        }
        if schema.nullable {
            types.insert(Type::Null);
        }
        seen.remove(&schema.pointer);
        types
    }
}

#[derive(Default)]
struct Documented {
    names: BTreeSet<String>,
    /// Whether somebody speaks about additional properties.
    is_open: bool,
}

/// The place of a schema, and in words what its table of rules says in bits.
fn doc(schema: &Schema) -> String {
    let place = format!("`#{}`", on_one_line(&schema.pointer));
    match schema.required.as_slice() {
        [] => place,
        names => format!("{place}\n\nRequired: `{}`.", on_one_line(&names.join("`, `"))),
    }
}

/// The name of a part of a schema among the schemas of a file.
fn join(scope: &str, part: &str) -> String {
    if scope.is_empty() { part.to_owned() } else { format!("{scope} {part}") }
}

/// The check of an `enum` where no string is expected, after the value was read.
fn enumeration(schema: &Schema) -> Option<TokenStream> {
    let values = schema.values.as_ref().filter(|_| schema.kind != Some(Type::String))?;
    let texts = values.iter().map(Node::json);
    let (at, nullable) = (&schema.pointer, schema.nullable);
    Some(quote!(c.enumeration(start, #at, #nullable, &[#(#texts),*])?;))
}

/// Whether a string can be compared with its values as they stand in the document.
fn is_literal(schema: &Schema) -> bool {
    /// Beyond, it takes less to read the string first.
    const FEW: usize = 12;
    let values: Vec<&str> = match (&schema.values, schema.known_values.as_slice()) {
        (Some(values), []) => values.iter().filter_map(Node::as_str).collect(),
        (None, known) => known.iter().map(String::as_str).collect(),
        (Some(_), _) => return false,
    };
    let has_other_rules = schema.min_length.is_some()
        || schema.max_length.is_some()
        || schema.pattern.is_some()
        || schema.format.is_some();
    let is_plain =
        |value: &&str| !value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
    (1..=FEW).contains(&values.len()) && values.iter().all(is_plain) && !has_other_rules
}

/// The `anyOf` or `oneOf` of a schema that is made of nothing else.
fn only_chooses(schema: &Schema) -> Option<(&'static str, &[Schema])> {
    if !schema.all_of.is_empty() || schema.not.is_some() {
        return None;
    }
    match (&schema.any_of, &schema.one_of) {
        (Some(branches), None) => Some(("anyOf", branches)),
        (None, Some(branches)) => Some(("oneOf", branches)),
        _ => None,
    }
}

/// The fields that all tables of rules begin with.
fn rules(schema: &Schema, nullable: bool) -> Vec<TokenStream> {
    let at = &schema.pointer;
    let mut fields = vec![quote!(at: #at)];
    if nullable {
        fields.push(quote!(nullable: true));
    }
    fields
}

/// The types that some keyword of a schema without `type` speaks about.
fn applicable_types(schema: &Schema) -> BTreeSet<Type> {
    let object = schema.properties.is_some()
        || !schema.required.is_empty()
        || schema.additional_properties.is_some()
        || schema.min_properties.is_some()
        || schema.max_properties.is_some();
    let array = schema.items.is_some()
        || schema.min_items.is_some()
        || schema.max_items.is_some()
        || schema.unique_items;
    let number_format =
        matches!(schema.format.as_deref(), Some("int32" | "int64" | "float" | "double"));
    let number = schema.minimum.is_some()
        || schema.maximum.is_some()
        || schema.multiple_of.is_some()
        || number_format;
    let string = schema.min_length.is_some()
        || schema.max_length.is_some()
        || schema.pattern.is_some()
        || !schema.known_values.is_empty()
        || schema.format.as_deref().and_then(string_format).is_some();
    let table = [
        (object, Type::Object),
        (array, Type::Array),
        (number, Type::Number),
        (string, Type::String),
    ];
    table.into_iter().filter(|(applies, _)| *applies).map(|(_, kind)| kind).collect()
}

/// Whether a schema accepts everything and has nothing to remark.
fn is_anything(schema: &Schema) -> bool {
    schema.kind.is_none()
        && schema.values.is_none()
        && !has_parts(schema)
        && applicable_types(schema).is_empty()
        && !has_marks(schema)
}

fn has_parts(schema: &Schema) -> bool {
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

fn all_types() -> BTreeSet<Type> {
    use Type::{Array, Boolean, Null, Number, Object, String};
    BTreeSet::from([Null, Boolean, Number, String, Array, Object])
}

fn intersect(a: &BTreeSet<Type>, b: &BTreeSet<Type>) -> BTreeSet<Type> {
    let mut both: BTreeSet<Type> = a.intersection(b).copied().collect();
    let has = |set: &BTreeSet<Type>, kind| set.contains(&kind);
    if (has(a, Type::Integer) && has(b, Type::Number))
        || (has(b, Type::Integer) && has(a, Type::Number))
    {
        both.insert(Type::Integer);
    }
    both
}

fn type_of(node: &Node) -> Type {
    match node.kind {
        Kind::Null => Type::Null,
        Kind::Bool(_) => Type::Boolean,
        Kind::Number(_) => Type::Number,
        Kind::String(_) => Type::String,
        Kind::Array(_) => Type::Array,
        Kind::Object(_) => Type::Object,
    }
}

fn types_tokens(types: &BTreeSet<Type>) -> TokenStream {
    if *types == all_types() {
        return quote!(Types::ALL);
    }
    let mut names = types.iter().map(|kind| match kind {
        Type::Null => quote!(Types::NULL),
        Type::Boolean => quote!(Types::BOOLEAN),
        Type::Integer => quote!(Types::INTEGER),
        Type::Number => quote!(Types::NUMBER),
        Type::String => quote!(Types::STRING),
        Type::Array => quote!(Types::ARRAY),
        Type::Object => quote!(Types::OBJECT),
    });
    let first = names.next().unwrap_or_else(|| quote!(Types::NONE));
    names.fold(first, |all, next| quote!(#all.or(#next)))
}

/// The values of a discriminator, each with the index of its branch.
fn mapping(
    discriminator: &crate::model::Discriminator,
    branches: &[Schema],
) -> Vec<(String, usize)> {
    let mut mapping = Vec::new();
    for (value, target) in &discriminator.mapping {
        let pointer =
            local_pointer(target).unwrap_or_else(|| format!("/components/schemas/{target}"));
        let index =
            branches.iter().position(|branch| branch.reference.as_deref() == Some(&pointer));
        mapping.extend(index.map(|index| (value.clone(), index)));
    }
    for (index, branch) in branches.iter().enumerate() {
        let name = branch.reference.as_deref().and_then(|pointer| pointer.rsplit('/').next());
        if let Some(name) = name
            && !mapping.iter().any(|(value, _)| value == name)
        {
            mapping.push((name.to_owned(), index));
        }
    }
    mapping
}

/// The formats that the runtime checks; every other one is an annotation.
fn string_format(format: &str) -> Option<Ident> {
    let name = match format {
        "date-time" => "DateTime",
        "date" => "Date",
        "email" => "Email",
        "uri" => "Uri",
        "uuid" => "Uuid",
        "hostname" => "Hostname",
        "ipv4" => "Ipv4",
        "ipv6" => "Ipv6",
        "byte" => "Byte",
        "decimal" => "Decimal",
        _ => return None,
    };
    Some(format_ident!("{name}"))
}

/// The expression for the texts in ASCII that a simple pattern matches.
fn ascii_form_tokens(form: &pattern::AsciiForm) -> TokenStream {
    let class = |ranges: &[(u8, u8)]| {
        let ranges = ranges.iter().map(|(first, last)| {
            let (low, high) = (Literal::byte_character(*first), Literal::byte_character(*last));
            if first == last { quote!(#low) } else { quote!(#low..=#high) }
        });
        quote!(#(#ranges)|*)
    };
    let fixed = form.fixed.iter().map(|ranges| class(ranges));
    let (others, verdict) = match form.rest.as_deref() {
        None => (None, quote!(true)),
        Some(ranges) => {
            let is_one = match ranges {
                [(b'0', b'9')] => quote!(u8::is_ascii_digit),
                [(b'A', b'Z')] => quote!(u8::is_ascii_uppercase),
                [(b'a', b'z')] => quote!(u8::is_ascii_lowercase),
                [(b'A', b'Z'), (b'a', b'z')] => quote!(u8::is_ascii_alphabetic),
                [(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')] => quote!(u8::is_ascii_alphanumeric),
                _ => {
                    let class = class(ranges);
                    quote!(|byte| matches!(byte, #class))
                }
            };
            (Some(quote!(others @ ..)), quote!(others.iter().all(#is_one)))
        }
    };
    if form.fixed.is_empty() && form.rest.is_some() {
        return quote!(.in_ascii(|others| #verdict));
    }
    let characters = fixed.chain(others);
    quote! {
        .in_ascii(|text| {
            let [#(#characters),*] = text else { return false };
            #verdict
        })
    }
}

fn automaton_tokens(source: &str, automaton: &pattern::Automaton) -> TokenStream {
    let number = |number: u16| Literal::u16_unsuffixed(number);
    let ranges = automaton.ranges.iter().map(|(first, class)| {
        let class = Literal::u8_unsuffixed(*class);
        // As a number where it is not ASCII: nobody can tell such characters apart.
        let escaped = format!("'{}'", first.escape_default()).parse();
        let first = escaped.unwrap_or_else(|_| Literal::character(*first));
        quote!((#first, #class))
    });
    let rows = automaton.next.iter().map(|row| {
        let row = row.iter().copied().map(number);
        quote!(&[#(#row),*])
    });
    let start = number(automaton.start);
    let accepting = automaton.accepting.iter().copied().map(number);
    let ascii_form = automaton.ascii_form.as_ref().map(ascii_form_tokens);
    quote! {
        const PATTERN: Pattern = Pattern::new(Automaton {
            source: #source,
            ranges: &[#(#ranges),*],
            next: &[#(#rows),*],
            start: #start,
            accepting: &[#(#accepting),*],
        })#ascii_form;
    }
}
