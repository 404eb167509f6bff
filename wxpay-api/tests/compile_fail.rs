//! What must not compile, and that the compiler says why.

#![cfg(all(feature = "pay", feature = "payscore", feature = "refund"))]

#[test]
fn a_forgotten_required_field_is_named() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/forgotten_*.rs");
}

#[test]
fn the_result_of_a_comparison_must_be_used() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/unused_match.rs");
}
