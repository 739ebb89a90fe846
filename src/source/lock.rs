//! 上年锁定: last year's figures as they were approved, each with a check digest. Whoever changes
//! one later is asked for a reason.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::leaves::LeafAt;
use super::model::Lock;
use super::scalar::Text;

/// Hex digits of a figure's digest: enough to notice a change.
const DIGITS: usize = 8;

/// The digest of a whole file.
pub fn of_file(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of a figure: of its place, its amount and the file that it came from.
pub fn of_figure(file: &str, address: &str, amount: &str) -> String {
    let amount = Decimal::from_str_exact(amount)
        .map_or(amount.to_owned(), |amount| amount.normalize().to_string());
    let mut digest = hex(&Sha256::digest(format!("{file}\n{address}\n{amount}")));
    digest.truncate(DIGITS);
    digest
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What became of a locked figure, or of one that should be.
#[derive(Debug)]
pub enum Change<'a, 't> {
    /// Another amount at the same place.
    Changed(&'a LeafAt<'t>),
    /// What it belongs to is there, its amount is not.
    Gone(&'a Text),
    /// The same amount under another name: of a project, of a unit.
    Renamed(&'a Text, &'a LeafAt<'t>),
    /// What it belonged to is no more.
    Ended(&'a Text),
    /// A figure that the lock does not have.
    Unlocked(&'a LeafAt<'t>),
}

/// How a source's last year's figures differ from a lock. `figures` are those that ought to be
/// locked, `leaves` all values of the source.
pub fn compare<'a, 't>(
    lock: &'a Lock,
    leaves: &'a [LeafAt<'t>],
    figures: &[&'a LeafAt<'t>],
) -> Vec<Change<'a, 't>> {
    let by_address: HashMap<&str, &LeafAt<'_>> =
        leaves.iter().map(|leaf| (leaf.address.as_str(), leaf)).collect();
    let owners: HashSet<&str> = leaves.iter().flat_map(|leaf| owners(&leaf.address)).collect();
    let locked: HashSet<&str> = lock.figures.0.iter().map(|(it, _)| it.text.as_str()).collect();
    let mut unlocked: Vec<&LeafAt<'_>> = figures
        .iter()
        .copied()
        .filter(|leaf| !locked.contains(leaf.address.as_str()) && !is_zero(leaf))
        .collect();
    let mut changes = Vec::new();
    for (address, digest) in &lock.figures.0 {
        let was = |amount: &str| of_figure(&lock.sha256.text, &address.text, amount) == digest.text;
        let is = |leaf: &LeafAt<'_>| was(leaf.node.scalar().unwrap_or_default());
        let now = by_address.get(address.text.as_str()).filter(|leaf| leaf.is_filled());
        let renamed = || {
            let alike =
                |leaf: &&LeafAt<'_>| shape(&leaf.address) == shape(&address.text) && is(leaf);
            unlocked.iter().position(alike)
        };
        match now {
            Some(leaf) if is(leaf) => {}
            Some(leaf) => changes.push(Change::Changed(leaf)),
            // What is not written is zero.
            None if was("0") => {}
            None if owner(&address.text).is_none_or(|it| owners.contains(it)) => {
                changes.push(Change::Gone(address));
            }
            None => match renamed() {
                Some(at) => changes.push(Change::Renamed(address, unlocked.remove(at))),
                None => changes.push(Change::Ended(address)),
            },
        }
    }
    changes.extend(unlocked.into_iter().map(Change::Unlocked));
    changes
}

/// The unit or project that an address lies in.
fn owner(address: &str) -> Option<&str> {
    address.rfind(']').map(|end| &address[..=end])
}

/// Everything that an address lies in.
fn owners(address: &str) -> impl Iterator<Item = &str> {
    address.match_indices('.').map(|(at, _)| &address[..at])
}

/// An address without the names in it: 预算单位[].项目[].上年预算.
fn shape(address: &str) -> String {
    let mut depth = 0_u32;
    let mut shape = String::new();
    for c in address.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => shape.push(c),
            _ => {}
        }
    }
    shape
}

fn is_zero(leaf: &LeafAt<'_>) -> bool {
    let amount = leaf.node.scalar().and_then(|text| Decimal::from_str_exact(text).ok());
    amount.is_none_or(|amount| amount.is_zero())
}
