//! A client's socket: reading, writing with patience, and noticing that nobody is there any more.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustix::net::{Shutdown, shutdown};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// How long whoever has closed its side of a connection may wait for a response.
const HALF_CLOSED: Duration = Duration::from_secs(3);

/// How long to wait before looking again whether a client that has sent more than one request is there.
const PIPELINED: Duration = Duration::from_secs(1);

/// The client at the other end.
#[derive(Clone, Debug)]
pub(crate) struct Peer(Arc<TcpStream>);

impl Peer {
    pub(crate) fn new(socket: TcpStream) -> Self {
        Self(Arc::new(socket))
    }

    /// Returns once the client has closed its side and some time has passed.
    ///
    /// TCP does not tell a client that is gone from one that has said all and listens, so the latter
    /// gets a few seconds.
    pub(crate) async fn left(&self) {
        while let Ok(ready) = self.0.ready(Interest::READABLE).await {
            if ready.is_read_closed() {
                break;
            }
            // A further request waits to be read.
            tokio::time::sleep(PIPELINED).await;
        }
        tokio::time::sleep(HALF_CLOSED).await;
    }

    /// Lets the end of the connection be a reset.
    pub(crate) fn reset(&self) {
        // If it fails, the client sees an orderly end.
        let _ = self.0.set_zero_linger();
    }

    /// The bytes to and from the client, who has so long to take each part of a response.
    pub(crate) fn stream(&self, patience: Duration) -> Stream {
        Stream { socket: Arc::clone(&self.0), patience, stalled: None }
    }
}

/// A stream whose writing fails if the client takes nothing for too long.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: Arc<TcpStream>,
    patience: Duration,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    fn write(
        &mut self,
        context: &mut Context<'_>,
        attempt: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.socket.poll_write_ready(context) {
                Poll::Ready(Ok(())) => match attempt(&self.socket) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    result => {
                        self.stalled = None;
                        return Poll::Ready(result);
                    }
                },
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => break,
            }
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.socket.poll_read_ready(context))?;
            // It touches no more of the buffer than it fills.
            match self.socket.try_read_buf(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result.map(|_| ())),
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |socket| socket.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |socket| socket.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Nothing is kept back.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(shutdown(&*self.socket, Shutdown::Write).map_err(io::Error::from))
    }
}
