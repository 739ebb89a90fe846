//! `yusuan` (预算) makes the published budget report of a Chinese government department from one
//! YAML source in which every fact stands once.
//!
//! ```text
//! source ─▶ budget ─▶ form ─▶ report ─▶ typeset ─▶ PDF, SVG, PNG, Typst
//!                               └──▶ exchange ─▶ XLSX, CSV, JSON, HTML, Fiscal Data Package
//! ```
//!
//! Each stage is a module, a pure function of the one before it. Files, clocks and terminals are
//! touched only in [`cli`].

pub mod audit;
pub mod budget;
pub mod cli;
pub mod compare;
pub mod exchange;
pub mod finding;
pub mod form;
mod marks;
pub mod new_year;
pub mod report;
pub mod source;
pub mod typeset;
