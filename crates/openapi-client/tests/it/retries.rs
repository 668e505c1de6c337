//! When the client tries again, how long it waits, and when it stops. Time is paused: it passes only
//! when everything waits.

use std::ops::RangeInclusive;
use std::time::Duration;

use openapi_client::{Retry, TimeoutPhase, TransportError};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::api::{Client, Error};
use crate::fake::{self, Answer, Fake};

const THING: &str = r#"{"id":"1"}"#;

/// What comes back for one attempt.
#[derive(Clone, Copy, Debug)]
enum Step {
    Status(u16),
    /// With this `Retry-After`.
    After(u16, &'static str),
    NoConnection,
    Lost,
    /// Nothing ever.
    Silence,
}

use Step::{After, Lost, NoConnection, Silence, Status};

impl Step {
    async fn answer(self) -> Answer {
        match self {
            Status(200) => Ok(fake::status(200, &[], THING)),
            Status(code) => Ok(fake::status(code, &[], "")),
            After(code, wait) => Ok(fake::status(code, &[("retry-after", wait)], "")),
            NoConnection => Err(TransportError::connect("refused")),
            Lost => Err(TransportError::lost("reset")),
            Silence => std::future::pending().await,
        }
    }
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    With(u16),
    WithoutResponse,
    OutOfTime(TimeoutPhase),
}

fn end<T>(result: &Result<T, Error>) -> End {
    match result {
        Ok(_) => End::With(200),
        Err(Error::Transport { .. }) => End::WithoutResponse,
        Err(Error::Timeout { phase, .. }) => End::OutOfTime(*phase),
        Err(error) => End::With(error.status().unwrap().as_u16()),
    }
}

/// The answers, of which the last one is repeated; how many retries there may be; how many attempts
/// there are; the seconds that pass; how it ends.
type Case = (&'static [Step], u32, usize, RangeInclusive<f64>, End);

/// What does not pay to repeat: one attempt, at once.
const FINAL: [u16; 26] = [
    200, 201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410,
    415, 418, 422, 425, 428, 431, 451,
];

fn cases() -> Vec<Case> {
    use End::{OutOfTime, With, WithoutResponse};
    let seconds = |from: u32, to: f64| f64::from(from)..=to;
    vec![
        // One failure, then success.
        (&[Status(429), Status(200)], 5, 2, seconds(1, 1.5), With(200)),
        (&[Status(500), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Status(501), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Status(502), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Status(503), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Status(504), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Status(599), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[NoConnection, Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Lost, Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[Silence, Status(200)], 5, 2, seconds(15, 15.5), With(200)),
        // Failures for ever: at most six attempts, with growing waits, until the time is out.
        (&[Status(429)], 5, 6, seconds(5, 20.5), With(429)),
        (&[Status(502)], 5, 6, seconds(0, 15.5), With(502)),
        (&[Status(503)], 5, 6, seconds(0, 15.5), With(503)),
        (&[Status(504)], 5, 6, seconds(0, 15.5), With(504)),
        (&[NoConnection], 5, 6, seconds(0, 15.5), WithoutResponse),
        (&[Lost], 5, 6, seconds(0, 15.5), WithoutResponse),
        (&[Silence], 5, 3, seconds(45, 45.01), OutOfTime(TimeoutPhase::Operation)),
        (&[Silence], 0, 1, seconds(15, 15.01), OutOfTime(TimeoutPhase::Attempt)),
        // The caller's own limit.
        (&[Status(503)], 0, 1, seconds(0, 0.0), With(503)),
        (&[Status(503)], 1, 2, seconds(0, 0.5), With(503)),
        (&[Status(503)], 3, 4, seconds(0, 3.5), With(503)),
        (&[Status(429)], 0, 1, seconds(0, 0.0), With(429)),
        // What is final ends it, whatever came before.
        (&[Status(503), Status(429), Lost, Status(200)], 5, 4, seconds(1, 4.5), With(200)),
        (&[Status(503), Status(401)], 5, 2, seconds(0, 0.5), With(401)),
        (&[NoConnection, Status(400)], 5, 2, seconds(0, 0.5), With(400)),
        (&[Silence, Status(404)], 5, 2, seconds(15, 15.5), With(404)),
        // What the server asks for is added, and never waited for beyond the time-out.
        (&[After(503, "2"), Status(200)], 5, 2, seconds(2, 2.5), With(200)),
        (&[After(429, "0"), Status(200)], 5, 2, seconds(1, 1.5), With(200)),
        (
            &[After(429, "Sun, 06 Nov 1994 08:49:37 GMT"), Status(200)],
            5,
            2,
            seconds(1, 1.5),
            With(200),
        ),
        (&[After(503, "0"), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[After(429, "7"), Status(200)], 5, 2, seconds(7, 7.5), With(200)),
        (&[After(503, "44"), Status(200)], 5, 2, seconds(44, 44.5), With(200)),
        (&[After(503, "45"), Status(200)], 5, 1, seconds(0, 0.0), With(503)),
        (&[After(429, "3600"), Status(200)], 5, 1, seconds(0, 0.0), With(429)),
        (&[After(503, "20")], 5, 3, seconds(40, 41.5), With(503)),
        (&[After(503, "soon"), Status(200)], 5, 2, seconds(0, 0.5), With(200)),
        (&[After(400, "1"), Status(200)], 5, 1, seconds(0, 0.0), With(400)),
    ]
}

fn script(steps: &'static [Step]) -> Fake {
    Fake::new(move |index| steps.get(index).or(steps.last()).unwrap().answer())
}

async fn run((steps, retries, attempts, seconds, expected): Case) {
    let fake = script(steps);
    let retry = Retry { retries, ..Retry::default() };
    let client = fake::builder(&fake).retry(retry).build().unwrap();
    let start = Instant::now();
    let result = client.get_thing("1").with_response().await;
    let taken = start.elapsed().as_secs_f64();
    assert_eq!(end(&result), expected, "{steps:?}");
    assert_eq!(fake.requests().len(), attempts, "{steps:?}");
    assert!(seconds.contains(&taken), "{steps:?} took {taken} s");
    let told = match &result {
        Ok(response) => response.attempts(),
        Err(Error::Transport { attempts, .. } | Error::Timeout { attempts, .. }) => *attempts,
        Err(error) => error.response().unwrap().attempts(),
    };
    assert_eq!(usize::try_from(told).unwrap(), attempts, "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn what_may_go_better_is_tried_again_and_nothing_else() {
    let mut count = 0;
    for code in FINAL {
        // One that would be taken for the better follows.
        let steps = Vec::leak(vec![Status(code), Status(503)]);
        run((steps, 5, 1, 0.0..=0.0, End::With(code))).await;
        count += 1;
    }
    for case in cases() {
        run(case).await;
        count += 1;
    }
    assert!(count >= 60, "{count} cases");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_may_not_be_repeated_is_sent_once() {
    for step in [Status(503), Status(429), NoConnection, Lost, Silence] {
        let fake = Fake::new(move |_| step.answer());
        let client = fake::builder(&fake).build().unwrap();
        client.make_thing("1").await.unwrap_err();
        assert_eq!(fake.requests().len(), 1, "{step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_are_spread_over_their_whole_range() {
    let mut waits = Vec::new();
    for _ in 0..200 {
        let client = fake::builder(&script(&[Status(503), Status(200)])).build().unwrap();
        let start = Instant::now();
        client.get_thing("1").await.unwrap();
        waits.push(start.elapsed().as_secs_f64());
    }
    // 200 draws miss a tenth of the range once in 10^8 runs.
    for tenth in 0..10 {
        let range = f64::from(tenth) * 0.05..f64::from(tenth + 1) * 0.05 + 0.001;
        assert!(waits.iter().any(|wait| range.contains(wait)), "no wait in {range:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_failures_are_all_made_good() {
    let fake = Fake::new(|index| Status(if index % 20 == 0 { 503 } else { 200 }).answer());
    let client = fake::builder(&fake).build().unwrap();
    for _ in 0..2000 {
        client.get_thing("1").await.unwrap();
    }
    assert_eq!(fake.requests().len(), 2000 + 2000 / 19 + 1);
}

#[tokio::test(start_paused = true)]
async fn clones_keep_to_one_pace() {
    let client = fake::builder(&script(&[Status(200)]));
    let client = client.pace(Duration::from_secs(1)).build().unwrap();
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { (end(&client.get_thing("1").await), start.elapsed().as_secs()) });
    }
    let (mut served, late): (Vec<_>, Vec<_>) =
        calls.join_all().await.into_iter().partition(|(end, _)| *end == End::With(200));
    // Those whose turn would come too late find out when the last one that is in time is taken.
    assert_eq!(late, [(End::OutOfTime(TimeoutPhase::Operation), 44); 5]);
    served.sort_by_key(|(_, at)| *at);
    assert_eq!(served, (0..45).map(|second| (End::With(200), second)).collect::<Vec<_>>());
}

#[test]
fn there_are_five_retries_at_the_most() {
    let build = |retries| {
        let retry = Retry { retries, ..Retry::default() };
        fake::builder(&script(&[])).retry(retry).build()
    };
    build(5).unwrap();
    let error = build(6).unwrap_err();
    assert_eq!(error.to_string(), "the number of retries is more than 5");
}

type Headers = &'static [(&'static str, &'static str)];

async fn told(headers: Headers) -> Option<Duration> {
    let fake = Fake::new(|_| async { Ok(fake::status(503, headers, "<html></html>")) });
    let client: Client = fake::builder(&fake).retry(Retry::none()).build().unwrap();
    client.get_thing("1").await.unwrap_err().retry_after()
}

#[tokio::test]
async fn retry_after_is_read_in_each_of_its_forms() {
    const NOW: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let year = seconds(366 * 24 * 60 * 60);
    let cases: [(Headers, Option<Duration>); 19] = [
        (&[("retry-after", "120")], seconds(120)),
        (&[("retry-after", "0")], seconds(0)),
        (&[("retry-after", "1.5")], Some(Duration::from_millis(1500))),
        (&[("retry-after", "1"), ("retry-after", "3"), ("retry-after", "soon")], seconds(3)),
        (&[("retry-after", "1.2.3")], None),
        (&[("retry-after", ".5")], None),
        (&[("retry-after", " 5 ")], seconds(5)),
        (&[("retry-after", "99999999999999999999999")], year),
        // The three forms of a date.
        (&[NOW, ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], seconds(3)),
        (&[NOW, ("retry-after", "Sunday, 06-Nov-94 08:50:37 GMT")], seconds(60)),
        (&[NOW, ("retry-after", "Sun Nov  6 09:49:37 1994")], seconds(3600)),
        // Past, and so far off that it is no use.
        (&[NOW, ("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT")], seconds(0)),
        (&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], seconds(0)),
        (&[NOW, ("retry-after", "Fri, 06 Nov 2099 08:49:37 GMT")], year),
        // No form at all.
        (&[("retry-after", "")], None),
        (&[("retry-after", "-1")], None),
        (&[("retry-after", "+1")], None),
        (&[("retry-after", "soon")], None),
        (&[], None),
    ];
    for (headers, expected) in cases {
        assert_eq!(told(headers).await, expected, "{headers:?}");
    }
    // Without a `Date`, by the clock of this machine.
    let wait = told(&[("retry-after", "Fri, 06 Nov 2099 08:49:37 GMT")]).await;
    assert_eq!(wait, year);
}
