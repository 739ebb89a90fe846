//! Judges a tree against the JSON Schema that the Rust types give, everything in one run, and
//! turns it into the value that serde reads.
//!
//! The schema is the one truth: editors complete from it, this module complains from it.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value as Schema;
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value};

use super::alike;
use super::excerpt::{brief, enumerate, place_within};
use super::leaf::{self, Amounts, Complaint, Leaf, MAX_DIGITS};
use super::lost::{self, Scalar};
use super::near::{self, nearest};
use super::scalar::{Place, place_tag};
use super::slips::Slips;
use super::syntax;
use super::tree::{Key, Kind, Node};
use crate::finding::{File, Finding};

/// What an unspecified amount setting allows: fen.
const DEFAULT_DECIMALS: u32 = 2;

/// What a tree turns out to be.
pub struct Judged {
    /// Whole only when there are no `faults`.
    pub value: Value,
    pub faults: Vec<Finding>,
    /// What is wrong with a value that is whole.
    pub findings: Vec<Finding>,
}

/// Judges `node` against `schema`.
pub fn judge(file: &Arc<File>, node: &Node, schema: &Schema, slips: &Slips) -> Judged {
    let mut judge = Judge {
        file,
        root: schema,
        is_source: std::ptr::eq(schema, super::schema()),
        slips,
        amounts: amounts(node, schema),
        sum: Some(Decimal::ZERO),
        names: HashMap::new(),
        faults: Vec::new(),
        findings: Vec::new(),
    };
    let value = judge.value(node, schema, None);
    Judged { value, faults: judge.faults, findings: judge.findings }
}

/// What the source says of its amounts, as far as it says it rightly.
fn amounts(node: &Node, schema: &Schema) -> Amounts {
    let said = |name: &str| node.get("金额")?.get(name)?.scalar();
    let units = resolve(schema, &schema["properties"]["金额"])["properties"]["单位"].clone();
    let units = choices(resolve(schema, &units));
    Amounts {
        decimals: said("小数").and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_DECIMALS),
        unit: said("单位").map(str::to_owned).filter(|unit| units.contains(unit)),
    }
}

