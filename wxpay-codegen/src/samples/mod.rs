//! Writes a sample of every operation and notification, as one Rust source for the library's tests.
//!
//! Each operation becomes a function. The function builds the typed operation as a user would, with
//! all inputs, and passes it to a visitor together with the expected request. The expected request
//! comes directly from the descriptors, so that a mistake of lowering becomes a difference.

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
/// The source imports its visitor from a module `crate::visitor`.
///
/// # Errors
///
/// The errors of [`generate`](crate::generate()).
pub fn samples(spec: &Spec) -> Result<String, Errors> {
    of_api(spec, &lower::lower(spec, Layout::Library)?)
}

/// Writes the samples of a lowered API.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<String, Errors> {
    print::library_file(&Source::Several, VisitWriter::new(spec, api).file(api)).map_err(|error| {
        let mut errors = Errors::default();
        errors.add(unprintable("samples", &error));
        errors
    })
}

/// Writes a sample call into each operation.
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
