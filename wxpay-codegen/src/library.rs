//! Generates everything of the library's repository that its descriptors decide.

use std::{panic, thread};

use wxpay_spec::model::Spec;

use crate::error::Errors;
use crate::ir::Layout;
use crate::output::Output;
use crate::reference::Reference;
use crate::{generate, lower, reference, samples};

/// Everything that the library's repository holds of its descriptors.
#[derive(Clone, Debug)]
pub struct Library {
    /// The code, as [`generate`](crate::generate()) gives it.
    pub output: Output,
    /// What the library's tests go over, as [`samples`](crate::samples()) gives it.
    pub samples: String,
    /// The pages for readers, as [`reference`](crate::reference()) gives them.
    pub reference: Reference,
}

/// Generates the code, the samples and the reference, side by side.
///
/// # Errors
///
/// As [`generate`](crate::generate()).
pub fn library(spec: &Spec) -> Result<Library, Errors> {
    let mut api = lower::lower(spec, Layout::Library)?;
    samples::attach(spec, &mut api)?;
    thread::scope(|scope| {
        let samples = scope.spawn(|| samples::of_api(spec, &api));
        let output = generate::of_api(spec, &api)?;
        let reference = reference::of_api(spec, &api)?;
        // A worker has nothing to panic at; should it, its result may not silently be missing.
        let samples = samples.join().unwrap_or_else(|panic| panic::resume_unwind(panic))?;
        Ok(Library { output, samples, reference })
    })
}
