//! The entry points: generate the files for one target, or everything for the library.

use std::collections::BTreeMap;
use std::{panic, thread};

use wxpay_spec::model::Spec;

use crate::emit::Children;
use crate::error::{Errors, unprintable};
use crate::ir::{Api, Layout, Module, Source};
use crate::output::{Counts, Feature, Output, Target};
use crate::reference::Reference;
use crate::{book, catalogue, emit, lower, print, public_api, reference, samples};

/// The names of the files for [`Target::Crate`].
const SINGLE_FILE: &str = "wxpay.rs";
const SINGLE_BOOK: &str = "sandbox.json.gz";

/// Generates everything for a target.
///
/// # Errors
///
/// All reasons why the descriptors cannot become Rust, such as two names that become equal.
pub fn generate(spec: &Spec, target: Target) -> Result<Output, Errors> {
    match target {
        Target::Library => of_api(spec, &lowered(spec, Layout::Library)?),
        Target::Crate => {
            let api = lowered(spec, Layout::Single)?;
            let files = BTreeMap::from([
                (SINGLE_FILE.to_owned(), single_file(&api)?.into_bytes()),
                (SINGLE_BOOK.to_owned(), book::whole(spec)),
            ]);
            Ok(output(files, Vec::new(), &api))
        }
    }
}

fn lowered(spec: &Spec, layout: Layout) -> Result<Api, Errors> {
    let mut api = lower::lower(spec, layout)?;
    samples::attach(spec, &mut api)?;
    Ok(api)
}

/// Generates the library's files of a lowered API.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<Output, Errors> {
    Ok(output(library_files(spec, api)?, lower::features(spec), api))
}

fn output(files: BTreeMap<String, Vec<u8>>, features: Vec<Feature>, api: &Api) -> Output {
    let public_api = public_api::public_api(api);
    Output { files, features, public_api, counts: Counts::of(api) }
}

fn single_file(api: &Api) -> Result<String, Errors> {
    print::single_file(emit::single_file(api)).map_err(|error| {
        let mut errors = Errors::default();
        errors.add(unprintable(SINGLE_FILE, &error));
        errors
    })
}

fn library_files(spec: &Spec, api: &Api) -> Result<BTreeMap<String, Vec<u8>>, Errors> {
    let mut modules = Vec::new();
    flatten(&api.modules, &mut modules);
    let root = print::library_file(&Source::Several, emit::library_root(api));
    let sandbox = print::library_file(&Source::Several, emit::sandbox(&api.books));
    let mut printed = print::on_every_core(&modules, print_module);
    printed.push(("mod.rs".to_owned(), root));
    printed.push(("sandbox.rs".to_owned(), sandbox));
    let mut files = BTreeMap::new();
    let mut errors = Errors::default();
    for (path, text) in printed {
        match text {
            Ok(text) => {
                files.insert(path, text.into_bytes());
            }
            Err(error) => errors.add(unprintable(&path, &error)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    files.extend(book::books(spec, &api.books));
    Ok(files)
}

fn flatten<'a>(modules: &'a [Module], into: &mut Vec<&'a Module>) {
    for module in modules {
        into.push(module);
        flatten(&module.children, into);
    }
}

fn print_module(module: &&Module) -> (String, Result<String, syn::Error>) {
    let tokens = match is_top(module) {
        true => emit::library_top(module),
        false => emit::module(module, Children::Files),
    };
    (file_path(module), print::library_file(&module.source, tokens))
}

fn file_path(module: &Module) -> String {
    let names: Vec<_> = module.path.names().iter().map(|name| name.text.as_str()).collect();
    let below = if is_top(module) { "/mod" } else { "" };
    format!("{}{below}.rs", names.join("/"))
}

/// Whether `lib.rs` declares a module, with `#[path]`. The folder of such a file is the folder of
/// its children.
fn is_top(module: &Module) -> bool {
    module.path.names().len() == 1
}

/// Everything that the library's repository contains of its descriptors.
#[derive(Clone, Debug)]
pub struct Library {
    /// The code, as [`generate()`] returns it.
    pub output: Output,
    /// The samples for the library's tests, as [`samples`](crate::samples()) returns them.
    pub samples: String,
    /// The pages for readers, as [`reference`](crate::reference()) returns them.
    pub reference: Reference,
    /// The catalogue of the program `wxpay`: a sequence of gzip members, each one line of JSON.
    pub catalogue: Vec<u8>,
}

/// Generates the code, the samples and the reference, in parallel.
///
/// # Errors
///
/// The errors of [`generate()`].
pub fn library(spec: &Spec) -> Result<Library, Errors> {
    let mut api = lower::lower(spec, Layout::Library)?;
    samples::attach(spec, &mut api)?;
    thread::scope(|scope| {
        let samples = scope.spawn(|| samples::of_api(spec, &api));
        let output = of_api(spec, &api)?;
        let reference = reference::of_api(spec, &api)?;
        let catalogue = catalogue::of_api(spec, &api)?;
        // A thread should not panic. If one does, its result must not be missing silently.
        let samples = samples.join().unwrap_or_else(|panic| panic::resume_unwind(panic))?;
        Ok(Library { output, samples, reference, catalogue })
    })
}
