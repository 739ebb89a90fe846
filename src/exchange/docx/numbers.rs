//! On which page everything that the 目录 lists begins, as the layout knows it.

use std::collections::BTreeMap;

use super::plan::Site;
use crate::report::{Address, Report};
use crate::typeset::Pages;

/// Printed page numbers by what the 目录 lists.
pub type Numbers = BTreeMap<Site, usize>;

fn least(of: &mut BTreeMap<usize, usize>, at: usize, page: usize) {
    let first = of.entry(at).or_insert(page);
    *first = page.min(*first);
}

/// The numbers that pages print, where every text has been located.
pub fn numbers(report: &Report, pages: &Pages) -> Numbers {
    let (mut parts, mut tables): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) =
        Default::default();
    for printed in &pages.printed {
        // The 目录 repeats titles, and so do the heads of tables: what is under them tells.
        match pages.markup.placed[printed.placed].address {
            Address::Block { chapter, .. } => least(&mut parts, chapter, printed.page),
            Address::Cell { table, .. } => least(&mut tables, table, printed.page),
            _ => {}
        }
    }
    let mut numbers = Numbers::new();
    let (mut chapter, mut table) = (0, 0);
    for (at, group) in report.groups.iter().enumerate() {
        let first = match group.chapters.is_empty() {
            false => parts.get(&chapter),
            true => tables.get(&table),
        };
        let own = usize::from(group.own_page);
        numbers.extend(first.map(|page| (Site::Group(at), page.saturating_sub(own))));
        for _ in &group.chapters {
            numbers.extend(parts.get(&chapter).map(|page| (Site::Title(chapter), *page)));
            chapter += 1;
        }
        for _ in &group.tables {
            numbers.extend(tables.get(&table).map(|page| (Site::Subject(table), *page)));
            table += 1;
        }
    }
    numbers
}
