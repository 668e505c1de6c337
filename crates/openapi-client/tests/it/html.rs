use openapi_client::Html;
use proptest::prelude::*;

fn html(markup: &str) -> Html {
    Html::from(markup.to_owned())
}

/// Pieces of markup, in any order.
const FRAGMENTS: &str = r#"(<(p|b|li|ul|ol|table|tr|td|script|style|svg|math|title|textarea|form|img|a|noscript|template|noembed|iframe|xmp|plaintext|select|object|pre|q)( (onerror|style|src|href|alt|title|cite)=("(x|javascript:x|https://e\.com|//e|mailto:x)"|'|"|x|`|&quot;))?/?>|</(p|b|li|ul|ol|table|tr|td|script|style|svg|math|title|textarea|form|a|noscript|template|noembed|iframe|xmp|select|object|pre|q)>|&(lt|gt|amp|quot|#60|#x3e|#0|Tab|colon|nbsp)?;?|<!--|-->|--!>|<!|<\?|\]\]>|\x00|\x1b|\r\n|[a"'`<>=/ !é]){0,20}"#;

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
        ("<img src=x onerror=alert(1)>", "<img referrerpolicy=\"no-referrer\">"),
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
        (
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<img referrerpolicy=\"no-referrer\">&quot;&gt;",
        ),
        ("<textarea><img src=x onerror=alert(1)></textarea>", "&lt;img src=x onerror=alert(1)&gt;"),
        (
            "<img src=https://e.com/a.png alt=code>",
            "<img alt=\"code\" src=\"https://e.com/a.png\" referrerpolicy=\"no-referrer\">",
        ),
        ("<a href=\" java\nscript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        ("<a href=data:text/html,x>a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
        ("<a href=//e.com>a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
    ] {
        assert_eq!(html(markup).sanitize(), safe, "{markup}");
    }
}

#[test]
fn a_link_leads_out_or_nowhere() {
    let link = |attribute: &str| html(&format!("<a href={attribute}>x</a>")).sanitize();
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;&#x61;vascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "\"java\nscript:alert(1)\"",
        "\" \u{1} javascript:alert(1)\"",
        "\"java\u{0}script:alert(1)\"",
        "'\u{a0}javascript:alert(1)'",
        "\"\u{2028}javascript:alert(1)\"",
        "javascript&#58;alert(1)",
        "&amp;#106;avascript:alert(1)",
        "vbscript:msgbox(1)",
        "'data:text/html,<script>alert(1)</script>'",
        "\"data:text/html;base64,PHNjcmlwdD4=\"",
        "blob:https://e.com/1",
        "file:///etc/passwd",
        "view-source:https://e.com",
        "filesystem:https://e.com/1",
        "intent://scan/#Intent;end",
        "//e.com",
        "/\\e.com",
        "\\\\e.com",
        "https:e.com",
        "https:/e.com",
        "https:\\\\e.com",
        "ht&Tab;tps://e.com",
        "\" https://e.com\"",
        "https://",
        "https://shop.example@e.com",
        "https://user:password@e.com",
        "https://e.com:99999",
        "account",
        "#top",
        "?a",
        "''",
        "mailto",
    ] {
        assert_eq!(link(bad), "<a rel=\"noopener noreferrer\">x</a>", "{bad}");
        let text = html(&format!("<a href={bad}>x</a>")).to_plain_text();
        assert_eq!(text, "x", "{bad}");
    }
    for (good, written) in [
        ("https://e.com/?a=1&b=2#c", "https://e.com/?a=1&amp;b=2#c"),
        ("HTTPS://E.com", "HTTPS://E.com"),
        ("'https://e.com/\"><script>'", "https://e.com/&quot;&gt;&lt;script&gt;"),
        ("mailto:help@e.com", "mailto:help@e.com"),
        ("tel:+15550100", "tel:+15550100"),
        ("sms:+15550100", "sms:+15550100"),
    ] {
        let expected = format!("<a href=\"{written}\" rel=\"noopener noreferrer\">x</a>");
        assert_eq!(link(good), expected);
    }
    for bad in ["data:image/svg+xml,<svg onload=alert(1)>", "mailto:a@e.com", "x", "//e.com/a"] {
        for markup in [format!("<img src='{bad}'>"), format!("<q cite='{bad}'></q>")] {
            let safe = html(&markup).sanitize();
            assert!(!safe.contains("src=") && !safe.contains("cite="), "{markup}: {safe}");
        }
    }
}

