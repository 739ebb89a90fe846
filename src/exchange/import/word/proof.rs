//! What was taken has to come out in print as the draft has it: the report is made again of the
//! changed source, and looked at.

use std::collections::BTreeSet;

use super::super::amount::Amount;
use super::super::{Change, Changes, UNFIT};
use super::added::Arrival;
use super::compare::clean;
use super::resolve::{Claim, Want};
use super::spots::{At, Base, brief};
use crate::exchange::docx::plan::{Body, plan};
use crate::report::{Origin, Piece, Report, plain};
use crate::source::edit::{self, Edit, Path};

/// Makes the report of a text of the source; none where it makes none.
pub type Remake<'r> = dyn Fn(&[u8]) -> Option<Report> + 'r;

/// The report as it was exported, and the way to make it again.
pub struct Proof<'a> {
    pub base: &'a Base<'a>,
    pub remake: &'a Remake<'a>,
}

impl Proof<'_> {
    /// The report after some of the changes; none where there are none, or no report.
    fn after(&self, changes: &Changes, some: impl Fn(&Edit) -> bool) -> Option<Report> {
        let edits = changes.changes.iter().map(|change| change.edit.clone());
        let edits: Vec<Edit> = edits.filter(some).collect();
        let file = self.base.file();
        let bytes = edit::apply(&file.name, file.text.as_bytes(), &edits).ok()?;
        if edits.is_empty() { None } else { (self.remake)(&bytes) }
    }

    /// Takes out what does not come to what the draft says, and says so.
    pub fn sets(&self, wants: &[Want], changes: &mut Changes) {
        let Some(report) = self.after(changes, |edit| matches!(edit, Edit::Set(..))) else {
            return;
        };
        let items = plan(&report);
        let Some(after) = Base::new(&report, &items) else { return };
        // A new line moves all that are below it.
        let moved = after.lines.len() != self.base.lines.len();
        let mut wrong: BTreeSet<Path> = BTreeSet::new();
        let open = |want: &&Want| {
            let blank = want.text.contains('\n') || want.text.trim().is_empty();
            !blank && !is_printed(&after, want.at, want.piece, &want.text, moved)
        };
        for want in wants.iter().filter(open) {
            if wrong.insert(want.path.clone()) {
                let printed = after.line(want.at).map(|line| brief(&plain(line)));
                let message = format!(
                    "{}：改成“{}”，可是数据文件照改以后印出来的是“{}”",
                    self.base.called(want.at),
                    brief(&want.text),
                    printed.unwrap_or_default()
                );
                changes.doubt(UNFIT, message, "在数据文件里改这一处，再看印出来的");
            }
        }
        changes.changes.retain(|change| match &change.edit {
            Edit::Set(path, _) => !wrong.contains(path),
            _ => true,
        });
    }

    /// The same of what is new.
    pub fn arrivals(&self, arrivals: &[Arrival], changes: &mut Changes) {
        if arrivals.is_empty() {
            return;
        }
        let Some(report) = self.after(changes, |_| true) else { return };
        let items = plan(&report);
        let Some(after) = Base::new(&report, &items) else { return };
        for arrival in arrivals.iter().filter(|arrival| !has_come(&after, arrival)) {
            changes.doubt(
                UNFIT,
                format!("{}：照它改数据文件以后，印出来的与它不一样", arrival.called),
                "在数据文件里加，再看印出来的",
            );
            changes.changes.retain(|change: &Change| match &change.edit {
                Edit::Insert { into, .. } => *into != arrival.path,
                Edit::Set(path, _) | Edit::Remove(path) => *path != arrival.path,
                _ => true,
            });
        }
    }

    /// What nobody can change by itself stays a doubt, unless the other changes bring it about.
    pub fn claims(&self, claims: Vec<Claim>, changes: &mut Changes) {
        let report = if claims.is_empty() { None } else { self.after(changes, |_| true) };
        let items = report.as_ref().map(plan).unwrap_or_default();
        let after = report.as_ref().and_then(|report| Base::new(report, &items));
        let comes = |claim: &Claim| {
            after.as_ref().is_some_and(|after| {
                let moved = after.lines.len() != self.base.lines.len();
                let Claim { at, piece, text, .. } = claim;
                let own = after.line(*at).and_then(|line| line.get(*piece));
                own.is_some_and(|piece| same(&piece.text, text))
                    || moved && self.whole_line(claim).is_some_and(|line| has_line(after, &line))
            })
        };
        let open = claims.into_iter().filter(|claim| !comes(claim));
        changes.doubts.extend(open.map(|claim| claim.doubt));
    }

    /// The line that a claim would make of the old one.
    fn whole_line(&self, claim: &Claim) -> Option<String> {
        let line = self.base.line(claim.at)?.iter().enumerate();
        let texts = line.map(|(at, piece)| match at == claim.piece {
            true => claim.text.as_str(),
            false => piece.text.as_str(),
        });
        Some(clean(&texts.collect::<String>()))
    }
}

fn same(printed: &str, wanted: &str) -> bool {
    let number = Amount::typed(printed);
    clean(printed) == clean(wanted) || number.is_some() && number == Amount::typed(wanted)
}

/// Whether a piece is printed as it is wanted.
fn is_printed(after: &Base<'_>, at: At, piece: usize, text: &str, moved: bool) -> bool {
    // The words around may be others now that a figure is another.
    let in_line = |line: &[Piece]| {
        line.iter().any(|piece| piece.origin != Origin::Form && same(&piece.text, text))
    };
    let own = after.line(at);
    own.and_then(|line| line.get(piece)).is_some_and(|piece| same(&piece.text, text))
        || own.is_some_and(|line| in_line(line))
        || moved && after.lines.iter().any(|(_, line)| in_line(line))
}

/// Whether a paragraph is printed.
fn has_line(after: &Base<'_>, wanted: &str) -> bool {
    after.lines.iter().any(|(at, line)| at.1.is_none() && clean(&plain(line)) == wanted)
}

/// Whether a new paragraph or row is printed, with all that it says.
fn has_come(after: &Base<'_>, arrival: &Arrival) -> bool {
    let Some(site) = arrival.site else { return has_line(after, &arrival.texts[0].1) };
    let items = after.items.iter().filter(|item| item.site == site);
    let rows = items.flat_map(|item| match &item.body {
        Body::Grid(sheet) => sheet.grid.rows.iter().collect(),
        Body::Line(_) => Vec::new(),
    });
    rows.into_iter().any(|row| {
        arrival.texts.iter().all(|(column, text)| {
            let cell = row.cells.iter().find(|cell| cell.column == *column);
            let printed = cell.map(|cell| plain(&cell.text)).unwrap_or_default();
            // What was left blank is computed.
            text.is_empty() || same(&printed, text)
        })
    })
}
