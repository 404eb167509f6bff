//! Collects everything that this process traces or logs, at every level.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

static SEEN: Mutex<String> = Mutex::new(String::new());

/// Starts the collection, once for all tests.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Recorder).unwrap();
        log::set_logger(&Recorder).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// Returns everything collected so far.
pub(super) fn seen() -> String {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn note(text: &str) {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
}

struct Recorder;

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        Some(Level::TRACE.into())
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut line = Line(format!("\n{}", attributes.metadata().name()));
        attributes.record(&mut line);
        note(&line.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, record: &Record<'_>) {
        let mut line = Line(String::from("\n"));
        record.record(&mut line);
        note(&line.0);
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("\n{}", event.metadata().target()));
        event.record(&mut line);
        note(&line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(&format!("\n{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}
