//! The way from a file to a report, with the forms that were already read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::Places;
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use crate::audit;
use crate::budget::{self, Budget};
use crate::exchange::Subject;
use crate::finding::Finding;
use crate::form::Form;
use crate::report::Report;
use crate::source::{self, Located, Source};

/// The word across the pages of a draft.
const DRAFT: &str = "草稿";

/// Reads a source.
pub fn read(path: &Path) -> Result<Located<Source>, Stop> {
    let bytes = files::read(path)?;
    Ok(source::read(&path.display().to_string(), &bytes)?)
}

/// What stands across the pages of a draft: 草稿, and how much there is to mend.
pub fn watermark(findings: &[Finding]) -> String {
    match findings.iter().filter(|finding| finding.blocks()).count() {
        0 => DRAFT.to_owned(),
        open => format!("{DRAFT} {open}处待改"),
    }
}

/// Why there is no report.
pub enum Stop {
    Findings(Vec<Finding>),
    Failure(Failure),
}

impl Stop {
    /// Tells the user why, and what that means for his files.
    pub fn tell(&self, consequence: &str) -> Code {
        match self {
            Self::Failure(Failure(message)) => {
                say::failure(message);
                Code::Failed
            }
            Self::Findings(findings) => {
                say::findings(findings);
                say::aside!("{consequence}");
                Code::Findings
            }
        }
    }
}

impl From<Vec<Finding>> for Stop {
    fn from(findings: Vec<Finding>) -> Self {
        Self::Findings(findings)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// A form, or why it cannot be read.
type Read = Result<Arc<Form>, Vec<Finding>>;

/// Forms by name, each read once.
pub struct Forms {
    balance: bool,
    folders: Vec<PathBuf>,
    read: Mutex<BTreeMap<String, Read>>,
}

impl Made {
    /// What exporters read.
    pub fn subject(&self) -> Subject<'_> {
        Subject { form: &self.form, budget: &self.budget, report: &self.report }
    }

    /// What the audit finds, and what balancing moved.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = audit::audit(&self.form, &self.budget, &self.report);
        findings.extend(self.moved.iter().cloned());
        findings
    }
}

/// A report and what it was made from.
pub struct Made {
    pub budget: Budget,
    pub form: Arc<Form>,
    pub report: Report,
    /// 舍位平衡: what was moved in print.
    pub moved: Vec<Finding>,
}

impl Forms {
    pub fn new(places: &Places) -> Self {
        let folder = places.templates.clone().unwrap_or_else(|| PathBuf::from("templates"));
        Self { balance: false, folders: vec![folder], read: Mutex::default() }
    }

    /// Balances every table (舍位平衡), whatever the source says.
    pub fn balanced(self, balance: bool) -> Self {
        Self { balance, ..self }
    }

    /// The form called `name`.
    pub fn get(&self, name: &str) -> Read {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(name.to_owned())
            .or_insert_with(|| Form::load(name, &self.folders).map(Arc::new))
            .clone()
    }

    /// Takes a form for the one called `name`, wherever forms are.
    pub fn knowing(self, name: &str, form: Form) -> Self {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(name.to_owned(), Ok(Arc::new(form)));
        drop(read);
        self
    }

    /// Reads a source and makes its report.
    pub fn make(&self, path: &Path) -> Result<Made, Stop> {
        self.report(read(path)?)
    }

    /// Makes the report of a source that was read; `name` is what messages call it.
    pub fn make_of(&self, name: &str, bytes: &[u8]) -> Result<Made, Stop> {
        self.report(source::read(name, bytes)?)
    }

    /// Makes the report of a source.
    pub fn report(&self, source: Located<Source>) -> Result<Made, Stop> {
        let name = source.value.form.clone();
        let file = source.file.clone();
        let mut budget = budget::build(source);
        let form = self.get(&name.text).map_err(|findings| {
            // A form that cannot be found was named wrongly in the source.
            let at_name = |finding: Finding| match finding.spot {
                Some(_) => finding,
                None => finding.at(&file, name.place.clone()),
            };
            let findings = findings.into_iter().map(at_name);
            findings.chain(budget.findings.iter().cloned()).collect::<Vec<_>>()
        })?;
        budget.print_as(&form.manifest.value.print);
        budget.format.balance |= self.balance;
        let mut report = form.report(&budget)?;
        let moved = audit::balance(&form, &budget, &mut report);
        Ok(Made { budget, form, report, moved })
    }
}
