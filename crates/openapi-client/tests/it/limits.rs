//! How much of a response is read, how deep, and what that costs.

use std::future::ready;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use allocation_counter::measure;
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use openapi_client::{Breach, DecodeErrorKind, Observer, Retry};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Builder;

use crate::api::{Client, Error, Thing};
use crate::fake::{self, Fake};
use crate::server::{Server, response};

const MIB: usize = 1 << 20;

/// Serves one connection.
fn serve(answer: impl FnOnce(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        lines.find(String::is_empty).unwrap();
        // The client hangs up when it has enough.
        let _ = answer(&mut stream);
    });
    url
}

/// A call, and how much memory of this thread it took at its height.
fn weighed(url: &str, limit: Option<usize>) -> (Result<Thing, Error>, usize) {
    let mut builder = Client::builder(url).retry(Retry::none());
    if let Some(limit) = limit {
        builder = builder.body_limit(limit);
    }
    let client = builder.build().unwrap();
    // The client and its connection live on this thread, the server on another.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut result = None;
    let memory = measure(|| result = Some(runtime.block_on(client.get_thing("1").into_future())));
    (result.unwrap(), usize::try_from(memory.bytes_max).unwrap())
}

fn assert_too_large(name: &str, url: &str) {
    let (result, memory) = weighed(url, None);
    let error = result.unwrap_err();
    let expected = Breach::TooLarge { limit: 8 * MIB };
    assert!(
        matches!(error, Error::Contract { breach, .. } if breach == expected),
        "{name}: {error:?}"
    );
    assert_eq!(error.status().unwrap(), 200);
    println!("{name}: {} KiB", memory >> 10);
    assert!(memory <= 12 * MIB, "{name} took {memory} bytes");
}

#[test]
fn a_body_of_a_gibibyte_takes_little_memory() {
    const PIECE: &[u8; 64 << 10] = &[b' '; 64 << 10];
    let pieces = (1 << 30) / PIECE.len();
    let told = serve(move |stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 1 << 30)?;
        (0..pieces).try_for_each(|_| stream.write_all(PIECE))
    });
    assert_too_large("a length that is told", &told);
    let chunked = serve(move |stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
        (0..pieces).try_for_each(|_| {
            write!(stream, "{:x}\r\n", PIECE.len())?;
            stream.write_all(PIECE)?;
            stream.write_all(b"\r\n")
        })
    });
    assert_too_large("chunks", &chunked);
    let endless = serve(move |stream| {
        write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
        (0..pieces).try_for_each(|_| stream.write_all(PIECE))
    });
    assert_too_large("until the end of the connection", &endless);
}

#[test]
fn a_compression_bomb_takes_little_memory() {
    // After a full flush, a stretch of DEFLATE can be repeated; the head is that of RFC 1952.
    let mut stretch = Vec::with_capacity(MIB);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(&vec![b' '; MIB], &mut stretch, FlushCompress::Full).unwrap();
    assert_eq!(deflate.total_in(), MIB as u64);
    let bomb = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".as_slice(), &stretch.repeat(1024)].concat();
    assert!(bomb.len() < 2 * MIB, "1 GiB in {} bytes", bomb.len());
    let url = serve(move |stream| {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            bomb.len()
        )?;
        stream.write_all(&bomb)
    });
    assert_too_large("a bomb", &url);
}

/// What RFC 1952 calls a member.
fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_compressed_body_is_read_to_its_end() {
    let body = thing(r#","x":"some text""#);
    let (start, end) = body.split_at(body.len() / 2);
    let whole = gzip(&body);
    let mut wrong_sum = whole.clone();
    let sum = wrong_sum.len() - 6;
    wrong_sum[sum] ^= 1;
    let cases = [
        ("one member", whole.clone(), true),
        ("two members", [gzip(start), gzip(end)].concat(), true),
        ("an empty member", [gzip(""), whole.clone(), gzip("")].concat(), true),
        ("with a byte order mark", gzip(&format!("\u{feff}{body}")), true),
        ("zeros after it", [&whole[..], &[0; 512]].concat(), true),
        ("something after it", [&whole[..], b"something"].concat(), true),
        ("cut", whole[..whole.len() - 6].to_vec(), false),
        ("cut in the second member", [&gzip(start)[..], &gzip(end)[..12]].concat(), false),
        ("with a wrong sum", wrong_sum, false),
        ("not compressed at all", body.clone().into_bytes(), false),
    ];
    for (name, bytes, is_read) in cases {
        let url = serve(move |stream| {
            let length = bytes.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
            )?;
            stream.write_all(&bytes)
        });
        let (result, _) = weighed(&url, None);
        let is_lost = matches!(result, Err(Error::Transport { .. }));
        assert_eq!((result.is_ok(), is_lost), (is_read, !is_read), "{name}: {result:?}");
    }
}

