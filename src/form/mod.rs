//! An official form (表式), and the report that it makes of a budget.
//!
//! A form is a folder: `form.yaml` lists its parts and tables; minijinja templates write chapters
//! as text and tables as rows; Typst files hold its look. See `docs/forms.md`.

mod arithmetic;
mod chapter;
pub(crate) mod codes;
mod context;
pub mod document;
mod engine;
pub(crate) mod fault;
mod fields;
mod filters;
mod grid;
mod literals;
pub mod manifest;
mod operators;
mod pen;
pub mod store;
mod values;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use minijinja::Environment;
use minijinja::value::Value;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Schema;

use crate::audit::bare;
use crate::audit::ids::{Ids, meant};
use crate::audit::prose::vocabulary::Vocabulary;
use crate::audit::rules::Rules;
use crate::audit::sheet::name_of;
use crate::budget::{Budget, Figure, Format, Measure};
use crate::exchange::import::platform::Aliases;
use crate::finding::{self, File, Finding, Severity};
use crate::marks;
use crate::new_year::plan::Plan;
use crate::report::{Block, Chapter, Grid, Group, Line, Origin, Piece, Report, Table, plain};
use crate::source::excerpt::brief;
use crate::source::model::{PartSettings, TableSettings, YesNo};
use crate::source::scalar::{Date, Prose, Text};
use crate::source::{self, Located, schema, text};
use codes::CodeNames;
use context::Context;
use engine::Engine;
pub use engine::UNIT;
pub use grid::{LEVELS, TOTALS};
use manifest::Manifest;
use pen::Pen;
use values::{FigureValue, TextValue};

/// The file that says what a form consists of.
const MANIFEST: &str = "form.yaml";

/// A form, read and ready to make reports.
#[derive(Debug)]
pub struct Form {
    pub manifest: Located<Manifest>,
    pub codes: Arc<CodeNames>,
    /// What its tables and parts are called.
    pub ids: Ids,
    /// It did not come with the program: its author is told what concerns authors.
    pub is_own: bool,
    /// 审核规则, where the form has any.
    pub rules: Option<Located<Rules>>,
    /// 怎么读手写的文字, where the form says so.
    pub prose: Option<Located<Vocabulary>>,
    /// 预算平台的明细怎么认, where the form says so.
    pub import: Option<Located<Aliases>>,
    /// 结转: how next year's source comes from this year's, where the form says so.
    pub new_year: Option<Located<Plan>>,
    /// Every text file of the form by its path in the folder.
    files: BTreeMap<String, Arc<File>>,
    /// All that templates print as it stands in them.
    words: OnceLock<BTreeSet<String>>,
    /// Engines that no report is using.
    engines: Mutex<Vec<Engine>>,
}

impl Form {
    /// Reads the form called `name`, from `folders` or as shipped.
    pub fn load(name: &str, folders: &[PathBuf]) -> Result<Self, Vec<Finding>> {
        let (folder, raw, shipped) =
            store::whole(name, folders).map_err(|finding| vec![finding])?;
        if !raw.contains_key(MANIFEST) {
            return Err(vec![store::not_found(name, folders)]);
        }
        Ok(Self { is_own: !shipped, ..Self::read(&folder, &raw)? })
    }

    /// Reads a form from its files; `folder` is what messages call the folder.
    pub fn read(folder: &str, raw: &store::Files) -> Result<Self, Vec<Finding>> {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(schema::schema_of::<Manifest>);
        static RULES: LazyLock<Schema> = LazyLock::new(schema::schema_of::<Rules>);
        static PROSE: LazyLock<Schema> = LazyLock::new(schema::schema_of::<Vocabulary>);
        static ALIASES: LazyLock<Schema> = LazyLock::new(schema::schema_of::<Aliases>);
        static PLAN: LazyLock<Schema> = LazyLock::new(schema::schema_of::<Plan>);
        let label = |path: &str| format!("{folder}/{path}");
        let manifests = manifests(raw);
        let named: Vec<(String, &[u8])> =
            manifests.iter().map(|(path, bytes)| (label(path), *bytes)).collect();
        let named: Vec<(&str, &[u8])> = named.iter().map(|(name, it)| (&name[..], *it)).collect();
        let manifest = source::read_over(&named, &SCHEMA)?;
        let mut files = BTreeMap::new();
        for (path, bytes) in raw {
            files.insert(path.clone(), text::decode(&label(path), bytes)?);
        }
        let codes = Arc::new(CodeNames::read(&manifest, &files)?);
        let part = &manifest.value;
        let rules = read_part(&manifest, part.rules.as_ref(), &files, &RULES)?;
        let prose = read_part(&manifest, part.prose.as_ref(), &files, &PROSE)?;
        let import = read_part(&manifest, part.import.as_ref(), &files, &ALIASES)?;
        let new_year = read_part(&manifest, part.new_year.as_ref(), &files, &PLAN)?;
        let faulty = manifest::faulty_ids(&manifest);
        if !faulty.is_empty() {
            return Err(faulty);
        }
        let (ids, engines) = (manifest.value.ids(), Mutex::default());
        let words = OnceLock::new();
        Ok(Self {
            manifest,
            codes,
            ids,
            is_own: true,
            rules,
            prose,
            import,
            new_year,
            files,
            words,
            engines,
        })
    }