#[test]
fn markup_that_browsers_read_in_another_way_than_it_looks_loses_what_could_run() {
    for (markup, safe) in [
        // What a parser takes for text, and a browser for markup, or the other way round.
        ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "a"),
        ("<svg></p><style><a title=\"</style><img src=x onerror=alert(1)>\">", ""),
        (
            "<math><mtext><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "",
        ),
        ("<svg><title><b>x</b></title><desc><a href=https://e.com>y</a></desc></svg>z", "z"),
        (
            "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
            "<img referrerpolicy=\"no-referrer\">",
        ),
        ("<noembed><p></noembed>a", "a"),
        ("<noframes><p></noframes>a", "a"),
        ("<xmp><p title=\"</xmp><b>x</b>\">", "&lt;p title=&quot;<b>x</b>&quot;&gt;"),
        ("<textarea></textarea><b>x</b>", "<b>x</b>"),
        ("<title></title><b>x</b>", "<b>x</b>"),
        ("<plaintext><b>x", "&lt;b&gt;x"),
        ("<select><option><b>x</b></select>", "<b>x</b>"),
        ("<script><!--<script></script>--></script>a", "a"),
        ("<script><!--</script>a", "a"),
        ("<style/>a</style>b", "b"),
        ("<script/src=data:,alert(1)>a</script>b", "b"),
        // Comments that end early, late or never.
        ("<!-->a", "a"),
        ("<!--->a", "a"),
        ("a<!--b--!>c", "ac"),
        ("a<!-- <b>x</b>", "a"),
        ("a<!b>c<?php x ?>d", "acd"),
        ("a<![CDATA[<b>x</b>]]>c", "ax]]&gt;c"),
        // Tags that are none, attributes without quotes or an end.
        ("a<b", "a"),
        ("a< b>c", "a&lt; b&gt;c"),
        ("a</ b>c", "ac"),
        ("a<b/onclick=alert(1)/title=x>c</b>", "a<b>c</b>"),
        ("a<b/onclick='x'/title=x>c</b>", "a<b title=\"x\">c</b>"),
        ("<b title=a&quot;onclick=alert(1)>c</b>", "<b title=\"a&quot;onclick=alert(1)\">c</b>"),
        (
            "<b title='<img src=x onerror=alert(1)>'>c</b>",
            "<b title=\"&lt;img src=x onerror=alert(1)&gt;\">c</b>",
        ),
        ("<b title=\"x\" title=\"y\">c</b>", "<b title=\"x\">c</b>"),
        ("<b \"onclick=alert(1)\" title=`x`>c</b>", "<b title=\"`x`\">c</b>"),
        ("<b title=\"x", ""),
        ("<B OnClick=alert(1) TITLE=x>c</B>", "<b title=\"x\">c</b>"),
        ("<a\u{0}b>c", "c"),
        ("<b\u{c}title=x>c</b>", "<b title=\"x\">c</b>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&amp;lt;script&amp;gt;", "&amp;lt;script&amp;gt;"),
        ("&#60;b&#62; &#0; &#x1b; &#xd800; &notit;", "&lt;b&gt; \u{fffd}  \u{fffd} ¬it;"),
        // What names parts of the page, or moves out of it.
        (
            "<a name=x id=location target=_top ping=https://e.com>c</a>",
            "<a rel=\"noopener noreferrer\">c</a>",
        ),
        (
            "<base href=https://e.com/><meta http-equiv=refresh content=0><link rel=stylesheet href=x>a",
            "a",
        ),
        (
            "<img srcset='https://e.com/a 2x' usemap=#m longdesc=x>",
            "<img referrerpolicy=\"no-referrer\">",
        ),
        ("<table background=https://e.com/a><td>x</table>", "<table><td>x</td></table>"),
    ] {
        let found = html(markup).sanitize();
        assert_eq!(found, safe, "{markup}");
        assert_eq!(html(&found).sanitize(), found, "{markup}");
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
            // Values stand in quotes, and hold none.
            let outside: String = tag.split('"').step_by(2).collect();
            for never in ["script", "style", "svg", "math", "form", "onerror", "!"] {
                prop_assert!(!outside.contains(never), "{}", safe);
            }
            for never in ["href=\"javascript:", "src=\"javascript:"] {
                prop_assert!(!tag.contains(never), "{}", safe);
            }
        }
        prop_assert!(!safe.contains(|c: char| c.is_control() && !"\n\t".contains(c)), "{:?}", safe);
    }

    #[test]
    fn plain_text_holds_no_control_characters(markup in "(<[a-z/]{0,6}>?|&[a-z#0-9]{0,5};?|.){0,40}") {
        let text = html(&markup).to_plain_text();
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text);
    }
}