fn thing(extra: &str) -> String {
    format!(r#"{{"id":"1"{extra}}}"#)
}

#[test]
fn a_body_of_just_the_limit_is_read() {
    let body = thing("");
    for (limit, is_read) in [(body.len(), true), (body.len() - 1, false)] {
        let server = Server::answering(response("200 OK", "application/json", &body));
        let (result, _) = weighed(&server.base_url, Some(limit));
        assert_eq!(result.is_ok(), is_read, "{result:?}");
    }
    // An error keeps its status, whatever comes with it.
    let server = Server::answering(response("503 Oops", "text/html", &body));
    let error = weighed(&server.base_url, Some(9)).0.unwrap_err();
    assert!(matches!(error, Error::Unexpected { .. }), "{error:?}");
}

#[test]
fn the_largest_body_takes_little_more_than_itself() {
    let padding = " ".repeat(8 * MIB - thing("").len());
    let body = thing("") + &padding;
    let length = body.len();
    let url = serve(move |stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
        body.as_bytes().chunks(1000).try_for_each(|piece| {
            write!(stream, "{:x}\r\n", piece.len())?;
            stream.write_all(piece)?;
            stream.write_all(b"\r\n")
        })?;
        stream.write_all(b"0\r\n\r\n")
    });
    let (result, memory) = weighed(&url, None);
    result.unwrap();
    assert_eq!(length, 8 * MIB);
    println!("the largest body: {} KiB", memory >> 10);
    assert!(memory <= 12 * MIB, "it took {memory} bytes");
}

#[tokio::test]
async fn json_is_read_up_to_a_depth_of_127() {
    // The member is one that the client skips, and stands one level deep.
    let nested = |open: &str, close: &str, depth: usize| {
        thing(&format!(r#","x":{}1{}"#, open.repeat(depth - 1), close.repeat(depth - 1)))
    };
    let brackets_in_text = thing(&format!(r#","x":"\"{}\\""#, "[{".repeat(500)));
    let cases = [
        (nested("[", "]", 127), true),
        (nested("[", "]", 128), false),
        (nested(r#"{"a":"#, "}", 127), true),
        (nested(r#"{"a":"#, "}", 128), false),
        (nested("[", "]", 100_000), false),
        ("[".repeat(1_000_000), false),
        (brackets_in_text, true),
        // Whatever is skipped need not make sense.
        (thing(r#","x":[1e999,"\ud800"],"y":-1E+99999999999"#), true),
        // One after the other is not one in the other.
        (thing(&format!(r#","x":[{}1]"#, "[],{},".repeat(500))), true),
    ];
    for (body, is_read) in cases {
        let start = body[..body.len().min(200)].to_owned();
        for (status, is_observed) in [(200, false), (200, true), (404, false), (404, true)] {
            let body = body.clone();
            let fake = Fake::new(move |_| ready(Ok(fake::status(status, &[], &body))));
            let builder = fake::builder(&fake);
            // With an observer, the validator sees it first.
            let builder = if is_observed { builder.observer(Nobody) } else { builder };
            let result = builder.build().unwrap().get_thing("1").await;
            let is_right = match (&result, status) {
                (Ok(_), 200) | (Err(Error::Api { .. }), 404) => is_read,
                (Err(Error::Unexpected { .. }), 404) => !is_read,
                (Err(Error::Decode { source, .. }), 200) => {
                    !is_read && source.kind == DecodeErrorKind::TooDeep
                }
                _ => false,
            };
            assert!(is_right, "{status}, observed: {is_observed}: {:?}: {start}", result.err());
        }
    }
}

proptest! {
    /// Brackets in strings are none, wherever the strings stand and whatever is escaped in them.
    #[test]
    fn depth_is_that_of_brackets_outside_of_strings(
        texts in vec(r#"[\[\]{}"\\ a\n]{0,80}"#, 0..6),
        depth in 120_usize..=135,
        is_array: bool,
    ) {
        let (open, close) = if is_array { ("[", "]") } else { (r#"{"a":"#, "}") };
        let texts = serde_json::json!(texts);
        let (opening, closing) = (open.repeat(depth - 2), close.repeat(depth - 2));
        // The thing and the array that is always there are two levels.
        let body = thing(&format!(r#","x":{texts},"y":[{texts},{opening}{texts}{closing},[]],"z":1"#));
        // The texts are an array, too.
        let is_read = depth < 127;
        let fake = Fake::new(move |_| ready(Ok(fake::status(200, &[], &body))));
        let request = fake::builder(&fake).build().unwrap().get_thing("1").into_future();
        let result = Builder::new_current_thread().enable_all().build().unwrap().block_on(request);
        prop_assert_eq!(result.is_ok(), is_read, "{:?}", result.err());
    }
}

struct Nobody;

impl Observer for Nobody {}
