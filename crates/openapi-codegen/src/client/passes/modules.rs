//! Puts each of typify's modules (errors of conversions, defaults) where it is used.

use quote::ToTokens;
use syn::Item;

use super::super::code::Code;
use super::super::syntax::identifiers;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    let modules = std::mem::take(&mut code.modules);
    for file in code.files() {
        let used = modules.iter().filter(|module| mentions(&file.items, module)).cloned();
        let used: Vec<Item> = used.collect();
        file.items.extend(used);
    }
}

fn mentions(items: &[Item], module: &Item) -> bool {
    let Item::Mod(module) = module else { return true };
    let name = module.ident.to_string();
    items.iter().any(|item| {
        let code = item.to_token_stream();
        // typify names functions of its modules in attributes, too.
        identifiers(code.clone()).contains(&name) || code.to_string().contains(&format!("{name}::"))
    })
}
