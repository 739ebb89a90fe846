//! 上年锁定: last year's figures as they were approved, each with a check digest. Whoever changes
//! one later is asked for a reason.

use std::sync::Arc;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::leaves::{LeafAt, leaves};
use super::model::Lock;
use super::{schema, tree_of};
use crate::finding::{File, Finding};

/// The code of a figure that differs from the approved one.
pub const CHANGED: &str = "R-05";
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

/// Figures of a source that are not what was locked. One that went with its project is no matter.
pub fn check(file: &Arc<File>, lock: &Lock) -> Vec<Finding> {
    let Some(tree) = tree_of(file) else { return Vec::new() };
    let leaves = leaves(&tree, schema());
    let mut findings = Vec::new();
    for (address, digest) in &lock.figures.0 {
        let now = leaves.iter().find(|leaf| leaf.address == address.text);
        let amount = now.and_then(|leaf| leaf.node.scalar()).unwrap_or_default();
        if now.is_some() && of_figure(&lock.sha256.text, &address.text, amount) == digest.text {
            continue;
        }
        let help = format!(
            "改回 {} 里的数；确实要改的（如口径调整），在“说明”里写明 {CHANGED}",
            lock.file.text
        );
        let finding = match now {
            Some(leaf) => {
                Finding::warning(CHANGED, format!("上年数“{}”与锁定的不同", address.text))
                    .at(file, leaf.node.range.clone())
            }
            None if has_owner(&leaves, &address.text) => {
                Finding::warning(CHANGED, format!("锁定的上年数“{}”不见了", address.text))
                    .at(file, address.place.clone())
            }
            None => continue,
        };
        findings.push(finding.help(help));
    }
    findings
}

/// Whether what a figure belongs to is still there.
fn has_owner(leaves: &[LeafAt<'_>], address: &str) -> bool {
    let owner = address.rsplit_once('.').map_or("", |(owner, _)| owner);
    leaves.iter().any(|leaf| {
        leaf.address
            .strip_prefix(owner)
            .is_some_and(|rest| rest.starts_with('.') || owner.is_empty())
    })
}
