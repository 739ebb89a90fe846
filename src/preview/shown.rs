//! One state of the report, laid out: what the browser is shown, and all that it may ask about it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::cli::stage::Made;
use crate::finding::{Finding, summary};
use crate::report::Address;
use crate::source::tree::Node;
use crate::typeset::geometry::Area;
use crate::typeset::markup::Placed;
use crate::typeset::{Pages, export};

/// How long the parts of an edit took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    /// From the first sign of a change to the start of the work.
    pub wait: Duration,
    pub read: Duration,
    pub report: Duration,
    pub audit: Duration,
    pub typeset: Duration,
    /// From the first sign of a change to the event.
    pub total: Duration,
}

/// A state of the report.
pub struct Shown {
    pub revision: u64,
    pub made: Made,
    pub pages: Pages,
    /// A name for the look of each page.
    pub hashes: Vec<String>,
    /// Pages, from 1, that look otherwise than in the state before.
    pub changed: Vec<usize>,
    pub findings: Vec<Finding>,
    pub times: Times,
    pub born: Instant,
    areas: OnceLock<Vec<Area>>,
}

impl Shown {
    pub fn new(made: Made, pages: Pages, findings: Vec<Finding>) -> Self {
        let hashes = pages.fingerprints().iter().map(|hash| format!("{hash:032x}")).collect();
        Self {
            revision: 0,
            made,
            pages,
            hashes,
            changed: Vec::new(),
            findings,
            times: Times::default(),
            born: Instant::now(),
            areas: OnceLock::new(),
        }
    }

    /// Takes its place after an earlier state.
    pub fn after(&mut self, before: Option<&Arc<Self>>, revision: u64) {
        self.revision = revision;
        let before: &[String] = before.map_or(&[], |before| &before.hashes);
        let differs = |at: &usize| before.get(*at) != self.hashes.get(*at);
        self.changed = (0..self.hashes.len()).filter(differs).map(|at| at + 1).collect();
    }

    /// Where every text stands, found out when first asked for.
    pub fn areas(&self) -> &[Area] {
        self.areas.get_or_init(|| self.pages.areas())
    }

    /// The source as a tree.
    pub fn tree(&self) -> &Node {
        &self.made.budget.source.tree
    }

    pub fn placed(&self, area: &Area) -> &Placed {
        &self.pages.markup.placed[area.placed]
    }

    /// The first area of each address.
    pub fn first_areas(&self) -> BTreeMap<Address, Area> {
        let mut first = BTreeMap::new();
        for area in self.areas() {
            first.entry(self.placed(area).address).or_insert(*area);
        }
        first
    }

    /// The number printed on a page counted from 0; none on the cover and the 目录.
    pub fn printed_number(&self, page: usize) -> Option<u64> {
        let page = self.pages.document.pages().get(page)?;
        page.numbering.as_ref().map(|_| page.number)
    }

    /// The findings with the printed numbers of their pages.
    pub fn numbered_findings(&self) -> Vec<Finding> {
        let first = self.first_areas();
        let mut findings = self.findings.clone();
        for shown in findings.iter_mut().filter_map(|finding| finding.shown.as_mut()) {
            let number = first.get(&shown.address).and_then(|area| self.printed_number(area.page));
            shown.page = number.and_then(|number| usize::try_from(number).ok());
        }
        findings
    }

    /// How many findings keep it from being final (待改).
    pub fn open(&self) -> usize {
        self.findings.iter().filter(|finding| finding.blocks()).count()
    }

    /// The SVG of the page that looks so.
    pub fn svg(&self, page: usize, hash: &str) -> Option<String> {
        let at = self.hashes.get(page).filter(|have| *have == hash).map(|_| page);
        let at = at.or_else(|| self.hashes.iter().position(|have| have == hash))?;
        export::svg_of(&self.pages, at)
    }

    /// The final PDF.
    pub fn pdf(&self) -> Result<Vec<u8>, Vec<Finding>> {
        export::pdf(&self.pages, &self.made.report, self.pages.missing.is_empty())
    }

    pub fn summary(&self) -> serde_json::Value {
        summary(&self.findings)
    }
}