struct Judge<'a> {
    file: &'a Arc<File>,
    root: &'a Schema,
    is_source: bool,
    slips: &'a Slips<'a>,
    amounts: Amounts,
    /// All amounts added up; `None` once they are too much.
    sum: Option<Decimal>,
    /// What texts look like, to the first that looks so.
    names: HashMap<String, (String, Place)>,
    faults: Vec<Finding>,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn value(&mut self, node: &Node, schema: &Schema, key: Option<&Key>) -> Value {
        let schema = resolve(self.root, schema);
        if is_missing(node) {
            self.missing_value(node, key);
            return Value::Null;
        }
        match (&node.kind, schema["type"].as_str()) {
            (Kind::Map(entries), Some("object")) => self.map(node, entries, schema, key),
            (Kind::List(items), Some("array")) => self.list(node, items, schema, key),
            (Kind::Scalar { text, .. }, _) if schema["enum"].is_array() => {
                self.choice(node, text, schema)
            }
            (Kind::Scalar { text, .. }, _) if leaf(schema).is_some() => {
                self.words(node, leaf(schema));
                self.leaf(&node.range, text, leaf(schema))
            }
            _ => {
                self.wrong_type(node, schema, key);
                Value::Null
            }
        }
    }

    fn map(
        &mut self,
        node: &Node,
        entries: &[(Key, Node)],
        schema: &Schema,
        owner: Option<&Key>,
    ) -> Value {
        let properties = &schema["properties"];
        let any_key = schema.get("additionalProperties").filter(|schema| schema.is_object());
        let mut mapping = Mapping::new();
        // The known names that unknown keys seem to mean.
        let mut meant = Vec::new();
        let mut rest = entries;
        while let [(key, value), after @ ..] = rest {
            rest = after;
            match properties.get(&key.text).or(any_key) {
                Some(schema) => {
                    let value = match self.number_with_commas(value, schema, &mut rest) {
                        Some(place) => {
                            self.leaf(&place, &self.file.text[place.clone()], leaf(schema))
                        }
                        None => self.value(value, schema, Some(key)),
                    };
                    if self.is_source && properties.get(&key.text).is_none() {
                        self.characters(&key.range, &key.text);
                    }
                    mapping.insert(tagged(&key.range, &key.text), value);
                }
                None => meant.extend(self.unknown_key(key, value, properties)),
            }
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            let name = required.as_str().unwrap_or_default();
            if !entries.iter().any(|(key, _)| key.text == name) && !meant.contains(&name) {
                self.missing_key(node, name, owner);
            }
        }
        Value::Mapping(mapping)
    }

    /// In `{甲: 1,234}` YAML reads a key `234`: takes such keys from `rest`, and gives the place of
    /// the whole number.
    fn number_with_commas(
        &self,
        value: &Node,
        schema: &Schema,
        rest: &mut &[(Key, Node)],
    ) -> Option<Place> {
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let first = value.scalar().filter(|text| is_number(text));
        first.filter(|_| leaf(resolve(self.root, schema)) == Some(Leaf::Amount))?;
        let mut place = value.range.clone();
        while let [(key, none), after @ ..] = *rest
            && is_number(&key.text)
            && is_missing(none)
            && self.file.text.get(place.end..key.range.start) == Some(",")
        {
            place.end = key.range.end;
            *rest = after;
        }
        (place != value.range).then_some(place)
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &Schema, key: Option<&Key>) -> Value {
        if items.is_empty() && schema["minItems"].as_u64() > Some(0) {
            let what = whose(key);
            let finding = Finding::error("S07", format!("{what}下面一项也没有"));
            self.find(described(finding, schema), key.map_or(&node.range, |key| &key.range));
        }
        if let Some(name) = schema["x-named-by"].as_str() {
            self.distinct(items, name, schema, key.map_or("", |key| &key.text));
        }
        self.undivided(node, items, &schema["items"]);
        items.iter().map(|item| self.value(item, &schema["items"], None)).collect()
    }

    /// Items that are told apart by a name have different ones; only one may go without.
    fn distinct(&mut self, items: &[Node], name: &str, schema: &Schema, what: &str) {
        let named: Vec<(&Node, Option<&Node>)> = items
            .iter()
            .filter(|item| matches!(item.kind, Kind::Map(_)))
            .map(|item| (item, item.get(name)))
            .collect();
        let text = |at: usize| named[at].1.and_then(Node::scalar);
        for (at, (item, node)) in named.iter().enumerate() {
            let Some(first) = (0..at).find(|first| text(*first) == text(at)) else { continue };
            let (item_before, node_before) = named[first];
            let before = node_before.unwrap_or(item_before).range.start;
            let (line, _) = self.file.line_column(before);
            let finding = match (node, text(at)) {
                (Some(node), Some(text)) => {
                    Finding::error("B06", format!("{what}“{}”写了两个", brief(text)))
                        .at(self.file, node.range.clone())
                        .label(format!("第 {line} 行已有"))
                        .help("改一个名称，或合成一个")
                }
                (None, _) => {
                    let finding = Finding::error("B03", format!("有两个{what}没写“{name}”"))
                        .at(self.file, first_line(self.file, &item.range))
                        .label(format!("第 {line} 行起的也没写"));
                    described(finding, schema)
                }
                // A name that is no text is a fault of its own.
                _ => continue,
            };
            self.findings.push(finding);
        }
    }

    fn leaf(&mut self, place: &Place, text: &str, leaf: Option<Leaf>) -> Value {
        // The texts of a form may speak of braces; those of a source mean them.
        let judged = leaf.filter(|leaf| self.is_source || *leaf != Leaf::Text);
        let is_words = self.is_source && matches!(leaf, Some(Leaf::Text | Leaf::Prose));
        let to_do = is_words.then(|| leaf::to_do(text)).flatten();
        match to_do.or_else(|| judged.and_then(|leaf| leaf.complaint(text, &self.amounts))) {
            Some(complaint) => self.complain(complaint, place, text),
            None if leaf == Some(Leaf::Amount) => self.add(place, text),
            None => {}
        }
        tagged(place, text)
    }

    /// Judges how a text of a source is written: marks that are lost or printed, characters.
    fn words(&mut self, node: &Node, leaf: Option<Leaf>) {
        let Kind::Scalar { text, plain, block } = &node.kind else { return };
        if !self.is_source || !matches!(leaf, Some(Leaf::Text | Leaf::Prose)) {
            return;
        }
        let (file, keys) = (self.file, self.slips.keys());
        let scalar = Scalar { file, range: &node.range, plain: *plain, block: *block, keys };
        self.findings.extend(scalar.findings());
        self.findings.extend(lost::markup(file, &node.range, text));
        self.findings.extend(lost::hidden(file, &node.range, *block));
        self.characters(&node.range, text);
        if leaf == Some(Leaf::Text) {
            self.name(&node.range, text);
        }
    }

    fn characters(&mut self, place: &Place, text: &str) {
        for odd in alike::odd(text) {
            let code = if odd.real.is_empty() { "S02" } else { "S18" };
            let at = odd.at..odd.at + odd.character.len_utf8();
            let place = place_within(self.file, place, text, at);
            self.findings
                .push(Finding::warning(code, odd.message()).at(self.file, place).help(odd.help()));
        }
    }

    /// Names that look the same are one name, or confuse everybody.
    fn name(&mut self, place: &Place, text: &str) {
        let looks = alike::folded(text);
        let Some((first, at)) = self.names.get(&looks) else {
            self.names.insert(looks, (text.to_owned(), place.clone()));
            return;
        };
        // What is told of a character need not be told of the name.
        if first == text || !alike::odd(first).is_empty() || !alike::odd(text).is_empty() {
            return;
        }
        let (line, _) = self.file.line_column(at.start);
        let message = format!(
            "“{}”与第 {line} 行的“{}”看起来一样，只差{}",
            brief(text),
            brief(first),
            alike::difference(text, first)
        );
        self.findings.push(
            Finding::warning("S19", message)
                .at(self.file, place.clone())
                .help("是同一个的，写成一样；不是的，名称里写明区别"),
        );
    }

    /// `[甲，乙]` is one item, and so is `[甲 乙]`.
    fn undivided(&mut self, node: &Node, items: &[Node], schema: &Schema) {
        let is_words = |leaf: &Leaf| matches!(leaf, Leaf::Text | Leaf::Prose) && self.is_source;
        let leaf = leaf(resolve(self.root, schema)).filter(is_words);
        let is_flow = self.file.text[node.range.clone()].starts_with('[');
        for item in items {
            let Kind::Scalar { text, plain, .. } = &item.kind else { continue };
            let (file, place, is_prose) = (self.file, &item.range, leaf == Some(Leaf::Prose));
            if is_prose {
                self.findings.extend(lost::numbered(file, place, text));
            }
            if *plain && leaf.is_some() && (!is_prose || is_flow) {
                let is_list = !is_prose || items.len() == 1;
                let marked = is_list.then(|| lost::undivided(file, place, text, items.len() == 1));
                let found = marked.flatten();
                self.findings.extend(found.or_else(|| lost::run_together(file, place, is_prose)));
            }
        }
    }

    /// Bounds the sum of all amounts, so that no sum of some of them can overflow later.
    fn add(&mut self, place: &Place, text: &str) {
        let most = Decimal::from(7) * Decimal::from(10_u128.pow(MAX_DIGITS as u32));
        let Some(sum) = self.sum else { return };
        let amount = Decimal::from_str_exact(text).unwrap_or_default();
        self.sum = sum.checked_add(amount).filter(|sum| *sum <= most);
        if self.sum.is_none() {
            let finding = Finding::error("B01", "金额太大，加到这里已超出能准确计算的范围")
                .help("检查有没有多打了零，或把单位改成万元");
            self.find(finding, place);
        }
    }

    fn choice(&mut self, node: &Node, text: &str, schema: &Schema) -> Value {
        let choices = choices(schema);
        if !choices.iter().any(|choice| choice == text) {
            let help = format!("可以写：{}", enumerate(choices.iter().map(String::as_str)));
            let wrong = Complaint::new("S12", format!("“{}”不在可选的词里", brief(text)), help);
            let quoted =
                || leaf::in_quotes("S12", text, |bare| choices.iter().any(|it| it == bare));
            self.complain(leaf::unseen(text).or_else(quoted).unwrap_or(wrong), &node.range, text);
        }
        Value::String(text.to_owned())
    }

    /// Complains of a key; the answer is the known name that it seems to mean.
    fn unknown_key<'s>(
        &mut self,
        key: &Key,
        value: &Node,
        properties: &'s Schema,
    ) -> Option<&'s str> {
        let names = || properties.as_object().into_iter().flat_map(|map| map.keys());
        let bare = leaf::unquoted(&key.text);
        let quoted = names().find(|name| Some(name.as_str()) == bare).map(String::as_str);
        let near = quoted.or_else(|| nearest(&key.text, names().map(String::as_str)));
        let slips = self.slips.within(&key.range);
        if !slips.is_empty() {
            self.faults.extend(slips);
            let starts_it = |name: &&String| key.text.starts_with(name.as_str());
            return names().find(starts_it).map(String::as_str).or(near);
        }
        let after = self.file.text[key.range.end..].trim_start();
        let list = || format!("这里可以有：{}", enumerate(names().map(String::as_str)));
        let help = match (near, near::home(self.root, &key.text, value)) {
            (Some(near), _) if quoted.is_some() => format!("键外面不写中文引号：{near}: …"),
            (_, Some(home)) => format!("它写在{home}；看看缩进"),
            (Some(near), _) => format!("是不是“{near}”？"),
            _ if after.starts_with([',', '}']) => {
                "它前面的逗号把一句话断开了；文字里有半角逗号的，整句加引号".to_owned()
            }
            _ => list(),
        };
        let unknown = Complaint::new("S06", format!("不认识的键“{}”", brief(&key.text)), help);
        self.complain(leaf::unseen(&key.text).unwrap_or(unknown), &key.range, &key.text);
        near
    }

    fn missing_key(&mut self, node: &Node, name: &str, owner: Option<&Key>) {
        let (place, whose) = match owner {
            Some(owner) => (owner.range.clone(), format!("“{}”下面", brief(&owner.text))),
            None => (first_line(self.file, &node.range), "这里".to_owned()),
        };
        let help = match self.file.text[node.range.clone()].starts_with('{') {
            true => format!("在 {{ }} 里补上“{name}: …”"),
            false => format!("补一行“{name}: …”"),
        };
        self.find(Finding::error("S07", format!("{whose}缺少“{name}”")).help(help), &place);
    }

    fn missing_value(&mut self, node: &Node, key: Option<&Key>) {
        let what = key.map_or("这一项".to_owned(), |key| format!("“{}”", brief(&key.text)));
        let place = match key {
            Some(key) if node.range.is_empty() => &key.range,
            _ => &node.range,
        };
        let after = self.file.text[place.end..].trim_start_matches([':', ' ']);
        let comment = after.strip_prefix('#').filter(|_| node.range.is_empty());
        let help = match comment {
            Some(comment) if !comment.starts_with([' ', '\n']) => {
                "“#”后面是注释，不算内容；要它算内容，就给它加引号"
            }
            _ => "填上内容；没有就删掉这一项，数是零就写 0",
        };
        self.find(Finding::error("S07", format!("{what}没有填")).help(help), place);
    }

    fn wrong_type(&mut self, node: &Node, schema: &Schema, key: Option<&Key>) {
        let place = first_line(self.file, &node.range);
        let slips = match node.kind {
            Kind::Scalar { .. } => self.slips.within(&node.range),
            _ => self.slips.within(&place),
        };
        if !slips.is_empty() {
            self.faults.extend(slips);
            return;
        }
        let kind = schema["type"].as_str();
        let wanted = match kind {
            Some("object") => "下面几行“键: 值”".to_owned(),
            Some("array") => "一个清单（每项前面写“- ”）".to_owned(),
            _ => leaf(schema).map_or("一个词", Leaf::name).to_owned(),
        };
        let got = match &node.kind {
            Kind::Scalar { .. } => "一个值",
            Kind::List(_) => "一个清单",
            Kind::Map(_) => "几行“键: 值”",
        };
        let choices = choices(schema);
        let help = match kind {
            _ if std::ptr::eq(schema, self.root) => syntax::outline(schema),
            Some("object") => "另起一行，缩进两格，每行写一个“键: 值”".to_owned(),
            Some("array") => "每一项另起一行，前面写“- ”".to_owned(),
            _ if !choices.is_empty() => {
                format!("可以写：{}", enumerate(choices.iter().map(String::as_str)))
            }
            _ => self.misread(node, schema).unwrap_or("只写一个值，直接跟在冒号后面").to_owned(),
        };
        let message = format!("{}要写{wanted}，现在是{got}", whose(key));
        self.find(Finding::error("S06", message).help(help), &place);
    }

    /// What made a text into something else: its first character, or a colon in it.
    fn misread(&self, node: &Node, schema: &Schema) -> Option<&'static str> {
        leaf(schema).filter(|leaf| matches!(leaf, Leaf::Text | Leaf::Prose))?;
        let raw = &self.file.text[node.range.clone()];
        match &node.kind {
            _ if raw.starts_with(['[', '{']) => Some(syntax::BRACKET),
            Kind::Map(entries) => {
                let is_key = |(key, _): &(Key, Node)| self.slips.keys().contains(&key.text);
                (!entries.iter().any(is_key)).then_some(syntax::COLON)
            }
            _ => None,
        }
    }

    fn complain(&mut self, complaint: Complaint, place: &Place, text: &str) {
        let Complaint { code, message, help, at } = complaint;
        let place = match at {
            Some(at) => place_within(self.file, place, text, at),
            None => place.clone(),
        };
        self.find(Finding::error(code, message).help(help), &place);
    }

    fn find(&mut self, finding: Finding, place: &Place) {
        self.faults.push(finding.at(self.file, place.clone()));
    }
}

