//! The descriptors that the tests export.

use std::path::Path;
use std::sync::OnceLock;

use wxpay_spec::model::Spec;
use wxpay_spec::{SourceFile, load, read};

/// All descriptors of the project.
pub(crate) fn tree() -> &'static Spec {
    static TREE: OnceLock<Spec> = OnceLock::new();
    TREE.get_or_init(|| {
        load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// A small shop that uses every key of the language.
pub(crate) fn shop() -> Spec {
    let files = [
        ("families.yaml", include_str!("fixtures/families.yaml")),
        ("types/shop.yaml", include_str!("fixtures/types.yaml")),
        ("endpoints/v3/shop/orders/{out_order_no}.yaml", include_str!("fixtures/order.yaml")),
        ("endpoints/v3/shop/orders/{out_order_no}/delete.yaml", include_str!("fixtures/hide.yaml")),
        ("endpoints/v3/shop/orders/{order_id}.yaml", include_str!("fixtures/by_id.yaml")),
        ("endpoints/v3/shop/policy_periods.yaml", include_str!("fixtures/periods.yaml")),
        ("endpoints/brand/shop/cards.yaml", include_str!("fixtures/card.yaml")),
        ("endpoints/v3/shop/images.yaml", include_str!("fixtures/images.yaml")),
        ("notifications/shop/order.yaml", include_str!("fixtures/notification.yaml")),
        ("notifications/shop/twin.yaml", include_str!("fixtures/twin.yaml")),
        ("notifications/shop/other.yaml", include_str!("fixtures/other.yaml")),
    ];
    let files = files.map(|(path, text)| SourceFile { path: path.into(), text: text.into() });
    read(files).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}
