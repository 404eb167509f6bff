//! The reference for readers: one Markdown page per operation and per notification, and indexes.
//!
//! What a page says comes from the descriptors. Its sample comes from the intermediate
//! representation, as the library's tests have it, and stands once more in a Rust source, which is
//! compiled: no page shows a call that does not exist.

mod cell;
mod index;
mod notification;
mod operation;
mod place;
mod rows;
mod rust;
mod subject;
mod table;

use std::collections::BTreeMap;

use wxpay_spec::model::Spec;

use crate::error::{Errors, unprintable};
use crate::ir::{Api, Layout, Source};
use crate::samples::Calls;
use crate::{lower, parallel, print, samples};
use subject::{Subject, What};

/// The reference, as files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// The content of every page, by its path below the folder of the reference, with `/`.
    pub pages: BTreeMap<String, String>,
    /// The samples of all pages, as one Rust source.
    pub samples: String,
}

/// Writes the reference of the library.
///
/// # Errors
///
/// As [`generate`](crate::generate).
pub fn reference(spec: &Spec) -> Result<Reference, Errors> {
    let mut api = lower::lower(spec, Layout::Library)?;
    samples::attach(spec, &mut api)?;
    of_api(spec, &api)
}

/// The reference of what was lowered already.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<Reference, Errors> {
    let subjects = subject::all(spec, api);
    let calls = Calls::new(spec, api);
    let written = parallel::map(&subjects, |subject| {
        let sample = subject.sample(&calls)?;
        let text = page(&Pages { spec, api }, subject, &sample);
        Ok((text, sample))
    });
    let mut pages = index::pages(spec, &subjects);
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
    Ok(Reference { pages, samples: rust::source(&functions) })
}

/// What every page may look up.
#[derive(Clone, Copy)]
struct Pages<'a> {
    spec: &'a Spec,
    api: &'a Api,
}

fn page(pages: &Pages<'_>, subject: &Subject<'_>, sample: &str) -> String {
    match &subject.what {
        What::Operation(operation) => operation::page(pages, subject, operation, sample),
        What::Notification(notification) => {
            notification::page(pages, subject, notification, sample)
        }
    }
}

/// The first line of a page, by which the generator knows its own files.
fn mark(source: &Source) -> String {
    format!("<!-- {} -->\n\n", print::library_mark(source))
}

/// Ends a page: the way back to the indexes.
fn footer(path: &str) -> String {
    let link = |to| place::link(path, to);
    format!(
        "\n---\n\n[Products · 产品]({}) · [URLs · 接口地址]({}) · [Names · 接口名称]({})\n",
        link(index::BY_PRODUCT),
        link(index::BY_URL),
        link(index::BY_NAME),
    )
}