    /// Files that no other file of the form names, by their paths.
    pub fn unused_files(&self) -> Vec<String> {
        let is_own = |path: &str| path != MANIFEST && !path.starts_with(store::BASES);
        let named = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            self.files().any(|(other, text)| other != path && text.contains(name))
        };
        let paths = self.files().map(|(path, _)| path);
        paths.filter(|path| is_own(path) && !named(path)).map(str::to_owned).collect()
    }

    /// 常数 that nothing reads.
    pub fn unused_constants(&self) -> Vec<String> {
        let names = self.manifest.value.constants.0.iter().map(|(name, _)| name.text.clone());
        let read =
            |name: &str| self.files().any(|(_, text)| text.contains(&format!("常数.{name}")));
        names.filter(|name| !read(name)).collect()
    }

    /// Whether a name stands in the form's templates: a row of that name may be in another report.
    pub fn mentions(&self, name: &str) -> bool {
        let words = self.words.get_or_init(|| literals::of(self.files()));
        words.contains(&name_of(name))
    }

    /// A reader of short texts of the form or source, with the budget's figures in view.
    pub fn short_texts(&self, budget: &Budget) -> ShortTexts {
        let pen = Pen::new(budget.format.in_prose());
        let context = Context::new(budget, self, &pen);
        let names = context.names().clone();
        let findings = context.into_findings();
        ShortTexts { names, engine: engine::for_prose(&pen), pen, findings }
    }

    /// Every text file of the form, by its path in the folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.text.as_str()))
    }

    /// The text of a file of the form.
    pub fn file(&self, path: &str) -> Option<&Arc<File>> {
        self.files.get(path)
    }

    /// Makes the report of a budget, or says everything that keeps it from being made.
    pub fn report(&self, budget: &Budget) -> Result<Report, Vec<Finding>> {
        let engine = self.engine(budget.format);
        let mut writer =
            Writer { form: self, budget, views: Vec::new(), engine, findings: Vec::new() };
        let report = writer.report();
        let mut findings = budget.findings.clone();
        let views = std::mem::take(&mut writer.views);
        views.into_iter().flat_map(|view| view.context.into_findings()).for_each(|finding| {
            writer.find(finding);
        });
        findings.extend(writer.findings);
        findings.extend(self.unknown_settings(budget));
        finding::sort(&mut findings);
        self.idle().push(writer.engine);
        // Warnings are told with what the audit finds.
        match findings.iter().any(|finding| finding.severity == Severity::Error) {
            true => Err(findings),
            false => Ok(report),
        }
    }
}

