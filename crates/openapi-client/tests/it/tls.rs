//! Which failures of TLS and of connections time may heal: the others are not tried again.

use openapi_client::{Retry, reqwest};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::api::{Client, Error};

const THING: &str = r#"{"id":"1","parts":[{"id":"2"}]}"#;

/// What a server does with a connection.
#[derive(Clone, Copy, Debug)]
enum Peer {
    /// TLS, and a response of this head, with its body or only half of it.
    Speaks { head: &'static str, is_whole: bool },
    /// These bytes instead of TLS.
    Says(&'static [u8]),
    /// It hangs up.
    Silent,
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: reqwest::Certificate,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let certificate = reqwest::Certificate::from_der(certificate.der()).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn acceptor(&self, host: &str, is_expired: bool) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        if is_expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    /// A client that trusts this authority and no other.
    fn client(&self, url: &str) -> Client {
        let http = reqwest::Client::builder().tls_certs_only([self.certificate.clone()]);
        let http = http.https_only(true).no_proxy().build().unwrap();
        let millis = Duration::from_millis;
        let retry = Retry { base: millis(1), cap: millis(2), ..Retry::default() };
        Client::builder(url).http_client(http).retry(retry).build().unwrap()
    }
}

impl Peer {
    async fn meet(self, mut stream: TcpStream, acceptor: TlsAcceptor) -> std::io::Result<()> {
        let mut buffer = [0; 4096];
        match self {
            Self::Speaks { head, is_whole } => {
                let mut stream = acceptor.accept(stream).await?;
                assert!(stream.read(&mut buffer).await? > 0);
                let body = if is_whole { THING } else { &THING[..THING.len() / 2] };
                stream
                    .write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}").as_bytes())
                    .await?;
                // A server that closes properly says so, whole body or not.
                stream.shutdown().await
            }
            Self::Says(bytes) => {
                assert!(stream.read(&mut buffer).await? > 0);
                stream.write_all(bytes).await
            }
            Self::Silent => stream.read(&mut buffer).await.map(drop),
        }
    }
}

/// Serves connections; returns the URL and how many there were.
async fn serve(acceptor: TlsAcceptor, peer: Peer) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/v1", listener.local_addr().unwrap().port());
    let count = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(peer.meet(stream, acceptor.clone()));
        }
    });
    (url, count)
}

/// How a call has to end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Fine,
    /// TLS is wrong: one attempt.
    Final,
    /// The connection broke: six attempts.
    Lost,
}

use Peer::{Says, Silent, Speaks};

const CLOSE: Peer = Speaks { head: "connection: close", is_whole: true };
const CUT: Peer = Speaks { head: "connection: close", is_whole: false };
const CUT_LENGTH: Peer = Speaks { head: "content-length: 31", is_whole: false };
const LENGTH: Peer = Speaks { head: "content-length: 31", is_whole: true };
/// The alert `handshake_failure`.
const ALERT: Peer = Says(&[21, 3, 3, 0, 2, 2, 40]);
const PLAIN_HTTP: Peer = Says(b"HTTP/1.1 400 Bad Request\r\n\r\n");

#[tokio::test]
async fn what_time_does_not_heal_is_tried_once() {
    let (ours, other) = (Authority::new(), Authority::new());
    assert_eq!(THING.len(), 31);
    let cases = [
        ("valid", &ours, "localhost", false, LENGTH, End::Fine),
        ("whole until the end of the connection", &ours, "localhost", false, CLOSE, End::Fine),
        ("expired", &ours, "localhost", true, LENGTH, End::Final),
        ("of another host", &ours, "example.com", false, LENGTH, End::Final),
        ("of an unknown authority", &other, "localhost", false, LENGTH, End::Final),
        ("fatal alert", &ours, "localhost", false, ALERT, End::Final),
        ("plain HTTP", &ours, "localhost", false, PLAIN_HTTP, End::Final),
        ("garbage", &ours, "localhost", false, Says(&[0xFF; 100]), End::Final),
        ("hangs up", &ours, "localhost", false, Silent, End::Lost),
        ("cut before its length", &ours, "localhost", false, CUT_LENGTH, End::Lost),
        ("cut where the connection ends", &ours, "localhost", false, CUT, End::Lost),
    ];
    for (name, signer, host, is_expired, peer, end) in cases {
        let (url, count) = serve(signer.acceptor(host, is_expired), peer).await;
        let result = ours.client(&url).get_thing("1").await;
        let (is_right, attempts) = match (&result, end) {
            (Ok(_), End::Fine) => (true, 1),
            (Err(Error::Transport { source, .. }), End::Final) => (source.is_tls(), 1),
            (Err(Error::Transport { source, .. }), End::Lost) => (!source.is_tls(), 6),
            _ => (false, 0),
        };
        assert!(is_right, "{name}: {result:?}");
        let is_transient = result.as_ref().is_err_and(Error::is_transient);
        assert_eq!(is_transient, end == End::Lost, "{name}");
        assert_eq!(count.load(Ordering::Relaxed), attempts, "{name}");
    }
}
