use openapi_client::Html;
use proptest::prelude::*;

fn html(markup: &str) -> Html {
    Html::from(markup.to_owned())
}

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
    ] {
        assert_eq!(html(markup).sanitize(), safe, "{markup}");
    }
}

#[test]
fn markup_that_is_nested_too_deep_brings_nobody_down() {
    let markup = "<div><a href=https://e.com>".repeat(2_000);
    assert!(html(&markup).to_plain_text().len() < markup.len() * 2);
}

proptest! {
    #[test]
    fn plain_text_holds_no_control_characters(markup in "(<[a-z/]{0,6}>?|&[a-z#0-9]{0,5};?|.){0,40}") {
        let text = html(&markup).to_plain_text();
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text);
    }
}
