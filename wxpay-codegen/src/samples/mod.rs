//! A sample of every operation and notification, as one Rust source for the library's tests.
//!
//! Each operation becomes a function that builds the typed operation the way a user writes it,
//! with every input it has, and hands it to a visitor together with what the descriptor expects on
//! the wire. What is expected comes from the descriptors directly and not from the intermediate
//! representation, so that a mistake of lowering shows up as a difference.

mod call;
mod expected;
mod expression;
mod index;
mod json;
mod response;
mod visits;

use wxpay_spec::model::Spec;

pub(crate) use call::Calls;
pub(crate) use index::{described, notification_name, operation_name};
pub(crate) use json::text as json_text;

use crate::error::{Errors, unprintable};
use crate::ir::{Api, Content, Layout, Module, Source};
use crate::{lower, print};
use visits::VisitWriter;

/// Writes the source with a sample of every operation and of every notification's resource.
///
/// It expects a module `crate::visitor` with what it imports from there.
///
/// # Errors
///
/// As [`generate`](crate::generate).
pub fn samples(spec: &Spec) -> Result<String, Errors> {
    of_api(spec, &lower::lower(spec, Layout::Library)?)
}

/// The samples of what was lowered already.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<String, Errors> {
    print::library_file(&Source::Several, VisitWriter::new(spec, api).file(api)).map_err(|error| {
        let mut errors = Errors::default();
        errors.add(unprintable("samples", &error));
        errors
    })
}

/// Writes the sample of every operation into it.
pub(crate) fn attach(spec: &Spec, api: &mut Api) -> Result<(), Errors> {
    let operations: Vec<_> = api.operations().collect();
    let calls = Calls::new(spec, api);
    let written = print::on_every_core(&operations, |operation| {
        let Some((endpoint, _, described)) = described(spec, operation) else {
            return Ok(String::new());
        };
        let sample = calls.operation(endpoint, described, operation);
        print::statements(&sample).map_err(|error| unprintable(&endpoint.path, &error))
    });
    let mut errors = Errors::default();
    let mut samples = written.into_iter().map(|sample| {
        sample.unwrap_or_else(|error| {
            errors.add(error);
            String::new()
        })
    });
    attach_below(&mut api.modules, &mut samples);
    drop(samples);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn attach_below(modules: &mut [Module], samples: &mut impl Iterator<Item = String>) {
    for module in modules {
        for content in &mut module.contents {
            if let Content::Node(node) = content {
                for (operation, sample) in node.operations.iter_mut().zip(&mut *samples) {
                    operation.sample = sample;
                }
            }
        }
        attach_below(&mut module.children, samples);
    }
}
