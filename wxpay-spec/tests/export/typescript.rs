//! TypeScript declarations. `xtask/tests/export.rs` gives them to the TypeScript compiler.

use wxpay_spec::export::typescript;
use wxpay_spec::model::Shape;

use crate::support::{shop, tree};

#[test]
fn a_shop_with_every_key_of_the_language_is_declared() {
    insta::assert_snapshot!(typescript(&shop()));
}

/// Every operation is a method below its chain, every named type is there once.
#[test]
fn the_declarations_have_everything_once() {
    let text = typescript(tree());
    let calls = text.lines().filter(|line| line.contains("AxiosPromise<"));
    let calls = calls.filter(|line| !line.trim_start().starts_with('('));
    let operations: usize = tree().endpoints.values().map(|one| one.operations.len()).sum();
    assert_eq!(calls.filter(|line| !line.starts_with("import")).count(), operations);
    let types = text.split("export declare namespace ");
    let types = types.filter(|namespace| namespace.starts_with("WeChatPay.Types."));
    let types: String = types.collect();
    for (id, named) in &tree().types {
        let declared = match named.shape {
            Shape::Object { .. } => format!("\n  export interface {} {{\n", id.name),
            Shape::Enum { .. } => format!("\n  export type {} = ", id.name),
        };
        let same = tree().types.keys().filter(|other| other.name == id.name).count();
        let found = types.matches(&declared).count();
        assert!((1..=same).contains(&found), "{id}: {found}");
    }
}
