/// A struct with a field for each column: its type, and the names that the column goes by.
macro_rules! record {
    (
        $(#[$of_struct:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* $field:ident: $kind:ty = $($column:literal)|+,)*
        }
        $(required $($($required:literal)|+ $(beside $($beside:literal)|+)?),+;)?
        $(then $complete:ident;)?
    ) => {
        $(#[$of_struct])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* pub $field: $kind,)*
            /// The cells of all other columns.
            pub other: $crate::bills::Row,
        }

        impl $name {
            /// The columns of amounts and counts that the bill does not have. `None` in these fields
            /// is no empty cell, and adding it up as zero gives a wrong sum.
            #[must_use]
            pub fn missing_columns(&self) -> Vec<&'static str> {
                <Self as $crate::bills::FromRow>::missing_columns(&self.other)
            }
        }

        impl $crate::bills::FromRow for $name {
            const COLUMNS: &'static [&'static str] = &[$($($column),+),*];

            $(const REQUIRED: &'static [$crate::bills::RequiredColumn] = &[$(
                $crate::bills::RequiredColumn {
                    names: &[$($required),+],
                    beside: &[$($($beside),+)?],
                },
            )+];)?

            fn from_row(mut row: $crate::bills::Row) -> Result<Self, $crate::bills::BillError> {
                let record = Self { $($field: row.take(&[$($column),+])?,)* other: row };
                $(let record = record.$complete();)?
                Ok(record)
            }

            fn missing_columns(row: &$crate::bills::Row) -> Vec<&'static str> {
                let numbers = [$((<$kind as $crate::bills::Cell>::NUMBER, &[$($column),+] as &[&'static str]),)*];
                let missing = numbers.iter().filter(|(number, names)| *number && !row.has_any(names));
                missing.filter_map(|(_, names)| names.first().copied()).collect()
            }
        }
    };
}

pub(super) use record;
