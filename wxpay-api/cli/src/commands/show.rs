//! Shows an operation, a notification or a lifecycle: fields, example, errors, states.

mod command_line;
mod fields;
mod json;
mod lifecycle;
mod notification;
mod operation;

use clap::Args;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::catalogue::find::{Subject, ambiguous};
use crate::language::Language;
use crate::output::{Failure, Output};
use crate::terminal::Page;

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct ShowArguments {
    /// An operation by its URL (`POST /v3/pay/transactions/jsapi`), by the chain of its Rust call
    /// (`v3.pay.transactions.jsapi`) or by its Chinese title; an event type (`TRANSACTION.SUCCESS`); a lifecycle
    /// (`pay/transaction`).
    #[arg(required = true, value_name = "OPERATION")]
    name: Vec<String>,
    /// The language of labels and notes. Without it, the environment decides (`LC_ALL`, `LC_MESSAGES`, `LANG`). Titles are in
    /// Chinese.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    language: Option<Language>,
}

pub(crate) async fn run(arguments: ShowArguments, output: &mut Output) -> Result<(), Failure> {
    let language = arguments.language.unwrap_or_else(Language::of_environment);
    let catalogue = Catalogue::get()?;
    let name = arguments.name.join(" ");
    let found = catalogue.find(&name);
    let mut page = Page::new();
    let json = match found.as_slice() {
        [] => return Err(catalogue.unknown(&name)),
        [Subject::Operation(entry)] => {
            let operation = catalogue.operation(&entry.method, &entry.path, &entry.family)?;
            operation::write(&mut page, language, catalogue, entry, operation)?;
            json::operation(catalogue, entry, operation)?
        }
        [Subject::Lifecycle(entry)] => {
            let lifecycle = catalogue.lifecycle(&entry.name)?;
            lifecycle::write(&mut page, language, catalogue, &entry.name, lifecycle);
            json!({ "kind": "lifecycle", "name": entry.name, "lifecycle": lifecycle })
        }
        several if is_one_event(several) => {
            let mut resources = Vec::new();
            for subject in several {
                let Subject::Notification(entry) = subject else { continue };
                let (facts, part) = catalogue.notification(&entry.name)?;
                if !resources.is_empty() {
                    page.line("");
                }
                notification::write(&mut page, language, facts, part)?;
                resources.push(json::notification(facts, part));
            }
            json!({ "kind": "notification", "name": name, "resources": resources })
        }
        several => return Err(ambiguous(&name, several)),
    };
    output.value(&json)?;
    for line in page.lines {
        output.line(line)?;
    }
    Ok(())
}

/// Whether all of them are resources of one event, or a single notification.
fn is_one_event(found: &[Subject]) -> bool {
    let events = |subject: &Subject| match subject {
        Subject::Notification(entry) => Some(entry.events.as_slice()),
        Subject::Operation(_) | Subject::Lifecycle(_) => None,
    };
    let Some(first) = found.first().and_then(events) else { return false };
    let shares = |subject: &Subject| {
        events(subject).is_some_and(|other| other.iter().any(|event| first.contains(event)))
    };
    found.iter().all(shares)
}
