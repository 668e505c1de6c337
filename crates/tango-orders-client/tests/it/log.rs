//! What is logged, by either of two facades.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Writes everything down.
#[derive(Clone, Default)]
pub(crate) struct Log {
    pub(crate) text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.text.lock().unwrap(), " {}={value:?}", field.name()).unwrap();
    }
}

impl Log {
    fn line(&self, text: &str, record: impl FnOnce(&mut dyn Visit)) {
        self.text.lock().unwrap().push_str(text);
        record(&mut self.clone());
        self.text.lock().unwrap().push('\n');
    }
}

/// Writes everything down that this thread does until the guard is dropped.
pub(crate) fn listen() -> (Log, DefaultGuard) {
    // While there is one subscriber only, tracing asks the thread that reaches a span first whether its
    // own subscriber wants it, and remembers the answer for all threads. So there are always two.
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(Log::default()));
    let log = Log::default();
    (log.clone(), tracing::subscriber::set_default(log))
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata().name(), |visit| span.record(visit));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.line("record", |visit| values.record(visit));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.line("event", |visit| event.record(visit));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Keeps what crates of another logging facade write.
pub(crate) struct OldLog(pub(crate) Mutex<String>);

impl log::Log for OldLog {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.lock().unwrap(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

/// What all tests write by the other facade, which has one log for the whole process.
pub(crate) fn old_log() -> &'static OldLog {
    static LOG: OldLog = OldLog(Mutex::new(String::new()));
    static SET: Once = Once::new();
    SET.call_once(|| {
        log::set_logger(&LOG).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    &LOG
}
