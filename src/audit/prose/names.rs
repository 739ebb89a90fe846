//! What prose can name: the facts of a budget under all the names that they have.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::{Named, Vocabulary, Word};
use crate::budget::account::{Account, Project};
use crate::budget::classes::Class;
use crate::budget::{Budget, Figure, Measure};
use crate::form::{Form, ShortTexts};

/// What a stretch of text means.
#[derive(Debug, Clone, PartialEq)]
pub enum Sense {
    Word(Word),
    /// One of these facts.
    Facts(Vec<usize>),
    /// A unit of the organisation; none is the department itself.
    Unit(Option<usize>),
}

/// A fact with figures.
#[derive(Debug, Clone)]
pub struct Known {
    pub label: String,
    /// The expression that a text can quote it by.
    pub quote: Option<String>,
    pub this: Option<Figure>,
    pub last: Option<Figure>,
}

enum Fact<'a> {
    /// Declared by the form.
    Declared(&'a Named),
    Project(Vec<(usize, &'a Project)>),
    Detail(usize, usize, &'a str, &'a Figure),
    /// One of the parts of a declared fact: cars of a use.
    Part(&'a Named, String, Figure),
    /// A class by its name: codes of both classifications.
    Class(&'a str, Vec<(bool, &'a str)>),
}

/// A fact, and the unit of which it is asked.
type Asked = (usize, Option<usize>);

/// Names and words, and the figures behind them.
pub struct Names<'a> {
    pub vocabulary: &'a Vocabulary,
    budget: &'a Budget,
    texts: &'a ShortTexts,
    facts: Vec<Fact<'a>>,
    /// By their first character, longest first.
    senses: BTreeMap<char, Vec<(Vec<char>, Sense)>>,
    asked: RefCell<BTreeMap<Asked, Vec<Known>>>,
    /// Long names that a slip of the pen may spoil.
    pub long: BTreeSet<String>,
}

/// A name of so many characters is not typed with a slip by chance.
const LONG: usize = 6;
/// Offices differ in one character: 教育局, 体育局.
const LONGER: usize = 8;

/// Brackets and quotes are told apart by nobody.
pub fn folded(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '“' | '”' | '＂' | '「' | '」' => '"',
        '，' => ',',
        c => c,
    }
}