impl Form {
    /// An engine for one report.
    fn engine(&self, format: Format) -> Engine {
        let idle = self.idle().pop();
        let mut engine = idle.unwrap_or_else(|| {
            let files = self.files.clone();
            Engine::new(format, move |name| files.get(name).map(|file| file.text.clone()))
        });
        engine.begin(format);
        engine
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Engine>> {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settings of tables and parts that the form does not have.
    fn unknown_settings(&self, budget: &Budget) -> Vec<Finding> {
        let Located { value: source, file, .. } = &budget.source;
        let in_tables = source.tables.0.iter().map(|(name, _)| (name, "这张表", &self.ids.tables));
        let in_parts = source.parts.0.iter().map(|(name, _)| (name, "这一部分", &self.ids.parts));
        in_tables
            .chain(in_parts)
            .filter(|(name, _, known)| !known.contains(&name.text))
            .map(|(name, kind, known)| {
                let message = format!("表式里没有“{}”{kind}", brief(&name.text));
                Finding::error("S14", message)
                    .at(file, name.place.clone())
                    .help(format!("可以写：{}", known.join("、")))
            })
            .collect()
    }
}

/// Fills in the expressions of short texts, nothing marked.
pub struct ShortTexts {
    /// What is missing of the names, though a report can be made.
    pub findings: Vec<Finding>,
    names: Value,
    engine: Environment<'static>,
    pen: Pen,
}

impl ShortTexts {
    /// Reads a text of the source.
    pub fn read(&self, file: &Arc<File>, prose: &Prose) -> Result<String, Finding> {
        self.filled(file, prose, &self.names)
    }

    /// Reads a line of the form's rules, where the unit stays open: each part has its own.
    pub fn rule(&self, file: &Arc<File>, prose: &Prose) -> Result<String, Finding> {
        let open = Value::from_pairs([(UNIT, Value::from(UNIT))]);
        let names = minijinja::value::merge_maps([open, self.names.clone()]);
        self.filled(file, prose, &names)
    }

    fn filled(&self, file: &Arc<File>, prose: &Prose, names: &Value) -> Result<String, Finding> {
        let rendered = engine::render_prose(&self.engine, &self.pen, file, &prose.0, names)
            .map_err(|mut findings| findings.swap_remove(0))?;
        Ok(marks::unmarked(&rendered.to_string()))
    }

    /// The figures and names in view.
    pub fn names(&self) -> &Value {
        &self.names
    }

    /// A figure as expressions see it.
    pub fn figure_value(&self, figure: &Figure) -> Value {
        self.pen.figure(figure)
    }

    /// Whether an expression over these names holds.
    pub fn holds(&self, expression: &str, names: &Value) -> Result<bool, String> {
        let exact = operators::exact_expression(expression).text;
        let value = self.engine.compile_expression(&exact).and_then(|it| it.eval(names));
        value.map(|value| value.is_true()).map_err(|error| self.wrong(expression, &error))
    }

    /// A text with what its expressions say of these names.
    pub fn written(&self, text: &str, names: &Value) -> Result<String, String> {
        let written = self.engine.render_str(&operators::exact(text).text, names);
        let written = written.map_err(|error| self.wrong(text, &error))?;
        Ok(marks::unmarked(&written))
    }

    fn wrong(&self, what: &str, error: &minijinja::Error) -> String {
        format!("“{what}”算不出来，{}", fault::in_words(error, what))
    }

    /// The figure that an expression names, such as `合计.收入.收入总计`.
    pub fn figure(&self, expression: &str) -> Option<Figure> {
        let exact = operators::exact_expression(expression).text;
        let value = self.engine.compile_expression(&exact).ok()?.eval(&self.names).ok()?;
        value.downcast_object_ref::<FigureValue>().map(|value| value.figure.clone())
    }

    /// The names and figures in a list that an expression names.
    pub fn numbers(&self, expression: &str) -> Vec<(String, Figure)> {
        let Ok(expression) = self.engine.compile_expression(expression) else { return Vec::new() };
        let list = expression.eval(&self.names).ok();
        let items = list.iter().flat_map(|list| list.try_iter().into_iter().flatten());
        let read = |item: Value| {
            let values = || item.try_iter().into_iter().flatten();
            let value = |key: Value| item.get_item(&key).ok();
            let figure = values().filter_map(value).find_map(|value| {
                value.downcast_object_ref::<FigureValue>().map(|value| value.figure.clone())
            })?;
            let is_text = |value: &Value| value.downcast_object_ref::<TextValue>().is_some();
            Some((values().filter_map(value).find(is_text)?.to_string(), figure))
        };
        items.filter_map(read).collect()
    }

    /// The figure that an expression names, or how many things it counts.
    pub fn number(&self, expression: &str) -> Option<Figure> {
        let exact = operators::exact_expression(expression).text;
        let value = self.engine.compile_expression(&exact).ok()?.eval(&self.names).ok()?;
        match value.downcast_object_ref::<FigureValue>() {
            Some(value) => Some(value.figure.clone()),
            None => {
                let count = i64::try_from(value).ok()?.into();
                Some(Figure::computed(count, Decimal::ZERO, Measure::Count, Vec::new()))
            }
        }
    }
}

/// The `form.yaml` of a form and of those that it builds on, by their paths among its files.
fn manifests(raw: &store::Files) -> Vec<(String, &[u8])> {
    let mut path = MANIFEST.to_owned();
    let mut found: Vec<(String, &[u8])> = Vec::new();
    while let Some(bytes) = raw.get(&path)
        && !found.iter().any(|(have, _)| *have == path)
    {
        found.push((path, bytes));
        let Some(base) = store::base_of(bytes) else { break };
        path = format!("{}/{base}/form.yaml", store::BASES);
    }
    found
}

/// A data file that the form names, read.
fn read_part<T: DeserializeOwned + JsonSchema>(
    manifest: &Located<Manifest>,
    path: Option<&Text>,
    files: &BTreeMap<String, Arc<File>>,
    schema: &Schema,
) -> Result<Option<Located<T>>, Vec<Finding>> {
    let Some(path) = path else { return Ok(None) };
    let file = files.get(&path.text).ok_or_else(|| {
        vec![
            Finding::error("F02", format!("表式里没有“{}”这个文件", path.text))
                .at(&manifest.file, path.place.clone()),
        ]
    })?;
    source::read_as(&file.name, file.text.as_bytes(), schema).map(Some)
}

/// Prints the amounts that stand alone in cells as their table prints zeros: only in a sentence
/// does a blank or a dash say nothing.
fn print_zeros(grid: &mut Grid, format: Format) {
    if format == format.in_prose() {
        return;
    }
    for cell in grid.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if let [Piece { text, origin: Origin::Figure(figure, own) }] = cell.text.as_mut_slice() {
            own.zero = format.zero;
            *text = own.print(figure);
        }
    }
}

/// Writes one report with a form's templates.
struct Writer<'a> {
    form: &'a Form,
    budget: &'a Budget,
    views: Vec<View<'a>>,
    engine: Engine,
    findings: Vec<Finding>,
}

