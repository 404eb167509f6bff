//! What the hand-written library needs of the descriptors: the generated types that it names.

use std::collections::BTreeSet;

use wxpay_spec::model::{Method, Spec, TypeId};

use crate::workspace::Workspace;

/// The operations whose modules the library names, by the family without which it does not need them.
const OPERATIONS: [(&str, Method, &str); 2] = [
    ("core", Method::Post, "/v3/security/echo"),
    ("payscore", Method::Get, "/v3/payscore/merchant-bill"),
];

/// The named types that the library names where their family has an operation.
const TYPES: [(&str, &[&str]); 10] = [
    ("bank-batch-transfer", &["DetailReceipt", "SummaryReceipt"]),
    ("bill", &["BillDownload", "EncryptedBillDownloads"]),
    ("combine-transactions", &["CombineTransaction"]),
    ("ecommerce", &["Refund"]),
    ("fund-app", &["BudgetReceipt", "ElectronicReceipt"]),
    ("pay", &["PartnerTransaction", "TradeState", "Transaction"]),
    ("platsolution", &["DetailReceipt", "SummaryReceipt"]),
    ("refund", &["Refund", "RefundResult", "RefundStatus"]),
    ("transfer", &["BillReceipt"]),
    ("transfer-detail", &["ElectronicReceipt"]),
];

/// Checks that the descriptors have what the library of the same workspace names.
///
/// # Errors
///
/// A text that lists what is missing. A workspace without the library's code needs nothing.
pub(crate) fn check(workspace: &Workspace, spec: &Spec) -> Result<(), String> {
    if !workspace.path("wxpay-api/src/client/self_test").is_dir() {
        return Ok(());
    }
    let missing = missing(spec);
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the code of wxpay-api would not compile, because it names what these descriptors lack: {}; \
         keep the descriptors of wxpay-spec for these, or generate your operations into a crate of \
         your own with wxpay-codegen",
        missing.join(", ")
    ))
}

fn missing(spec: &Spec) -> Vec<String> {
    let families: BTreeSet<&str> =
        spec.endpoints.values().map(|endpoint| endpoint.family.as_str()).collect();
    let is_needed = |family: &str| family == "core" || families.contains(family);
    let has = |method: &Method, path: &str| {
        spec.endpoints.get(path).is_some_and(|endpoint| endpoint.operations.contains_key(method))
    };
    let operations = OPERATIONS
        .iter()
        .filter(|(family, method, path)| is_needed(family) && !has(method, path))
        .map(|(_, method, path)| format!("{} {path}", method.wire()));
    let types = TYPES.iter().filter(|(family, _)| is_needed(family));
    let types = types.flat_map(|(family, names)| {
        names.iter().map(|name| TypeId { family: (*family).to_owned(), name: (*name).to_owned() })
    });
    let types = types.filter(|id| !spec.types.contains_key(id)).map(|id| format!("type {id}"));
    operations.chain(types).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{OPERATIONS, TYPES, missing};
    use crate::workspace::Workspace;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("generated") {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }

    /// The families below `crate::v3::` whose types code outside comments names.
    fn named() -> BTreeSet<String> {
        let mut files = Vec::new();
        sources(&Workspace::at(None).path("wxpay-api/src"), &mut files);
        let mut named = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(file).unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in lines {
                let families = line.split("crate::v3::").skip(1);
                let word = |rest: &str| {
                    rest.chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect::<String>()
                };
                named.extend(families.map(word).filter(|word| !word.is_empty()));
            }
        }
        named
    }

    #[test]
    fn everything_that_the_library_names_is_listed() {
        let named = named();
        assert!(named.contains("pay") && named.contains("security"), "{named:?}");
        let listed: BTreeSet<String> = TYPES
            .iter()
            .map(|(family, _)| family.replace('-', "_"))
            .chain(OPERATIONS.iter().filter_map(|(_, _, path)| {
                Some(path.strip_prefix("/v3/")?.split('/').next()?.replace('-', "_"))
            }))
            .collect();
        let missing: Vec<_> = named.difference(&listed).collect();
        assert!(missing.is_empty(), "add to TYPES or OPERATIONS: {missing:?}");
    }

    #[test]
    fn the_projects_own_descriptors_have_all_of_it() {
        let spec = wxpay_spec::load(&Workspace::at(None).descriptors());
        assert_eq!(spec.map(|spec| missing(&spec)).ok(), Some(Vec::new()));
    }
}
