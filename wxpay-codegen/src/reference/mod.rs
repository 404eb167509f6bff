//! The reference for readers: one Markdown page per operation and per notification, and indexes.
//!
//! The descriptors give a page its facts. The intermediate representation gives it its sample. A
//! Rust source contains all samples again, and the library's tests compile it: no page shows a call
//! that does not exist.

mod index;
mod lifecycle;
mod notification;
mod operation;
mod page;
mod subject;
mod table;

use std::collections::BTreeMap;

use wxpay_spec::model::{CORE, Spec};

use crate::error::{Errors, unprintable};
use crate::ir::{Api, Layout, Source};
use crate::markdown::{code, inline};
use crate::samples::Calls;
use crate::{lower, print, samples};
use page::Pages;
use subject::{PageKind, Subject};

/// The reference, as files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// The content of every page, by its path below the folder of the reference, with `/`.
    pub pages: BTreeMap<String, String>,
    /// The samples of all pages, as one Rust source.
    pub samples: String,
}

/// Writes the pages of `docs/reference`, and their samples as one Rust source.
///
/// # Errors
///
/// The errors of [`generate`](crate::generate()).
pub fn reference(spec: &Spec) -> Result<Reference, Errors> {
    let mut api = lower::lower(spec, Layout::Library)?;
    samples::attach(spec, &mut api)?;
    of_api(spec, &api)
}

/// Writes the reference of a lowered API.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<Reference, Errors> {
    let subjects = subject::all(spec, api);
    let calls = Calls::new(spec, api);
    let written = print::on_every_core(&subjects, |subject| {
        let sample = subject.sample(&calls)?;
        let text = page(&Pages { spec, api }, subject, &sample);
        Ok((text, sample))
    });
    let mut pages = index::pages(spec, &subjects);
    pages.extend(spec.lifecycles.iter().map(|(place, described)| {
        (page::of_lifecycle(place), lifecycle::page(spec, place, described))
    }));
    let mut functions = Vec::new();
    let mut errors = Errors::default();
    for (subject, written) in subjects.iter().zip(written) {
        match written {
            Ok((page, sample)) => {
                pages.insert(subject.path.clone(), page);
                functions.push((subject, sample));
            }
            Err(error) => errors.add(unprintable(&subject.path, &error)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Reference { pages, samples: sample_source(&functions) })
}

fn page(pages: &Pages<'_>, subject: &Subject<'_>, sample: &str) -> String {
    match &subject.what {
        PageKind::Operation(operation) => operation::page(pages, subject, operation, sample),
        PageKind::Notification(notification) => {
            notification::page(pages, subject, notification, sample)
        }
    }
}

/// Writes all samples as one Rust source. Each sample is the body of a function, in the module of
/// its product family.
fn sample_source(samples: &[(&Subject<'_>, String)]) -> String {
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
        PageKind::Operation(operation) => {
            let name = samples::operation_name(operation.lowered);
            format!("async fn {name}(wx: Client)")
        }
        PageKind::Notification(notification) => {
            let name = samples::notification_name(notification.place);
            format!("async fn {name}(wx: Client, headers: http::HeaderMap, body: Vec<u8>)")
        }
    };
    let body: String = sample.lines().map(|line| format!("        {line}\n")).collect();
    format!("\n    /// {docs}\n    {signature} -> Done {{\n{body}        Ok(())\n    }}\n")
}
