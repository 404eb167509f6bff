//! Lowers an enum with its known values.

use wxpay_spec::model::EnumValue;

use super::Lowering;
use super::docs;
use super::names::NameKind;
use super::place::{Place, Scope};
use crate::ir::{Docs, Name, OpenEnum, TypePath, Variant};

impl Lowering<'_> {
    /// An enum with its known values.
    pub(super) fn open_enum(
        &mut self,
        path: TypePath,
        docs: Docs,
        integer: bool,
        values: &[EnumValue],
        place: &Place<'_>,
    ) -> OpenEnum {
        let keys = place.key("enum");
        let mut scope = Scope::default();
        let mut variants = Vec::with_capacity(values.len());
        for value in values {
            let place = keys.key(&value.wire);
            let rust = value.rust.as_deref();
            let Some(rust) = self.name(&value.wire, rust, NameKind::Variant, place) else {
                continue;
            };
            scope.claim(&rust, place, &mut self.errors);
            variants.push(Variant {
                docs: docs::variant(value),
                name: Name { wire: value.wire.clone(), rust },
            });
        }
        OpenEnum { path, docs, integer, variants }
    }
}