/// What templates read where amounts are printed in one format: texts of the source print some.
struct View<'a> {
    format: Format,
    context: Context<'a>,
    everything: Value,
}

impl<'a> Writer<'a> {
    fn report(&mut self) -> Report {
        let manifest = &self.form.manifest.value;
        let facts = &self.budget.source.value;
        let view = self.view(self.budget.format);
        let everything = self.views[view].everything.clone();
        let year = i32::try_from(facts.year.count).unwrap_or(i32::MAX);
        Report {
            file: self.budget.source.file.clone(),
            title: manifest.title.iter().map(|line| self.line(line, &everything)).collect(),
            author: facts.department.name.text.clone(),
            date: facts.date.clone().unwrap_or(Date { year, month: 1, day: 1, place: 0..0 }),
            format: self.budget.format,
            contents: manifest.contents.text.clone(),
            groups: manifest.groups.iter().map(|group| self.group(group, &everything)).collect(),
        }
    }

    /// The view for a format, and the pen ready to print texts in it.
    fn view(&mut self, format: Format) -> usize {
        let format = format.in_prose();
        self.engine.print_in(format);
        let known = self.views.iter().position(|view| view.format == format);
        known.unwrap_or_else(|| {
            let context = Context::new(self.budget, self.form, &self.engine.pen);
            let everything = context.everything();
            self.views.push(View { format, context, everything });
            self.views.len() - 1
        })
    }

    fn group(&mut self, group: &manifest::Group, everything: &Value) -> Group {
        Group {
            title: self.line(&group.title, everything),
            own_page: group.own_page == Some(YesNo::Yes),
            chapters: group.chapters.iter().map(|part| self.chapter(part)).collect(),
            tables: group.tables.iter().map(|table| self.table(table)).collect(),
        }
    }

    fn chapter(&mut self, chapter: &manifest::Chapter) -> Chapter {
        let setting = self.budget.source.value.parts.get(chapter.id());
        let own = setting.map(PartSettings::print).unwrap_or_default();
        let format = self.budget.format.with(&chapter.print).with(&own);
        let view = self.view(format);
        let everything = self.views[view].everything.clone();
        let rendered = self.render(&chapter.template, &everything);
        let mut blocks = chapter::blocks(&rendered, &self.engine.pen).unwrap_or_else(|message| {
            self.layout_fault(&chapter.template, &message);
            Vec::new()
        });
        for block in &mut blocks {
            if let Block::Table(grid) = block {
                print_zeros(grid, format);
            }
        }
        let (id, title) = (chapter.id().to_owned(), self.line(&chapter.title, &everything));
        Chapter { id, title, format, blocks }
    }

