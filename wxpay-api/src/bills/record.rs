/// A struct with a field for each column: its type, and the names that the column goes by.
macro_rules! record {
    (
        $(#[$of_struct:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* $field:ident: $kind:ty = $($column:literal)|+,)*
        }
    ) => {
        $(#[$of_struct])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* pub $field: $kind,)*
            /// The cells of all other columns.
            pub other: $crate::bills::Row,
        }

        impl $crate::bills::FromRow for $name {
            const COLUMNS: &'static [&'static str] = &[$($($column),+),*];

            fn from_row(mut row: $crate::bills::Row) -> Result<Self, $crate::bills::BillError> {
                Ok(Self { $($field: row.take(&[$($column),+])?,)* other: row })
            }
        }
    };
}

pub(super) use record;
