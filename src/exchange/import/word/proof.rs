//! What was taken has to come out in print as the draft has it: the report is made again of the
//! changed source, and looked at.

use std::collections::BTreeSet;

use super::super::amount::Amount;
use super::super::{Change, Changes, UNFIT};
use super::added::Arrival;
use super::compare::clean;
use super::resolve::Want;
use super::spots::{Base, brief};
use crate::exchange::docx::plan::{Body, plan};
use crate::report::{Origin, Piece, Report, plain};
use crate::source::edit::{self, Edit, Path};

/// Makes the report of a text of the source; none where it makes none.
pub type Remake<'r> = dyn Fn(&[u8]) -> Option<Report> + 'r;

/// Takes out of the changes what does not come to what the draft says, and says so.
pub fn prove(
    base: &Base<'_>,
    wants: &[Want],
    arrivals: &[Arrival],
    remake: &Remake<'_>,
    changes: &mut Changes,
) {
    let file = base.file().clone();
    let made = |edits: Vec<Edit>| {
        let bytes = edit::apply(&file.name, file.text.as_bytes(), &edits).ok()?;
        remake(&bytes)
    };
    let sets = changes.changes.iter().map(|change| change.edit.clone());
    let sets: Vec<Edit> = sets.filter(|edit| matches!(edit, Edit::Set(..))).collect();
    if !sets.is_empty()
        && let Some(report) = made(sets)
    {
        let items = plan(&report);
        let Some(after) = Base::new(&report, &items) else { return };
        let mut wrong: BTreeSet<Path> = BTreeSet::new();
        // A new line moves all that are below it.
        let moved = after.lines.len() != base.lines.len();
        for want in wants.iter().filter(|want| !comes_out(&after, want, moved)) {
            if wrong.insert(want.path.clone()) {
                let printed = after.line(want.at).map(|line| brief(&plain(line)));
                let message = format!(
                    "{}：改成“{}”，可是数据文件照改以后印出来的是“{}”",
                    base.called(want.at),
                    brief(&want.text),
                    printed.unwrap_or_default()
                );
                changes.doubt(UNFIT, message, "在数据文件里改这一处，再看印出来的");
            }
        }
        let sound = |change: &Change| match &change.edit {
            Edit::Set(path, _) => !wrong.contains(path),
            _ => true,
        };
        changes.changes.retain(sound);
    }
    if arrivals.is_empty() {
        return;
    }
    let all = changes.changes.iter().map(|change| change.edit.clone()).collect();
    let Some(report) = made(all) else { return };
    let items = plan(&report);
    let Some(after) = Base::new(&report, &items) else { return };
    for arrival in arrivals.iter().filter(|arrival| !has_come(&after, arrival)) {
        changes.doubt(
            UNFIT,
            format!("{}，照它改数据文件以后，印出来的与它不一样", arrival.called),
            "在数据文件里加，再看印出来的",
        );
        changes.changes.retain(|change| match &change.edit {
            Edit::Insert { into, .. } => *into != arrival.path,
            Edit::Set(path, _) => *path != arrival.path,
            _ => true,
        });
    }
}

/// Whether a piece is printed as it is wanted.
fn comes_out(after: &Base<'_>, want: &Want, moved: bool) -> bool {
    let same = |text: &str| {
        clean(text) == clean(&want.text)
            || Amount::typed(text).is_some_and(|it| Amount::typed(&want.text) == Some(it))
    };
    // The words around may be others now that a figure is another.
    let in_line =
        |line: &[Piece]| line.iter().any(|piece| piece.origin != Origin::Form && same(&piece.text));
    let own = after.line(want.at);
    own.and_then(|line| line.get(want.piece)).is_some_and(|piece| same(&piece.text))
        || own.is_some_and(|line| in_line(line))
        || want.text.contains('\n')
        || want.text.trim().is_empty()
        || moved && after.lines.iter().any(|(_, line)| in_line(line))
}

/// Whether a new paragraph or row is printed, with all that it says.
fn has_come(after: &Base<'_>, arrival: &Arrival) -> bool {
    let Some(site) = arrival.site else {
        let wanted = &arrival.texts[0].1;
        return after
            .lines
            .iter()
            .any(|(at, line)| at.1.is_none() && clean(&plain(line)) == *wanted);
    };
    let rows =
        after.items.iter().filter(|item| item.site == site).flat_map(|item| match &item.body {
            Body::Grid(sheet) => sheet.grid.rows.iter().collect(),
            _ => Vec::new(),
        });
    rows.into_iter().any(|row| {
        arrival.texts.iter().all(|(column, text)| {
            let cell = row.cells.iter().find(|cell| cell.column == *column);
            let printed = cell.map(|cell| clean(&plain(&cell.text))).unwrap_or_default();
            let number = Amount::typed(&printed);
            // What was left blank is computed.
            text.is_empty() || printed == *text || number.is_some() && number == Amount::typed(text)
        })
    })
}
