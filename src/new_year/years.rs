//! The years that a text speaks of, one further: 2023年 becomes 2024年.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9]+[ \u{3000}]?年").expect("a valid expression"));

/// A text in which this year and the one before are one later. Older years are history, later ones
/// are plans: both stay.
pub fn advanced(text: &str, year: u32) -> String {
    let later = |captures: &Captures<'_>| {
        let whole = &captures[0];
        let digits = whole.trim_end_matches(|c: char| !c.is_ascii_digit());
        match digits.parse::<u32>() {
            Ok(have) if have == year || have + 1 == year => {
                format!("{}{}", have + 1, &whole[digits.len()..])
            }
            _ => whole.to_owned(),
        }
    };
    YEAR.replace_all(text, later).into_owned()
}
