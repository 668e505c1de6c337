//! Objects, arrays, and schemas made of schemas.

use std::sync::atomic::{AtomicUsize, Ordering};

use openapi_validator::{
    Additional, Alternatives, ArrayRules, BooleanRules, Branch, Direction, Discriminator, Flow,
    Kind, NumberRules, Options, Reader, StringRules, Types, any, object,
};

use crate::{assert_verdicts, validate, validate_with};

fn boolean(reader: &mut Reader<'_>) -> Flow {
    reader.boolean(&BooleanRules { at: "/boolean", nullable: true })
}

/// `a` and `b` are required, `c` is not; `b` is sent in responses only.
fn abc(reader: &mut Reader<'_>) -> Flow {
    object! {
        reader, ObjectRules { at: "/abc", additional: Additional::Undocumented };
        required "a" => boolean,
        required_in_responses "b" => boolean,
        optional "c" => abc,
    }
}

#[test]
fn members_come_in_any_order_and_form() {
    assert_verdicts(
        abc,
        &[
            r#"{"a":true,"b":false}"#,
            r#"{"b":false,"a":null}"#,
            r#" { "a" : true , "b" : false } "#,
            r#"{"\u0061":true,"b":false,"x":{"a":[]},"y":"z"}"#,
            r#"{"a":true,"c":{"b":true,"a":true},"b":false}"#,
            r#"{"x":1,"a":true,"b":false,"c":{"a":true,"b":true}}"#,
        ],
        &[
            "{}",
            r#"{"a":true}"#,
            r#"{"b":true,"c":{"a":true,"b":true}}"#,
            r#"{"a":1,"b":true}"#,
            r#"{"a":true,"b":true,"c":null}"#,
            r#"{"a":true,"b":true,"a":true}"#,
            r#"{"a":true,"b":true,"\u0062":true}"#,
            r#"{"a":true,"b":true,"x":1,"x":2}"#,
            r#"{"a":true,"b":true,}"#,
            r#"{"a":true "b":true}"#,
            r#"{"a":true,"b":true,"c":{"a":true}}"#,
            "[]",
            "null",
        ],
    );
}

