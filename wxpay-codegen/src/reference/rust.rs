//! The samples of all pages as one Rust source, which the library's tests compile and never run.

use std::collections::BTreeMap;

use wxpay_spec::model::CORE;

use super::subject::{Subject, What};
use crate::ir::Source;
use crate::markdown::{code, inline};
use crate::{lower, print, samples};

/// The source; each sample is the body of a function, in the module of its product family.
pub(super) fn source(samples: &[(&Subject<'_>, String)]) -> String {
    let mut families: BTreeMap<_, String> = BTreeMap::new();
    for (subject, sample) in samples {
        *families.entry(subject.family).or_default() += &function(subject, sample);
    }
    let mut text = format!("// {}\n", print::library_mark(&Source::Several));
    for (family, functions) in families {
        let Some(module) = lower::module_name(family) else { continue };
        let gate = if family == CORE { String::new() } else { gate(family) };
        text +=
            &format!("\n{gate}mod {module} {{\n    use crate::{{Client, Done}};\n{functions}}}\n");
    }
    text
}

fn gate(family: &str) -> String {
    format!("#[cfg(feature = {family:?})]\n")
}

fn function(subject: &Subject<'_>, sample: &str) -> String {
    let docs = format!("{}: {}", inline(subject.title), code(&subject.wire()));
    let signature = match &subject.what {
        What::Operation(operation) => {
            let name = samples::operation_name(operation.lowered);
            format!("async fn {name}(wx: Client)")
        }
        What::Notification(notification) => {
            let name = samples::notification_name(notification.place);
            format!("async fn {name}(wx: Client, headers: http::HeaderMap, body: Vec<u8>)")
        }
    };
    let body: String = sample.lines().map(|line| format!("        {line}\n")).collect();
    format!("\n    /// {docs}\n    {signature} -> Done {{\n{body}        Ok(())\n    }}\n")
}
