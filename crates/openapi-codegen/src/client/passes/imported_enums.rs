//! Refers to open enums by the name under which they are imported.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::Path;
use syn::visit_mut::{self, VisitMut};

use super::super::code::Code;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    for file in code.files() {
        let mut enums = ImportedEnums(BTreeSet::new());
        file.items.iter_mut().for_each(|item| enums.visit_item_mut(item));
        file.enums = enums.0;
    }
}

struct ImportedEnums(BTreeSet<Ident>);

impl VisitMut for ImportedEnums {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(ident) = enum_ident(path) {
            self.0.insert(ident.clone());
            *path = Path::from(ident.clone());
        }
    }
}

fn enum_ident(path: &Path) -> Option<&Ident> {
    let mut segments = path.segments.iter();
    match (segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some(parent), Some(module), Some(name), None)
            if parent.ident == "super" && module.ident == "enums" =>
        {
            Some(&name.ident)
        }
        _ => None,
    }
}
