//! What may stay of a fragment of HTML.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

static RULES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut rules = Builder::default();
    rules.url_relative(UrlRelative::Deny);
    // The words of a title and of a template are not shown either.
    rules.add_clean_content_tags(["template", "title"]);
    rules
});

pub(super) fn sanitize(markup: &str) -> String {
    RULES.clean(markup).to_string()
}
