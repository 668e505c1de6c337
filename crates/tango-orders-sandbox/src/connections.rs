//! Connections: accepting them, their limits, and their end.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::faulty_response::Reset;
use crate::server::Server;
use crate::socket::Peer;

/// How long open requests have to end once the sandbox is told to stop.
const GRACE: Duration = Duration::from_millis(1500);

/// How long a client may take nothing of a response that waits for it, at the most.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait if no connection can be accepted, for instance because no file descriptor is left.
const PAUSE: Duration = Duration::from_millis(50);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How long a client may take from one request's end to the end of the next one's headers.
    pub(crate) header_timeout: Duration,
    /// How many bytes the head of a request may have.
    pub(crate) header_bytes: usize,
    /// How many headers a request may have.
    pub(crate) headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_timeout: Duration::from_secs(30), header_bytes: 32 << 10, headers: 100 }
    }
}

/// Serves connections until told to stop; then open requests may end.
pub(crate) async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // A client that has said all may still listen.
        .half_close(true)
        .header_read_timeout(limits.header_timeout)
        .max_headers(limits.headers)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(64 << 10));
    // Dropping the set ends every connection.
    let mut connections = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = Connection {
                        server: Arc::clone(&server),
                        router: router.clone(),
                        patience: limits.header_timeout.min(PATIENCE),
                    };
                    connections.spawn(connection.serve(stream, http.clone(), stopped.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            () = told(&mut stop) => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // A connection that takes longer is ended by the drop of the set.
    let _ = tokio::time::timeout(GRACE, all_ended).await;
}

/// Waits until the sandbox is told to stop, or is gone.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

struct Connection {
    server: Arc<Server>,
    router: Router,
    /// How long the client may take nothing.
    patience: Duration,
}

impl Connection {
    async fn serve(self, stream: TcpStream, http: http1::Builder, mut stop: watch::Receiver<bool>) {
        // Otherwise small responses wait for more; if it fails, they are only slower.
        let _ = stream.set_nodelay(true);
        let peer = Peer::new(stream);
        let service = service_fn(|request| {
            let server = Arc::clone(&self.server);
            let answer = server.answer(self.router.clone(), request, peer.clone());
            async {
                let response = answer.await;
                let is_reset = response.extensions().get::<Reset>().is_some();
                // An error of the service ends the connection.
                if is_reset { Err(Reset) } else { Ok(response) }
            }
        });
        let stream = TokioIo::new(peer.stream(self.patience));
        let mut connection = http.serve_connection(stream, service);
        // How a connection ends is the client's business: it may go away at any time.
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = told(&mut stop) => None,
        };
        let ended = if let Some(ended) = ended {
            ended
        } else {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        };
        let cause = ended.as_ref().err().and_then(Error::source);
        if cause.and_then(|cause| cause.downcast_ref::<Reset>()).is_some() {
            // Closing it without lingering sends a reset.
            peer.reset();
        }
    }
}
