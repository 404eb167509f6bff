//! One folder per case: descriptors, and the code for another crate that they become. That code is
//! compiled here too.

use std::collections::BTreeSet;
use std::fs;

use crate::support::folder;

macro_rules! cases {
    ($($case:ident)*) => {
        $(
            #[allow(missing_docs)]
            pub(crate) mod $case {
                include!(concat!("cases/", stringify!($case), "/expected.rs"));

                use crate::support::{compare_with, spec};

                #[test]
                fn is_as_expected() {
                    let file = concat!("cases/", stringify!($case), "/expected.rs");
                    compare_with(file, &spec(stringify!($case)));
                }
            }
        )*

        #[test]
        fn every_folder_is_a_case() {
            let cases = BTreeSet::from([$(stringify!($case).to_owned()),*]);
            let folders = fs::read_dir(folder("")).expect("the folder of cases");
            let folders = folders.map(|entry| entry.expect("an entry").file_name());
            assert_eq!(cases, folders.map(|name| name.to_string_lossy().into_owned()).collect());
        }
    };
}

cases! {
    after before cancel download header json named notifications prepay prose query siblings
    statuses upload
}
