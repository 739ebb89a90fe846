//! The way from a file to a report, with the forms that were already read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::Places;
use super::files;
use super::outcome::Failure;
use crate::budget::{self, Budget};
use crate::finding::Finding;
use crate::form::Form;
use crate::report::Report;
use crate::source;

/// Why there is no report.
pub enum Stop {
    Findings(Vec<Finding>),
    Failure(Failure),
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

/// Forms by name, each read once.
pub struct Forms {
    folders: Vec<PathBuf>,
    read: Mutex<BTreeMap<String, Result<Arc<Form>, Vec<Finding>>>>,
}

/// A report and what it was made from.
pub struct Made {
    pub budget: Budget,
    pub form: Arc<Form>,
    pub report: Report,
}

impl Forms {
    pub fn new(places: &Places) -> Self {
        let folder = places.templates.clone().unwrap_or_else(|| PathBuf::from("templates"));
        Self { folders: vec![folder], read: Mutex::default() }
    }

    /// The form called `name`.
    pub fn get(&self, name: &str) -> Result<Arc<Form>, Vec<Finding>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(name.to_owned())
            .or_insert_with(|| Form::load(name, &self.folders).map(Arc::new))
            .clone()
    }

    /// Reads a source and makes its report.
    pub fn make(&self, path: &Path) -> Result<Made, Stop> {
        let bytes = files::read(path)?;
        let source = source::read(&path.display().to_string(), &bytes)?;
        let name = source.value.form.clone();
        let file = source.file.clone();
        let form = self.get(&name.text).map_err(|findings| {
            // A form that cannot be found was named wrongly in the source.
            let at_name = |finding: Finding| match finding.spot {
                Some(_) => finding,
                None => finding.at(&file, name.place.clone()),
            };
            findings.into_iter().map(at_name).collect::<Vec<_>>()
        })?;
        let budget = budget::build(source)?;
        let report = form.report(&budget)?;
        Ok(Made { budget, form, report })
    }
}