impl<'a> Names<'a> {
    pub fn new(
        form: &'a Form,
        vocabulary: &'a Vocabulary,
        budget: &'a Budget,
        texts: &'a ShortTexts,
    ) -> Self {
        let mut names = Self {
            vocabulary,
            budget,
            texts,
            facts: Vec::new(),
            senses: BTreeMap::new(),
            asked: RefCell::default(),
            long: BTreeSet::new(),
        };
        let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for named in &vocabulary.facts {
            names.facts.push(Fact::Declared(named));
            for name in named.also.iter().chain([&named.name]) {
                called.entry(name.text.clone()).or_default().push(names.facts.len() - 1);
            }
        }
        names.parts(&mut called);
        names.projects(&mut called);
        names.classes(form, &mut called);
        names.note_long(&called);
        let mut senses: Vec<(String, Sense)> = Vec::new();
        senses.extend(
            vocabulary.words.all().map(|(word, text)| (text.text.clone(), Sense::Word(word))),
        );
        let department = &budget.source.value.department;
        let own = [Some(&department.name), department.short_name.as_ref()];
        let units = budget.units.iter().enumerate();
        let units: Vec<(String, Option<usize>)> = units
            .filter(|_| budget.units.len() > 1)
            .map(|(at, unit)| (unit.name.clone(), Some(at)))
            .collect();
        let own = own.into_iter().flatten().map(|name| (name.text.clone(), None));
        for (name, unit) in own.chain(units) {
            if name.chars().count() >= LONGER {
                names.long.insert(name.clone());
            }
            senses.push((name, Sense::Unit(unit)));
        }
        senses.extend(called.into_iter().map(|(name, facts)| (name, Sense::Facts(facts))));
        for (name, sense) in senses {
            let name: Vec<char> = name.chars().map(folded).collect();
            if let Some(first) = name.first() {
                names.senses.entry(*first).or_default().push((name, sense));
            }
        }
        for list in names.senses.values_mut() {
            // Of equal names the later, a fact's, is the one that is meant.
            list.reverse();
            list.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        names
    }

    /// Names of projects, details and classes: what the form declares has many names anyway.
    fn note_long(&mut self, called: &BTreeMap<String, Vec<usize>>) {
        let long = called.iter().filter(|(name, facts)| {
            let declared = facts.iter().any(|fact| self.declaration(*fact).is_some());
            !declared && name.chars().count() >= LONG
        });
        let long: Vec<String> = long.map(|(name, _)| name.clone()).collect();
        self.long.extend(long);
    }

    fn parts(&mut self, called: &mut BTreeMap<String, Vec<usize>>) {
        for named in &self.vocabulary.facts {
            let parts = named.parts.iter().flat_map(|list| self.texts.numbers(&list.text));
            for (name, figure) in parts.collect::<Vec<_>>() {
                self.facts.push(Fact::Part(named, name.clone(), figure));
                called.entry(name).or_default().push(self.facts.len() - 1);
            }
        }
    }

    fn projects(&mut self, called: &mut BTreeMap<String, Vec<usize>>) {
        let mut by_name: BTreeMap<&str, Vec<(usize, &'a Project)>> = BTreeMap::new();
        for (unit, account) in self.budget.units.iter().enumerate() {
            for (at, project) in account.projects.iter().enumerate() {
                let facts = &project.facts;
                let other = facts.prose_name.as_ref().filter(|it| it.text != facts.name.text);
                let names = [Some(&facts.name), other];
                for name in names.into_iter().flatten() {
                    by_name.entry(&name.text).or_default().push((unit, project));
                }
                for (detail, amount) in facts.details.iter().zip(&project.details) {
                    self.facts.push(Fact::Detail(unit, at, &detail.name.text, amount));
                    let name = detail.name.text.clone();
                    called.entry(name).or_default().push(self.facts.len() - 1);
                }
            }
        }
        for (name, projects) in by_name {
            self.facts.push(Fact::Project(projects));
            called.entry(name.to_owned()).or_default().push(self.facts.len() - 1);
        }
    }

    fn classes(&mut self, form: &'a Form, called: &mut BTreeMap<String, Vec<usize>>) {
        let spending = &self.budget.whole.spending;
        let mut by_name: BTreeMap<&str, Vec<(bool, &'a str)>> = BTreeMap::new();
        let both = [
            (true, &spending.functional, &form.codes.functional),
            (false, &spending.economic, &form.codes.economic),
        ];
        for (functional, classes, official) in both {
            for (code, class) in classes {
                let stated = class.name.as_ref().map(|(name, _)| name.as_str());
                if let Some(name) = stated.or(official.get(code).map(String::as_str)) {
                    by_name.entry(name).or_default().push((functional, code));
                }
            }
        }
        for (name, codes) in by_name {
            // What the form declares is that fact: 公务接待费 is first of all one of the “三公”.
            if !called.contains_key(name) {
                self.facts.push(Fact::Class(name, codes));
                called.entry(name.to_owned()).or_default().push(self.facts.len() - 1);
            }
        }
    }

    /// The longest word or name at a character, and its length.
    pub fn at(&self, chars: &[char], start: usize) -> Option<(usize, &Sense)> {
        let list = self.senses.get(&folded(*chars.get(start)?))?;
        let fits = |name: &[char]| {
            chars
                .get(start..start + name.len())
                .is_some_and(|own| own.iter().zip(name).all(|(one, other)| folded(*one) == *other))
        };
        list.iter().find(|(name, _)| fits(name)).map(|(name, sense)| (name.len(), sense))
    }

    /// The fact of a name that the form declares.
    pub fn declared(&self, name: &str) -> Option<usize> {
        self.facts.iter().position(|fact| match fact {
            Fact::Declared(named) => named.name.text == name,
            _ => false,
        })
    }

    /// The fact of a unit's project.
    pub fn project(&self, unit: usize, at: usize) -> Option<usize> {
        let wanted = self.budget.units.get(unit)?.projects.get(at)?;
        self.facts.iter().position(|fact| match fact {
            Fact::Project(projects) => projects.iter().any(|(_, it)| std::ptr::eq(*it, wanted)),
            _ => false,
        })
    }

    /// What the form declares of a fact.
    pub fn declaration(&self, fact: usize) -> Option<&'a Named> {
        match self.facts.get(fact) {
            Some(Fact::Declared(named) | Fact::Part(named, ..)) => Some(named),
            _ => None,
        }
    }

    pub fn is_class(&self, fact: usize) -> bool {
        matches!(self.facts.get(fact), Some(Fact::Class(..)))
    }

    /// The project whose detail a fact is.
    pub fn is_detail_of(&self, fact: usize) -> Option<(usize, usize)> {
        match self.facts.get(fact) {
            Some(Fact::Detail(unit, project, ..)) => Some((*unit, *project)),
            _ => None,
        }
    }

    /// The figures of a fact: of the department, or of one unit.
    pub fn known(&self, fact: usize, unit: Option<usize>) -> Vec<Known> {
        if let Some(known) = self.asked.borrow().get(&(fact, unit)) {
            return known.clone();
        }
        let known = self.ask(fact, unit);
        self.asked.borrow_mut().insert((fact, unit), known.clone());
        known
    }

    fn ask(&self, fact: usize, unit: Option<usize>) -> Vec<Known> {
        match &self.facts[fact] {
            Fact::Declared(named) => self.ask_form(named, unit).into_iter().collect(),
            Fact::Project(projects) => {
                let own = projects.iter().filter(|(its, _)| unit.is_none_or(|unit| unit == *its));
                let own: Vec<&Project> = own.map(|(_, project)| *project).collect();
                let Some(first) = own.first() else { return Vec::new() };
                let name = first.facts.name.text.clone();
                let last: Option<Vec<Figure>> = own.iter().map(|it| it.last_year.clone()).collect();
                let quote = format!("项目[\"{name}\"].预算");
                let sum = Known {
                    quote: Some(quote),
                    label: name,
                    this: Some(Figure::sum(own.iter().map(|it| it.amount.clone()))),
                    last: last.map(Figure::sum),
                };
                let each = own.iter().filter(|_| own.len() > 1).map(|project| Known {
                    label: sum.label.clone(),
                    quote: None,
                    this: Some(project.amount.clone()),
                    last: project.last_year.clone(),
                });
                let each: Vec<Known> = each.collect();
                [sum].into_iter().chain(each).collect()
            }
            Fact::Detail(_, _, name, amount) => vec![only(name, amount)],
            Fact::Part(_, name, count) => vec![only(name, count)],
            Fact::Class(name, codes) => {
                let account = self.account(unit);
                let classes = codes.iter().filter_map(|(functional, code)| {
                    let spending = &account.spending;
                    let classes =
                        if *functional { &spending.functional } else { &spending.economic };
                    classes.get(*code)
                });
                classes.flat_map(|class| class_figures(name, class)).collect()
            }
        }
    }

    fn account(&self, unit: Option<usize>) -> &Account {
        unit.and_then(|unit| self.budget.units.get(unit)).unwrap_or(&self.budget.whole)
    }

    fn ask_form(&self, named: &Named, unit: Option<usize>) -> Option<Known> {
        let of_unit = |expression: &str| match (expression.strip_prefix("收支."), unit) {
            (None, None) => Some(expression.to_owned()),
            (None, Some(_)) => None,
            (Some(rest), None) => Some(format!("合计.{rest}")),
            (Some(rest), Some(unit)) => Some(format!("各单位[{unit}].{rest}")),
        };
        let quote = of_unit(&named.this.text)?;
        let figure = |expression: &str| self.texts.number(expression);
        let whose = match unit.and_then(|unit| self.budget.units.get(unit)) {
            Some(unit) => unit.name.as_str(),
            None => "",
        };
        Some(Known {
            label: format!("{whose}{}", named.name.text),
            this: figure(&quote),
            last: named.last.as_ref().and_then(|last| figure(&of_unit(&last.text)?)),
            quote: Some(quote),
        })
    }
}

fn only(name: &str, amount: &Figure) -> Known {
    Known { label: name.to_owned(), quote: None, this: Some(amount.clone()), last: None }
}

/// What a class may be said to have: all, or its 基本支出 or 项目支出.
fn class_figures(name: &str, class: &Class) -> Vec<Known> {
    let parts = [&class.total, &class.basic, &class.project];
    let parts = parts.into_iter().filter(|part| part.measure() == Measure::Money);
    parts.map(|part| only(name, part)).collect()
}
