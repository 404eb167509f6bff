//! The answers that carry a link and the digest of what is behind it.

use super::FileLink;

macro_rules! carries_link {
    ($($feature:literal $family:ident: $($answer:ident),+;)*) => {
        $($(
            #[cfg(feature = $feature)]
            impl From<&crate::v3::$family::types::$answer> for FileLink {
                fn from(answer: &crate::v3::$family::types::$answer) -> Self {
                    let link = Self::new(&answer.download_url);
                    link.hash(answer.hash_type.as_str(), &answer.hash_value)
                }
            }
        )+)*
    };
}

carries_link! {
    "bank-batch-transfer" bank_batch_transfer: DetailReceipt, SummaryReceipt;
    "bill" bill: BillDownload;
    "fund-app" fund_app: BudgetReceipt, ElectronicReceipt;
    "platsolution" platsolution: DetailReceipt, SummaryReceipt;
    "transfer" transfer: BillReceipt;
    "transfer-detail" transfer_detail: ElectronicReceipt;
}
