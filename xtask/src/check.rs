use std::collections::BTreeMap;
use std::error::Error;

use wxpay_spec::model::Spec;

use crate::workspace::Workspace;

/// Checks the descriptors and prints what they describe, family by family.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(&workspace.descriptors())?;
    // Names are the generator's business, so it has to agree as well.
    wxpay_codegen::generate(&spec, wxpay_codegen::Target::Library)?;
    wxpay_codegen::samples(&spec)?;
    wxpay_codegen::reference(&spec)?;
    for (family, operations) in operations_by_family(&spec) {
        println!("{operations:5}  {family}");
    }
    println!(
        "{} URLs, {} operations, {} named types, {} notifications: all correct",
        spec.endpoints.len(),
        spec.endpoints.values().map(|endpoint| endpoint.operations.len()).sum::<usize>(),
        spec.types.len(),
        spec.notifications.len(),
    );
    Ok(())
}

fn operations_by_family(spec: &Spec) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        *counts.entry(endpoint.family.as_str()).or_default() += endpoint.operations.len();
    }
    counts
}
