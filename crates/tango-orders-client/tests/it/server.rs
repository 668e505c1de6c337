//! A server on loopback that gives one answer and tells what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

pub(crate) struct Server {
    pub(crate) base_url: String,
    request: JoinHandle<String>,
}

impl Server {
    /// Answers one request with these bytes, then closes.
    pub(crate) fn answering(response: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/raas/v2", listener.local_addr().unwrap());
        let request = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let head: Vec<String> = BufReader::new(&stream)
                .lines()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            stream.write_all(&response).unwrap();
            head.join("\n")
        });
        Self { base_url, request }
    }

    /// The head of the request.
    pub(crate) fn request(self) -> String {
        self.request.join().unwrap()
    }
}

pub(crate) fn response(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
