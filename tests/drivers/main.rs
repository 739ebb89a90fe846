//! All tests but the preview's, in one binary: Typst is linked once.
//!
//! A driver a concern; what it drives lies in the folder of its name beside this one. One concern
//! alone: `cargo test --release --test drivers rules::`.

mod common;
mod support;

mod bad_input;
mod balance;
mod broken_forms;
mod cli;
mod consistent;
mod determinism;
mod diff;
mod edit;
mod exchange;
mod fidelity;
mod findings;
mod fonts;
mod formulas;
mod generated;
mod glyphs;
mod import;
mod injection;
mod markers;
mod money;
mod new_year;
mod page_samples;
mod pages;
mod places;
mod printed;
mod prose;
mod quantity;
mod random;
mod rules;
mod second_form;
mod seeded_faults;
mod word;
