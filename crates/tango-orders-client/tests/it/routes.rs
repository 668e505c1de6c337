//! No value of a parameter changes which route is called.
//!
//! `ROUTE_CASES=1000000 cargo test --release -p tango-orders-client routes` draws a million values for
//! each path parameter; without the variable it is 2,000.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tango_orders_client::reqwest::Url;
use tango_orders_client::{Client, Error, Operation, Retry};
use tokio::runtime::{Builder, Runtime};

use crate::fake::{self, Fake};

const BASE: &str = "https://integration-api.tangocard.com/raas/v2";

/// A path parameter, with the segments around it.
struct Parameter {
    operation: Operation,
    name: &'static str,
    before: Vec<&'static str>,
    after: Vec<&'static str>,
}

/// What stands for the other parameters of a path.
const OTHER: &str = "x";

/// The path parameters of all operations.
fn parameters() -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for operation in Operation::ALL {
        let segments: Vec<&str> = operation.description().path.split('/').skip(1).collect();
        for (index, segment) in segments.iter().enumerate() {
            let Some(name) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
                continue;
            };
            let fill =
                |segment: &&'static str| if segment.starts_with('{') { OTHER } else { *segment };
            parameters.push(Parameter {
                operation: *operation,
                name,
                before: ["raas", "v2"]
                    .into_iter()
                    .chain(segments[..index].iter().map(fill))
                    .collect(),
                after: segments[index + 1..].iter().map(fill).collect(),
            });
        }
    }
    assert!(parameters.len() >= 4);
    parameters
}

/// A client whose requests end here.
struct Bench {
    client: Client,
    fake: Fake,
    runtime: Runtime,
}

impl Bench {
    fn new() -> Self {
        let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], ""))));
        let client = fake::builder(&fake).retry(Retry::none()).build().unwrap();
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        Self { client, fake, runtime }
    }

    /// Where a value of a parameter leads, or nothing if it is refused before anything is sent.
    fn url(&self, parameter: &Parameter, value: &str) -> Option<Url> {
        let of = |name| if parameter.name == name { value } else { OTHER };
        let error = match parameter.operation {
            Operation::GetOrder => {
                let request = self.client.get_order(of("referenceOrderID"));
                self.runtime.block_on(request.into_future()).unwrap_err()
            }
            Operation::GetAsyncOrder => {
                let request = self.client.get_async_order(
                    of("customerIdentifier"),
                    of("accountIdentifier"),
                    of("externalRefID"),
                );
                self.runtime.block_on(request.into_future()).unwrap_err()
            }
            operation => panic!("call {} here: it has a path parameter", operation.id()),
        };
        let mut requests = self.fake.requests();
        match error {
            Error::InvalidRequest { .. } => assert!(requests.is_empty(), "{value:?} was sent"),
            Error::Unexpected { .. } => assert_eq!(requests.len(), 1),
            error => panic!("{value:?}: {error:?}"),
        }
        requests.pop().map(|request| request.url().clone())
    }
}

/// Why a URL is not what its template says for a value.
fn fault(parameter: &Parameter, value: &str, url: &Url) -> Option<String> {
    let expected: Vec<&str> = parameter
        .before
        .iter()
        .copied()
        .chain([value])
        .chain(parameter.after.iter().copied())
        .collect();
    let segments: Vec<String> = url.path_segments()?.map(percent_decoded).collect();
    let is_same = url.as_str().starts_with(&format!("{BASE}/"))
        && url.query().is_none()
        && url.fragment().is_none()
        && segments == expected
        // What is sent is read again by others: it must not become another URL then.
        && Url::parse(url.as_str()).is_ok_and(|again| again == *url);
    (!is_same).then(|| format!("{value:?} leads to {url}"))
}

fn percent_decoded(segment: &str) -> String {
    let (mut bytes, mut decoded) = (segment.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).unwrap()
}

fn values() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&[
            ".", "..", "/", "\\", "%", "%2e", "%2F", "%5c", "%00", ";", "?", "#", "@", ":", "&", "=", "+",
            " ", "\t", "\r", "\n", "\0", "*", "~", "\u{2044}", "\u{2215}", "\u{ff0f}", "\u{ff0e}",
            "\u{202e}", "\u{85}", "\u{feff}", "//", "http://", "orders", "customers",
        ][..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => prop::char::range('!', '~').prop_map(String::from),
    ];
    prop_oneof![
        3 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => prop::collection::vec(any::<char>(), 0..24).prop_map(String::from_iter),
    ]
}

#[test]
fn any_value_goes_to_its_route_or_nowhere() {
    let cases = std::env::var("ROUTE_CASES").map_or(2000, |cases| cases.parse().unwrap());
    let bench = Bench::new();
    for parameter in &parameters() {
        let config =
            ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let mut sent = 0_u32;
        let counted = std::cell::RefCell::new(&mut sent);
        let result = TestRunner::new(config).run(&values(), |value| {
            if let Some(url) = bench.url(parameter, &value) {
                **counted.borrow_mut() += 1;
                if let Some(fault) = fault(parameter, &value, &url) {
                    return Err(TestCaseError::fail(fault));
                }
            }
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", parameter.name));
        println!("{}: {sent} of {cases} values were sent", parameter.name);
        assert!(sent > cases / 10, "{} takes too few values to tell", parameter.name);
    }
}

#[test]
fn chosen_values_go_to_their_route_or_nowhere() {
    let long = "x".repeat(10_000);
    let dots = "../".repeat(3_000);
    #[rustfmt::skip]
    let refused = [
        "", ".", "..", "/", "//", "\\", "a/b", "../x", "..\\..\\x", "..\\..\\customers", "..;", "..;/x", ";",
        "a;b=c", "\0", "a\0", "\t", "a\tb", "\n", "\r\nx-injected: 1", "\u{7f}", "\u{85}", "/../orders",
        &dots,
    ];
    #[rustfmt::skip]
    let sent = [
        "...", ".x", "%2e", "%2e%2e", "%2E%2e", "%2f", "%5c", "%252e", "%00", "%", "?", "a?b=c", "#", "@", "a b",
        " ", "+", "&x=1", "http:", "*", "\u{2044}", "..\u{2044}x", "\u{ff0e}\u{ff0e}", "\u{202e}", "é", "🎁",
    ];
    assert!(refused.len() + sent.len() >= 40);
    let bench = Bench::new();
    for parameter in &parameters() {
        for value in refused {
            assert_eq!(bench.url(parameter, value), None, "{value:?} as {}", parameter.name);
        }
        for value in sent {
            let url = bench.url(parameter, value);
            let url = url.unwrap_or_else(|| panic!("{value:?} as {} is refused", parameter.name));
            assert_eq!(fault(parameter, value, &url), None);
        }
        // Only the external reference has a greatest length.
        let url = bench.url(parameter, &long);
        assert_eq!(url.is_none(), parameter.name == "externalRefID");
        assert_eq!(url.and_then(|url| fault(parameter, &long, &url)), None);
    }
}
