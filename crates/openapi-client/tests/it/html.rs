use openapi_client::Html;
use proptest::prelude::*;

fn html(markup: &str) -> Html {
    Html::from(markup.to_owned())
}

/// Pieces of markup, in any order.
const FRAGMENTS: &str = r#"(<(p|b|li|ul|ol|table|tr|td|script|style|svg|title|textarea|form|img|a)( (onerror|style|src|href|alt)=("(x|javascript:x|https://e\.com)"|'|"|x))?/?>|</(p|b|li|ul|ol|table|tr|td|script|style|svg|title|textarea|form|a)>|&(lt|gt|amp|quot);?|<!--|-->|[a"'<>=/ ]){0,20}"#;

#[test]
fn plain_text_has_the_words_and_nothing_else() {
    for (markup, text) in [
        ("", ""),
        ("Enter the code.", "Enter the code."),
        ("<p>Enter the code</p><p>at the till.</p>", "Enter the code\nat the till."),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("  a \n\t b&nbsp;c ", "a b c"),
        ("5 &lt; 6 &amp;&amp; &eacute;t&#233; &#x2713;", "5 < 6 && été ✓"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("<b>PIN</b><i>1234</i>", "PIN1234"),
        ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\nafter"),
        ("<ol><li>one<li>two</ol><ul><li>x</ul>", "1. one\n2. two\n- x"),
        (
            "<ol start=5><li>a<ul><li>b</ul><li>c<li value=9>d<li>e</ol>",
            "5. a\n- b\n6. c\n9. d\n10. e",
        ),
        ("<ol start=x><li>a</ol><li>b", "1. a\n- b"),
        ("a<template>no<template>no</template>no</template>b<noscript>no</noscript>c", "abc"),
        ("a<svg/>b<svg><title>no</title><text>no</text></svg>c", "abc"),
        ("x<script>'</scr'+'ipt>'<b></script>y", "xy"),
        ("<textarea><b>1</b></textarea>", "<b>1</b>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<h1>Title</h1>Text", "Title\nText"),
        ("x<script>alert('no')</script><style>p{color:red}</style>y", "xy"),
        ("x<!-- no -->y<title>no</title>", "xy"),
        (
            "Go to <a href=\"https://example.com/r?a=1&amp;b=2\">the shop</a>.",
            "Go to the shop (https://example.com/r?a=1&b=2).",
        ),
        ("<a href=\"https://example.com\">https://example.com</a>", "https://example.com"),
        ("<a href=\"mailto:help@example.com\">help@example.com</a>", "help@example.com"),
        ("<a href=\"javascript:alert(1)\">click</a>", "click"),
        ("<a href=\"/account\">here</a>", "here"),
        ("<img src=\"https://example.com/b.png\" alt=\"barcode\">", "barcode"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("a\u{1b}[31mb\u{0}c", "a[31mbc"),
        ("1 < 2 and <unknown>so on</unknown>", "1 < 2 and so on"),
    ] {
        assert_eq!(html(markup).to_plain_text(), text, "{markup}");
    }
}

#[test]
fn sanitised_markup_cannot_run_or_mislead() {
    for (markup, safe) in [
        ("<p>Enter <b>it</b></p>", "<p>Enter <b>it</b></p>"),
        ("<script>alert(1)</script>ok", "ok"),
        ("<img src=x onerror=alert(1)>", "<img>"),
        ("<p onclick=\"x()\" style=\"position:fixed\">a</p>", "<p>a</p>"),
        ("<form action=\"https://e.com\"><input name=pin></form>a", "a"),
        ("<iframe src=\"https://e.com\"></iframe>a", "a"),
        ("<a href=\"javascript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        ("<a href=\"/account\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        (
            "<a href=\"https://e.com\">a</a>",
            "<a href=\"https://e.com\" rel=\"noopener noreferrer\">a</a>",
        ),
        ("<svg><script>alert(1)</script></svg>", ""),
        // Each element that is opened is closed, and no other one.
        ("<p>a<p>b</b></div>c", "<p>a</p><p>bc</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b>b"),
        (
            "<table><tr><td>a<td>b<tr><th>c</table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>",
        ),
        // Whatever a browser might take for the end of a text or an attribute is escaped.
        ("a &lt;img src=x onerror=alert(1)&gt; b", "a &lt;img src=x onerror=alert(1)&gt; b"),
        (
            "<b title='\"><script>x</script>'>a</b>",
            "<b title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\">a</b>",
        ),
        ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", ""),
        ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<img>&quot;&gt;"),
        ("<textarea><img src=x onerror=alert(1)></textarea>", "&lt;img src=x onerror=alert(1)&gt;"),
        (
            "<img src=https://e.com/a.png alt=code>",
            "<img alt=\"code\" src=\"https://e.com/a.png\">",
        ),
        ("<a href=\" java\nscript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        ("<a href=data:text/html,x>a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        ("<a href=//e.com>a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
    ] {
        assert_eq!(html(markup).sanitize(), safe, "{markup}");
    }
}

#[test]
fn markup_that_is_nested_too_deep_brings_nobody_down() {
    for part in ["<div><a href=https://e.com>", "<b>", "<b></i>", "<svg>", "<template><p>"] {
        // The time that it takes grows with the length and not with its square.
        let markup = part.repeat(20_000);
        assert!(html(&markup).to_plain_text().len() < markup.len() * 2);
        assert!(html(&markup).sanitize().len() < markup.len() * 4);
    }
}

proptest! {
    /// A browser meets no element, no attribute and no link that is not on the lists.
    #[test]
    fn sanitised_markup_stays_as_it_is(markup in FRAGMENTS) {
        let safe = html(&markup).sanitize();
        prop_assert_eq!(&html(&safe).sanitize(), &safe);
        // In text and in attributes, no bracket is left: what begins with one is a tag.
        for tag in safe.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            for never in ["script", "style", "svg", "form", "onerror", "\"javascript:", "!--"] {
                prop_assert!(!tag.contains(never), "{}", safe);
            }
        }
    }

    #[test]
    fn plain_text_holds_no_control_characters(markup in "(<[a-z/]{0,6}>?|&[a-z#0-9]{0,5};?|.){0,40}") {
        let text = html(&markup).to_plain_text();
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text);
    }
}