    fn table(&mut self, table: &manifest::Table) -> Table {
        let none = TableSettings::default();
        let settings = self.budget.source.value.tables.get(table.id()).unwrap_or(&none).clone();
        let format = self.budget.format.with(&table.print).with(&settings.print);
        let view = self.view(format);
        let View { context, everything, .. } = &self.views[view];
        let context = context.for_table(everything, &settings, format);
        let rendered = self.render(&table.template, &context);
        let lines = marks::split_outside(&rendered, '\n');
        let (mut grid, notes) =
            grid::parse(lines.into_iter(), &self.engine.pen).unwrap_or_else(|message| {
                self.layout_fault(&table.template, &message);
                Default::default()
            });
        print_zeros(&mut grid, format);
        self.check_code_columns(table, &grid);
        let general = &self.form.manifest.value.head;
        let mut head = |own: &Option<Prose>, general: &Option<Prose>| {
            let prose = own.as_ref().or(general.as_ref());
            prose.map(|prose| self.line(prose, &context)).unwrap_or_default()
        };
        let left = head(&table.head.left, &general.left);
        let own_left_only = table.head.left.is_some() && table.head.left_after.is_none();
        let left_after = match own_left_only {
            true => left.clone(),
            false => head(&table.head.left_after, &general.left_after),
        };
        Table {
            id: table.id().to_owned(),
            number: table.number.as_ref().map(|number| number.text.clone()).unwrap_or_default(),
            entry: table.entry.text.clone(),
            right: head(&table.head.right, &general.right),
            subtitle: head(&table.subtitle, &None),
            title: self.line(&table.title, &context),
            left,
            left_after,
            landscape: table.portrait != Some(YesNo::Yes),
            size: table.size.text.clone(),
            format,
            code_columns: table.code_columns.iter().map(|it| it.text.clone()).collect(),
            total: table.total,
            grid,
            notes,
        }
    }

    /// 编码栏 that no column is headed with.
    fn check_code_columns(&mut self, table: &manifest::Table, grid: &Grid) {
        let cells = grid.header.iter().flat_map(|row| &row.cells);
        let heads: Vec<String> = cells.map(|cell| bare(&plain(&cell.text))).collect();
        for name in &table.code_columns {
            if !heads.contains(&bare(&name.text)) && !heads.is_empty() {
                let near = meant(&name.text, heads.iter().map(String::as_str));
                let message = format!("{} 没有“{}”这一栏{near}", table.id(), name.text);
                let finding = Finding::error("F04", message);
                let finding = finding.at(&self.form.manifest.file, name.place.clone());
                self.find(finding.help("“编码栏”写表头里的栏名"));
            }
        }
    }

    /// Renders a short text of `form.yaml`.
    fn line(&mut self, prose: &Prose, context: &Value) -> Line {
        let file = &self.form.manifest.file;
        let exact = operators::exact(&prose.0.text);
        let rendered = self.engine.env.render_named_str("form.yaml", &exact.text, context.clone());
        match rendered {
            Ok(text) => self.engine.pen.line(&text),
            Err(error) => {
                self.find(fault::in_prose(&error, &exact, file, &prose.0));
                Line::new()
            }
        }
    }

    fn render(&mut self, template: &Text, context: &Value) -> String {
        let rendered = self
            .engine
            .env
            .get_template(&template.text)
            .and_then(|template| template.render(context.clone()));
        rendered.unwrap_or_else(|error| {
            let name = fault::template_name(&error).unwrap_or(&template.text);
            let finding = match self.form.files.get(name) {
                Some(file) => fault::in_template(&error, Some(file)),
                None => Finding::error("F02", format!("表式里没有“{}”这个文件", template.text))
                    .at(&self.form.manifest.file, template.place.clone()),
            };
            self.find(finding);
            String::new()
        })
    }

    /// A template rendered, but what it wrote is no chapter or table.
    fn layout_fault(&mut self, template: &Text, message: &str) {
        // Nothing rendered means that the fault is already known.
        let Some(file) = self.form.files.get(&template.text) else { return };
        if self.findings.iter().any(|found| found.spot.as_ref().is_some_and(|s| s.file == *file)) {
            return;
        }
        self.find(
            Finding::error("F01", format!("模板写出的表不成样子：{message}"))
                .at(file, 0..0)
                .help("表的写法见 docs/forms.md"),
        );
    }

    /// A part that is used twice would report the same fault twice.
    fn find(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}
