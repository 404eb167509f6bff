//! What must not compile, and that the compiler says why.

#![cfg(feature = "payscore")]

#[test]
fn a_forgotten_required_field_is_named() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/forgotten_*.rs");
}
