//! The rules that parameters are held to before anything is sent.

use openapi_client::check::{self, Number, Parameter, Rule};

fn int(number: i64) -> Number {
    Number::Integer(number)
}

fn float(number: f64) -> Number {
    Number::Float(number)
}

#[test]
fn each_rule_holds_up_to_its_bound() {
    const LENGTHS: &[Rule] = &[Rule::MinLength(2), Rule::MaxLength(3)];
    let text = |text: &str| Box::new(text.to_owned()) as Box<dyn Parameter>;
    let integer = |number: i64| Box::new(number) as Box<dyn Parameter>;
    let number = |number: f64| Box::new(number) as Box<dyn Parameter>;
    let list = |items: &[&str]| {
        Box::new(items.iter().map(|&item| item.to_owned()).collect::<Vec<_>>())
            as Box<dyn Parameter>
    };
    let cases: [(Rule, Box<dyn Parameter>, Option<&str>); 36] = [
        (Rule::MinLength(1), text(""), Some("(0 bytes) is empty")),
        (Rule::MinLength(2), text("é"), Some("(2 bytes) is shorter than 2 characters")),
        (Rule::MinLength(2), text("éé"), None),
        (Rule::MaxLength(1), text("é"), None),
        (Rule::MaxLength(1), text("ab"), Some("(2 bytes) is longer than 1 character")),
        (Rule::Minimum(int(1)), integer(1), None),
        (Rule::Minimum(int(1)), integer(0), Some("is less than 1")),
        (Rule::Maximum(int(i64::MAX)), integer(i64::MAX), None),
        (
            Rule::Maximum(int(i64::MAX - 1)),
            integer(i64::MAX),
            Some("is more than 9223372036854775806"),
        ),
        (Rule::ExclusiveMinimum(int(1)), integer(2), None),
        (Rule::ExclusiveMinimum(int(1)), integer(1), Some("is not more than 1")),
        (Rule::ExclusiveMaximum(int(1)), integer(0), None),
        (Rule::ExclusiveMaximum(int(1)), integer(1), Some("is not less than 1")),
        (Rule::Minimum(float(0.5)), integer(0), Some("is less than 0.5")),
        (Rule::Minimum(float(0.5)), number(0.5), None),
        (Rule::Maximum(int(1)), number(1.5), Some("is more than 1")),
        (Rule::Maximum(int(1)), number(f64::NAN), None),
        (Rule::MultipleOf(int(3)), integer(9), None),
        (Rule::MultipleOf(int(3)), integer(10), Some("is not a multiple of 3")),
        (Rule::MultipleOf(int(-1)), integer(i64::MIN), None),
        (Rule::MultipleOf(float(0.1)), number(0.3), None),
        (Rule::MultipleOf(float(0.1)), number(0.35), Some("is not a multiple of 0.1")),
        (Rule::MinItems(2), list(&["a"]), Some("has fewer than 2 items")),
        (Rule::MinItems(1), list(&["a"]), None),
        (Rule::MaxItems(1), list(&["a"]), None),
        (Rule::MaxItems(1), list(&["a", "b"]), Some("has more than 1 item")),
        (Rule::UniqueItems, list(&["a", "b"]), None),
        (Rule::UniqueItems, list(&["a", "b", "a"]), Some("has an item twice")),
        (Rule::UniqueItems, Box::new(vec![1_i64, 2, 1]), Some("has an item twice")),
        (Rule::Items(LENGTHS), list(&["ab", "abc"]), None),
        (
            Rule::Items(LENGTHS),
            list(&["ab", "abcd"]),
            Some("(4 bytes) has an item that is longer than 3 characters"),
        ),
        (
            Rule::MaxItems(9),
            list(&[]),
            Some("is empty, so it would not be sent and ask for everything"),
        ),
        // What does not concern the type, or is not set, holds.
        (Rule::MaxLength(0), integer(5), None),
        (Rule::Minimum(int(9)), text("1"), None),
        (Rule::Minimum(int(9)), Box::new(None::<i64>), None),
        (Rule::MinItems(9), Box::new(None::<Vec<String>>), None),
    ];
    for (rule, value, broken) in cases {
        let invalid = check::parameter("limit", &*value, &[rule]).err();
        let told = invalid.map(|invalid| invalid.to_string());
        assert_eq!(told, broken.map(|broken| format!("the limit {broken}")), "{rule:?}");
    }
}

#[test]
fn what_could_change_the_route_is_no_segment_of_a_path() {
    for refused in [
        "",
        ".",
        "..",
        "/",
        "a/b",
        "../x",
        "..\\..\\things",
        "\\",
        "..;",
        "a;b=c",
        "\0",
        "a\tb",
        "a\nb",
        "\u{7f}",
        "\u{85}",
    ] {
        let invalid = check::path_segment("id", refused).unwrap_err();
        assert_eq!(invalid.length, Some(refused.len()), "{refused:?}");
    }
    for segment in ["...", "%2e%2e", "a b", "?", "#", "é", "\u{2044}"] {
        check::path_segment("id", segment).unwrap();
    }
}

#[test]
fn of_a_group_one_parameter_may_be_sent() {
    let groups: &[&[&str]] = &[&["a", "b", "c"], &["c", "d"]];
    for (set, told) in [
        ("", None),
        ("a", None),
        ("ad", None),
        ("bc", Some("the c cannot be sent together with b")),
        ("acd", Some("the c cannot be sent together with a")),
        ("cd", Some("the d cannot be sent together with c")),
    ] {
        let is_set = ["a", "b", "c", "d"].map(|name| (name, set.contains(name)));
        let invalid = check::exclusive(groups, &is_set).err();
        assert_eq!(invalid.map(|invalid| invalid.to_string()).as_deref(), told, "{set}");
    }
}
