//! The answers that carry links and the digests of what is behind them.

macro_rules! carries_link {
    ($($feature:literal $family:ident: $($answer:ident),+;)*) => {
        $($(
            #[cfg(feature = $feature)]
            impl From<&crate::v3::$family::types::$answer> for crate::FileLink {
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

macro_rules! lists_encrypted_files {
    ($($feature:literal $answer:ty;)*) => {$(
        #[cfg(feature = $feature)]
        impl From<&$answer> for crate::EncryptedBill {
            fn from(answer: &$answer) -> Self {
                let files = answer.download_bill_list.iter().map(|file| {
                    crate::EncryptedFile::new(&file.download_url, file.encrypt_key.clone(), &file.nonce)
                        .sequence(file.bill_sequence.unwrap_or_default())
                        .hash(file.hash_type.as_str(), &file.hash_value)
                });
                Self::new(files).count(answer.download_bill_count)
            }
        }
    )*};
}

lists_encrypted_files! {
    "bill" crate::v3::bill::types::EncryptedBillDownloads;
    "payscore" crate::v3::payscore::merchant_bill::get::Response;
}
