//! `yusuan form check`: a form without a source, tried on an invented one that fills everything in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::args::Places;
use super::super::outcome::Code;
use super::super::say;
use super::super::stage::{Forms, Made, Stop};
use crate::audit::{self, Tally};
use crate::finding::{self, Finding};
use crate::form::Form;
use crate::report::Origin;
use crate::source::leaves::{LeafAt, leaves};
use crate::source::{Leaf, schema, tree_of};
use crate::typeset::{Faces, Typesetter};

/// Where the second unit of the trial begins and ends: a form is tried with it and without.
const TRIAL: &str = include_str!("../../../templates/trial.yaml");
const SECOND: [&str; 2] = ["# 二\n", "# 完\n"];
/// What stands in it for the name of the form.
const NAME: &str = "FORM";
/// The key that names it.
const FORM: &str = "表式";

pub fn run(form: &Path, places: &Places) -> Code {
    let (name, places) = located(form, places);
    let forms = Forms::new(&places);
    let read = match forms.get(&name) {
        Ok(form) => form,
        Err(findings) => return Stop::Findings(findings).tell("表式读不了，没有检查"),
    };
    let mut trial = Trial::default();
    for text in sources(&name) {
        match forms.make_of("试用的数据", text.as_bytes()) {
            Ok(made) => trial.look(&made),
            Err(Stop::Findings(found)) => trial.find(found),
            Err(stop) => return stop.tell("没有检查"),
        }
    }
    trial.conclude(&read)
}

/// The name of a form and where to look for it: a folder is taken as it is.
fn located(form: &Path, places: &Places) -> (String, Places) {
    let name = form.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !form.join("form.yaml").is_file() {
        return (form.display().to_string(), places.clone());
    }
    let above = form.parent().filter(|above| !above.as_os_str().is_empty());
    let templates = Some(above.map_or_else(|| PathBuf::from("."), Path::to_path_buf));
    (name, Places { templates, ..places.clone() })
}

/// The trial with two units and with one.
fn sources(form: &str) -> Vec<String> {
    let text = TRIAL.replacen(NAME, form, 1);
    let one = text
        .split_once(SECOND[0])
        .and_then(|(before, rest)| Some(before.to_owned() + rest.split_once(SECOND[1])?.1));
    [text].into_iter().chain(one).collect()
}

/// What came of the trials.
#[derive(Default)]
struct Trial {
    findings: Vec<Finding>,
    /// Formulas, and whether one of the reports had use for them.
    rules: BTreeMap<String, bool>,
    /// Keys of the source, and whether one of the reports prints them.
    keys: BTreeMap<String, bool>,
}

impl Trial {
    fn look(&mut self, made: &Made) {
        self.find(made.findings());
        for (code, usage) in audit::usage(&made.form, &made.budget, &made.report) {
            let used = usage != Ok(Tally::default());
            *self.rules.entry(code).or_default() |= used;
        }
        self.read_keys(made);
        let chosen = &made.budget.source.value.fonts;
        let laid = Faces::load(&[]).and_then(|faces| {
            Typesetter::new(faces).typeset(&made.form, &made.report, chosen, None).map(drop)
        });
        self.find(laid.err().unwrap_or_default());
    }

    /// Keeps what the form is to blame for: the invented source is not.
    fn find(&mut self, found: Vec<Finding>) {
        let of_form =
            |finding: &Finding| finding.code.starts_with(['F', 'P']) || finding.code == "S13";
        for finding in found.into_iter().filter(of_form) {
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
    }

    fn read_keys(&mut self, made: &Made) {
        let mut printed = BTreeSet::new();
        for piece in made.report.lines().flatten() {
            match &piece.origin {
                Origin::Form => {}
                Origin::Text(place) => drop(printed.insert(place.start)),
                Origin::Figure(figure, _) => {
                    printed.extend(figure.places().iter().map(|place| place.start));
                }
            }
        }
        let Some(tree) = tree_of(&made.budget.source.file) else { return };
        // What a code prints may be cut from it, and a date is the file's.
        let prints =
            |leaf: &&LeafAt<'_>| !matches!(leaf.leaf, None | Some(Leaf::Code | Leaf::Date));
        for leaf in leaves(&tree, schema()).iter().filter(prints) {
            let key = without_numbers(&leaf.path.to_string());
            *self.keys.entry(key).or_default() |= printed.contains(&leaf.node.range.start);
        }
    }

    fn conclude(mut self, form: &Form) -> Code {
        finding::sort(&mut self.findings);
        say::findings(&self.findings);
        let open = self.findings.iter().filter(|finding| finding.blocks()).count();
        let manifest = &form.manifest.value;
        let groups = || manifest.groups.iter();
        say::tell!(
            "{}：{} 个部分，{} 张表，{} 条公式；{}",
            manifest.name.text,
            groups().map(|group| group.chapters.len()).sum::<usize>(),
            groups().map(|group| group.tables.len()).sum::<usize>(),
            self.rules.len(),
            if open == 0 { "没有错".to_owned() } else { format!("{open} 处要改") },
        );
        let unused = |all: BTreeMap<String, bool>| {
            all.into_iter().filter(|(_, used)| !used).map(|(name, _)| name).collect::<Vec<_>>()
        };
        list("试用的数据用不上的规则（看看表、行、栏和句子写得对不对）", &unused(self.rules));
        list("没有用到的文件", &form.unused_files());
        list("没有用到的常数", &form.unused_constants());
        if open == 0 {
            list("数据文件可以写、这套表式不印的键", &unprinted(&self.keys));
        }
        if open == 0 { Code::Fine } else { Code::Findings }
    }
}

/// Keys that are not printed; of those under one key that is printed nowhere, that key.
fn unprinted(keys: &BTreeMap<String, bool>) -> Vec<String> {
    let is_printed = |above: &str| keys.iter().any(|(key, used)| *used && key.starts_with(above));
    let mut found: Vec<String> = Vec::new();
    for key in keys.iter().filter(|(_, used)| !**used).map(|(key, _)| key.as_str()) {
        let ends = key.match_indices('.').map(|(at, _)| at).chain([key.len()]);
        let above = ends.map(|end| &key[..end]).find(|above| !is_printed(above)).unwrap_or(key);
        if above != FORM && found.last().is_none_or(|last| last != above) {
            found.push(above.to_owned());
        }
    }
    found
}

fn list(title: &str, names: &[String]) {
    if !names.is_empty() {
        say::tell!("{title}：\n  {}", names.join("\n  "));
    }
}

/// A path without the numbers of items: `预算单位[].项目[].预算`.
fn without_numbers(path: &str) -> String {
    path.chars().filter(|c| !c.is_ascii_digit()).collect()
}