/// The schema that a `$ref` leads to, or the schema itself.
pub fn resolve<'a>(root: &'a Schema, schema: &'a Schema) -> &'a Schema {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(pointer) => root.pointer(pointer).unwrap_or(schema),
        None => schema,
    }
}

fn leaf(schema: &Schema) -> Option<Leaf> {
    Leaf::from_format(schema["format"].as_str()?)
}

/// What the schema says of a thing is the best advice on it.
fn described(finding: Finding, schema: &Schema) -> Finding {
    match schema["description"].as_str() {
        Some(description) => finding.help(description),
        None => finding,
    }
}

/// The words of a choice, as they are written.
fn choices(schema: &Schema) -> Vec<String> {
    let words = schema["enum"].as_array().into_iter().flatten();
    let mut choices: Vec<String> =
        words.map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned)).collect();
    choices.dedup();
    choices
}

/// `key:`, `key: ~` and `key: null` say nothing; in quotes they are words.
fn is_missing(node: &Node) -> bool {
    let Kind::Scalar { text, plain, .. } = &node.kind else { return false };
    text.trim().is_empty() || *plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL")
}

fn whose(key: Option<&Key>) -> String {
    key.map_or("这里".to_owned(), |key| format!("“{}”", brief(&key.text)))
}

fn tagged(place: &Place, text: &str) -> Value {
    let value = Value::String(text.to_owned());
    Value::Tagged(Box::new(TaggedValue { tag: Tag::new(place_tag(place)), value }))
}

fn first_line(file: &File, range: &Place) -> Place {
    let text = &file.text[range.clone()];
    range.start..range.start + text.find('\n').unwrap_or(text.len())
}