#[test]
fn drift_does_not_invalidate() {
    let report = validate(abc, br#"{"a":true,"b":true,"x":1,"c":{"a":true,"b":true,"y":2}}"#);
    assert!(report.is_valid() && !report.is_empty());
    let pointers: Vec<String> =
        report.findings().map(|finding| finding.pointer().to_owned()).collect();
    assert_eq!(pointers, ["/x", "/c/y"]);
}

#[test]
fn a_request_may_leave_out_what_only_responses_have() {
    let request = Options { direction: Direction::Request, ..Options::default() };
    let response = Options { direction: Direction::Response, ..Options::default() };
    assert!(validate_with(abc, br#"{"a":true}"#, &request).is_valid());
    assert!(!validate_with(abc, br#"{"a":true}"#, &response).is_valid());
    assert!(!validate_with(abc, br#"{"b":true}"#, &request).is_valid());
}

#[test]
fn members_are_counted_and_closed_objects_stay_closed() {
    fn closed(reader: &mut Reader<'_>) -> Flow {
        object! {
            reader, ObjectRules { at: "/closed", additional: Additional::Forbidden };
            optional "a" => any,
        }
    }
    fn counted(reader: &mut Reader<'_>) -> Flow {
        object! {
            reader, ObjectRules { at: "/counted", min_properties: 1, max_properties: 2 };
            _ => boolean,
        }
    }
    assert_verdicts(closed, &["{}", r#"{"a":1}"#], &[r#"{"b":1}"#, r#"{"a":1,"A":2}"#]);
    assert_verdicts(
        counted,
        &[r#"{"x":true}"#, r#"{"x":true,"y":false}"#],
        &["{}", r#"{"x":true,"y":true,"z":true}"#, r#"{"x":1}"#],
    );
}

#[test]
fn forbidden_members_are_found_at_any_depth_and_only_there() {
    fn safe(reader: &mut Reader<'_>) -> Flow {
        let before = reader.forbid(0);
        reader.any()?;
        reader.permit(before);
        Ok(())
    }
    fn pair(reader: &mut Reader<'_>) -> Flow {
        object! {
            reader, ObjectRules { at: "/pair" };
            optional "safe" => safe,
        }
    }
    assert_verdicts(
        pair,
        &[r#"{"safe":{"codes":"code"},"code":1,"x":{"pin":2}}"#],
        &[
            r#"{"safe":{"code":1}}"#,
            r#"{"safe":{"c\u006fde":1}}"#,
            r#"{"x":1,"safe":[[{"a":{"pin":null}}]]}"#,
        ],
    );
}

#[test]
fn items_are_counted_and_compared() {
    fn unique(reader: &mut Reader<'_>) -> Flow {
        const RULES: ArrayRules =
            ArrayRules { at: "/a", unique_items: true, min_items: 1, ..ArrayRules::ANY };
        reader.array(&RULES, any)
    }
    let many = |last: u32| {
        let items: Vec<_> = (0..100).chain([last]).map(|item| item.to_string()).collect();
        format!("[{}]", items.join(","))
    };
    assert_verdicts(
        unique,
        &[
            "[1]",
            r#"[1,"1",true,null,[1],{"a":1},[[1]],{"a":"1"},"true"]"#,
            r#"[{"a":1,"b":2},{"a":2,"b":1},{"a":{"b":2}}]"#,
            "[[1,2],[2,1]]",
            &many(100),
        ],
        &[
            "[]",
            "[1, 1]",
            "[1,1.0]",
            "[100,1e2]",
            "[0,-0.0]",
            r#"["a","\u0061"]"#,
            r#"[{"a":1,"b":[2,"x"]},{"b" : [2.0,"\u0078"],"a":1}]"#,
            "[[[]],[ [ ] ]]",
            &many(5),
            &many(99),
        ],
    );
}

fn text(reader: &mut Reader<'_>) -> Flow {
    reader.string(&StringRules { at: "/text", min_length: 2, ..StringRules::ANY })
}

fn small(reader: &mut Reader<'_>) -> Flow {
    reader.number(&NumberRules {
        at: "/small",
        maximum: Some(openapi_validator::Bound { value: "5", exclusive: false }),
        ..NumberRules::ANY
    })
}

fn whole(reader: &mut Reader<'_>) -> Flow {
    reader.number(&NumberRules { at: "/whole", integer: true, ..NumberRules::ANY })
}

const BRANCHES: Alternatives = Alternatives {
    at: "/alternatives",
    branches: &[
        Branch { types: Types::STRING, validator: text },
        Branch { types: Types::NUMBER, validator: small },
        Branch { types: Types::INTEGER, validator: whole },
    ],
    discriminator: None,
};

#[test]
fn branches_are_told_apart_by_type_and_by_trial() {
    fn one_of(reader: &mut Reader<'_>) -> Flow {
        reader.one_of(&BRANCHES)
    }
    fn any_of(reader: &mut Reader<'_>) -> Flow {
        reader.any_of(&BRANCHES)
    }
    fn not_text(reader: &mut Reader<'_>) -> Flow {
        reader.not("/not", text)
    }
    assert_verdicts(one_of, &[r#""ab""#, "1.5", "7"], &[r#""a""#, "5", "7.5", "null", "[]", "x"]);
    assert_verdicts(any_of, &[r#""ab""#, "1.5", "7", "5"], &[r#""a""#, "7.5", "null", "1.", "[1"]);
    assert_verdicts(not_text, &["1", r#""a""#, r#"{"a":"ab"}"#], &[r#""ab""#, r#"{"a":1"#, "01"]);
}

#[test]
fn the_named_branch_explains() {
    fn tagged(reader: &mut Reader<'_>) -> Flow {
        const BRANCHES: Alternatives = Alternatives {
            at: "/tagged",
            discriminator: Some(Discriminator {
                property_name: "kind",
                mapping: &[("abc", 0), ("xyz", 1)],
            }),
            branches: &[
                Branch { types: Types::OBJECT, validator: abc },
                Branch { types: Types::OBJECT, validator: xyz },
            ],
        };
        reader.one_of(&BRANCHES)
    }
    fn xyz(reader: &mut Reader<'_>) -> Flow {
        object! {
            reader, ObjectRules { at: "/xyz" };
            required "x" => any,
            optional "kind" => any,
        }
    }
    let explained = |payload: &str| {
        let report = validate(tagged, payload.as_bytes());
        report.findings().map(|finding| finding.rule().to_owned()).collect::<Vec<_>>()
    };
    // Without a name, the branch with fewer errors explains.
    assert_eq!(explained("{}"), ["/tagged/oneOf", "/xyz/required"]);
    assert_eq!(
        explained(r#"{"kind":"abc"}"#),
        ["/tagged/oneOf", "/abc/required", "/abc/required", "/abc/properties"],
    );
}

#[test]
fn values_of_a_list_are_compared_by_value() {
    fn listed(reader: &mut Reader<'_>) -> Flow {
        let start = reader.mark();
        reader.any()?;
        reader.enumeration(start, "/listed", true, &["1", "\"a\"", r#"{"x":[1,null]}"#])
    }
    assert_verdicts(
        listed,
        &["1.0", r#""\u0061""#, r#"{ "x" : [1e0, null] }"#, "null"],
        &["2", r#""b""#, r#"{"x":[null,1]}"#, "true"],
    );
}

/// Objects whose fingerprints could collide are still compared: here, all have the same members but
/// for their order and one value.
#[test]
fn equal_items_are_found_among_many_in_any_order_of_members() {
    fn unique(reader: &mut Reader<'_>) -> Flow {
        reader.array(&ArrayRules { unique_items: true, ..ArrayRules::ANY }, unique_or_any)
    }
    fn unique_or_any(reader: &mut Reader<'_>) -> Flow {
        if reader.kind() == Some(Kind::Array) { unique(reader) } else { reader.any() }
    }
    let item = |value: usize, is_reversed: bool| {
        let mut members = [format!("\"a\":{value}"), r#""b":[[],{"c":"\u00e9"}]"#.to_owned()];
        if is_reversed {
            members.reverse();
        }
        format!("{{{}}}", members.join(", "))
    };
    let list = |last: String| {
        let items: Vec<_> = (0..100).map(|value| item(value, value % 2 == 0)).collect();
        format!("[{},{last}]", items.join(","))
    };
    assert_verdicts(
        unique,
        &[&list(item(100, true)), &format!("[{},[1]]", list("[1,[2]]".to_owned()))],
        &[
            &list(item(7, true)),
            &list("[1,1]".to_owned()),
            &format!("[[{0}],[ {0} ]]", list("1".to_owned())),
            &format!("[{0},2,{0}]", list("1".to_owned())),
        ],
    );
}

/// How often a value was read with [`list`].
static READ: AtomicUsize = AtomicUsize::new(0);

fn list(reader: &mut Reader<'_>) -> Flow {
    READ.fetch_add(1, Ordering::Relaxed);
    reader.array(&ArrayRules { max_items: 1, ..ArrayRules::ANY }, ambiguous)
}

/// Both branches read the same arrays in arrays: tried in full, the ways to read them double with
/// each level.
fn ambiguous(reader: &mut Reader<'_>) -> Flow {
    const BRANCHES: Alternatives = Alternatives {
        at: "/ambiguous",
        branches: &[
            Branch { types: Types::ARRAY, validator: list },
            Branch { types: Types::ARRAY, validator: |reader| list(reader) },
        ],
        discriminator: None,
    };
    reader.any_of(&BRANCHES)
}

#[test]
fn values_that_many_schemas_describe_are_read_in_linear_time() {
    for innermost in ["", "[],[]", "1", "[1", "[[[[]]]]"] {
        let payload = format!("{}{innermost}{}", "[".repeat(100), "]".repeat(100));
        READ.store(0, Ordering::Relaxed);
        let report = validate(ambiguous, payload.as_bytes());
        assert_eq!(report.is_valid(), matches!(innermost, "" | "[[[[]]]]"), "{innermost}");
        let read = READ.load(Ordering::Relaxed);
        assert!(read < 20 * payload.len(), "{innermost}: {read} times");
    }
}

#[test]
fn a_limit_is_no_verdict() {
    fn list_of_lists(reader: &mut Reader<'_>) -> Flow {
        reader.array(&ArrayRules::ANY, list_of_lists)
    }
    fn no_list(reader: &mut Reader<'_>) -> Flow {
        reader.not("/not", list_of_lists)
    }
    fn list_or_anything(reader: &mut Reader<'_>) -> Flow {
        const BRANCHES: Alternatives = Alternatives {
            at: "/anything",
            branches: &[
                Branch { types: Types::ARRAY, validator: list_of_lists },
                Branch { types: Types::ALL, validator: any },
            ],
            discriminator: None,
        };
        reader.any_of(&BRANCHES)
    }
    let options = Options { depth: 8, ..Options::default() };
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for validator in [list_of_lists, no_list, list_or_anything] {
        let payload = nested(9);
        let report = validate_with(validator, payload.as_bytes(), &options);
        assert!(report.reached_limit() && !report.is_valid(), "{report}");
        let keywords: Vec<_> = report.findings().map(|finding| finding.keyword()).collect();
        assert_eq!(keywords, ["depth"]);
        let payload = nested(8);
        assert!(!validate_with(validator, payload.as_bytes(), &options).reached_limit());
    }
    assert!(!validate(list_of_lists, b"[").reached_limit());
}

/// All names have the same length, and the same first, middle and last character.
#[test]
fn names_that_look_alike_are_told_apart() {
    fn alike(reader: &mut Reader<'_>) -> Flow {
        object! {
            reader, ObjectRules { at: "/alike", additional: Additional::Forbidden };
            optional "abcde" => any,
            required "axcye" => boolean,
            optional "azcwe" => any,
        }
    }
    assert_verdicts(
        alike,
        &[
            r#"{"axcye":true}"#,
            r#"{"azcwe":1,"axcye":true,"abcde":1}"#,
            "{\n  \"azcwe\": 1,\n  \"axcye\": true\n}",
            "{\n\t\"azcwe\" :1 ,\r\n\"axcye\":\ttrue}",
        ],
        &[
            r#"{"axcye":1}"#,
            r#"{"abcde":1}"#,
            r#"{"axcye":true,"aucve":1}"#,
            r#"{"axcye":true,"axcye":true}"#,
            "{\n  \"axcye\": true,\n  \"axcye\": true\n}",
            "{,\n  \"axcye\": true}",
            "{\n  \"axcye\": true{\n  \"abcde\": 1}",
        ],
    );
}
