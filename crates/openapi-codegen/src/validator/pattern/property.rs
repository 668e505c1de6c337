//! `\p{…}`: Unicode properties by the names that ECMA-262 has for them (tables 67 to 69).

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

use super::set::Set;

/// The code points with a property; none if ECMA-262 knows no such property.
pub(super) fn property(name: &str) -> Option<Set> {
    let query = match name.split_once('=') {
        Some(("General_Category" | "gc", value)) => is_category(value).then(|| value.to_owned())?,
        Some(("Script" | "sc", value)) => is_script(value).then(|| format!("sc={value}"))?,
        Some(("Script_Extensions" | "scx", value)) => {
            is_script(value).then(|| format!("scx={value}"))?
        }
        Some(_) => return None,
        None if is_category(name) => name.to_owned(),
        None => BINARY.split_whitespace().any(|known| known == name).then(|| name.to_owned())?,
    };
    // `Any`, `ASCII` and `Assigned` are names of that crate, too.
    match regex_syntax::parse(&format!(r"\p{{{query}}}")).map(Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            let range = |range: &ClassUnicodeRange| (range.start().into(), range.end().into());
            Some(class.ranges().iter().map(range).collect())
        }
        // A single character is a literal there.
        Ok(HirKind::Literal(literal)) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(text.chars().map(|c| (c.into(), c.into())).collect())
        }
        _ => None,
    }
}

fn is_category(value: &str) -> bool {
    CATEGORIES.split_whitespace().any(|known| known == value)
}

/// Whether a name is written like those of scripts: words with a capital each. Which of them exist,
/// the tables of `regex-syntax` know.
fn is_script(value: &str) -> bool {
    value == "SignWriting"
        || value.split('_').all(|word| {
            word.starts_with(|first: char| first.is_ascii_uppercase())
                && word.chars().skip(1).all(|c| c.is_ascii_lowercase())
        })
}

const CATEGORIES: &str = "
    Cased_Letter LC Close_Punctuation Pe Connector_Punctuation Pc Control Cc cntrl Currency_Symbol Sc
    Dash_Punctuation Pd Decimal_Number Nd digit Enclosing_Mark Me Final_Punctuation Pf Format Cf
    Initial_Punctuation Pi Letter L Letter_Number Nl Line_Separator Zl Lowercase_Letter Ll Mark M
    Combining_Mark Math_Symbol Sm Modifier_Letter Lm Modifier_Symbol Sk Nonspacing_Mark Mn Number N
    Open_Punctuation Ps Other C Other_Letter Lo Other_Number No Other_Punctuation Po Other_Symbol So
    Paragraph_Separator Zp Private_Use Co Punctuation P punct Separator Z Space_Separator Zs
    Spacing_Mark Mc Surrogate Cs Symbol S Titlecase_Letter Lt Unassigned Cn Uppercase_Letter Lu";

const BINARY: &str = "
    ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M
    Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM
    Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT
    Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji
    Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres
    Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit
    Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS Ideographic
    Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point
    NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical
    Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term
    Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC
    XID_Start XIDS";
