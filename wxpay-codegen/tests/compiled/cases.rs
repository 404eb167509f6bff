//! Compiles the code of every case, and the code with difficult names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

macro_rules! cases {
    ($($case:ident)*) => {
        $(
            #[allow(missing_docs)]
            pub(crate) mod $case {
                include!(concat!("../generate/cases/", stringify!($case), "/expected.rs"));
            }
        )*

        #[test]
        fn every_folder_is_compiled() {
            let cases = BTreeSet::from([$(stringify!($case).to_owned()),*]);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generate/cases");
            let folders = fs::read_dir(folder).expect("the folder of cases");
            let folders = folders.map(|entry| entry.expect("an entry").file_name());
            assert_eq!(cases, folders.map(|name| name.to_string_lossy().into_owned()).collect());
        }
    };
}

cases! {
    after before cancel download header json named notifications prepay prose query relaxed
    siblings statuses strict update upload
}

#[allow(missing_docs)]
pub(crate) mod obstacles {
    include!("../generate/obstacles/expected.rs");
}
