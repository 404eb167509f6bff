//! Tests the library's unusual operations, generated from the real descriptors.

use insta::assert_snapshot;

use crate::support::{file, library, real};

/// Operations with a special address or response, which their endpoint facts show.
const ENDPOINTS: [(&str, &str); 11] = [
    ("a slash at the end of the URL", "v3/applyment4sub/applyment.rs"),
    ("another host", "v3/global/transactions/id/_transaction_id_.rs"),
    ("no /v3 in front", "hk/v3/transactions/id/_transaction_id_.rs"),
    ("an encrypted bill", "v3/payscore/merchant_bill.rs"),
    ("a literal segment called `delete`", "v3/profitsharing/receivers/delete_.rs"),
    ("204", "v3/pay/transactions/out_trade_no/_out_trade_no_/close.rs"),
    ("202", "v3/new_tax_control_fapiao/fapiao_applications/real_estate_leasing.rs"),
    ("200 or 202", "v3/pay/transactions/codepay.rs"),
    ("one value in query and body", "v3/apply4subject/applyment.rs"),
    ("a header parameter", "v3/marketing/partnerships/build.rs"),
    ("secrets in the query", "v3/smartguide/guides.rs"),
];

/// Uploads, downloads and the one notification that expects a response, with all their code.
const IN_FULL: [(&str, &str); 6] = [
    ("upload", "v3/merchant/media/upload.rs"),
    ("upload_with_sm3", "v3/new_tax_control_fapiao/fapiao_applications/upload_fapiao_file.rs"),
    ("upload_with_a_secret", "v3/marketing/shopping_receipt/shopping_receipts.rs"),
    ("download", "v3/billdownload/file.rs"),
    ("download_with_a_signed_digest", "v3/global/statements.rs"),
    ("terminate_retention", "notifications/papay/terminate_retention.rs"),
];

#[test]
fn every_exceptional_kind() {
    let output = library(&real());
    for (name, path) in IN_FULL {
        assert_snapshot!(format!("exceptional_{name}"), file(&output, path));
    }
    let endpoints =
        ENDPOINTS.map(|(what, path)| format!("// {what}\n{}", kinds(&file(&output, path))));
    assert_snapshot!("exceptional_endpoints", endpoints.join("\n"));
}

/// The implementations of `OperationKind`, with the endpoint facts and the encoding.
fn kinds(code: &str) -> String {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in code.lines() {
        inside |= line.starts_with("    impl ::wxpay_api::codegen::OperationKind for");
        if inside {
            lines.push(line);
        }
        inside &= line != "    }";
    }
    assert!(!lines.is_empty(), "no operation in:\n{code}");
    lines.join("\n") + "\n"
}
