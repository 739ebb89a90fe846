//! Every amount that is printed has its place on its pages: what the preview's clicks, find,
//! findings and comparisons lead to.

use crate::support::{making, samples};

use std::collections::BTreeSet;

use yusuan::report::{Address, Origin};
use yusuan::typeset::Typesetter;

/// Amounts from so many characters on may break in their cells: what is drawn then is a new text,
/// which has no place. This goes as soon as no amount breaks.
const MAY_BREAK: usize = 8;

/// The amounts of a report that stand nowhere, and how many there are in all.
fn lost(typesetter: &Typesetter, text: &str) -> (Vec<String>, usize) {
    let form = making::shipped_form();
    let (_, pages) = making::shown(making::pages(typesetter, &form, text));
    let here: BTreeSet<usize> = pages.areas().iter().map(|area| area.placed).collect();
    let placed = pages.markup.placed.iter().enumerate();
    let amounts = placed.filter(|(_, one)| matches!(one.origin, Origin::Figure(..)));
    let breaks = |address: Address, text: &str| {
        matches!(address, Address::Cell { .. }) && text.chars().count() >= MAY_BREAK
    };
    let amounts =
        amounts.filter(|(_, one)| !one.text.is_empty() && !breaks(one.address, &one.text));
    let (mut lost, mut count) = (Vec::new(), 0);
    for (at, one) in amounts {
        count += 1;
        if !here.contains(&at) {
            lost.push(format!("{:?} {}", one.address, one.text));
        }
    }
    (lost, count)
}

#[test]
fn every_amount_has_its_place() {
    let typesetter = making::typesetter();
    let shipped = ("2023", crate::support::text("input/2023.yaml"));
    for (name, text) in samples::all().into_iter().chain([shipped]) {
        let (lost, count) = lost(&typesetter, &text);
        assert!(count > 200, "{name}: {count}");
        assert_eq!(lost, [""; 0], "{name}");
    }
}

#[test]
fn every_way_to_print_has_its_places() {
    let typesetter = making::typesetter();
    let (_, text) = samples::all().swap_remove(1);
    for print in samples::PRINTS {
        let (lost, count) = lost(&typesetter, &samples::printed(&text, print));
        assert!(count > 100, "{print}: {count}");
        assert_eq!(lost, [""; 0], "{print}");
    }
}
