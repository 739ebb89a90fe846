//! What travels inside a PDF so that it can be made again: its source, its workbook, a record of
//! how it was made, and the form where it is not the program's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Subject, Trouble, fingerprint, xlsx};
use crate::form::{Form, store};
use crate::typeset::{Attachment, Relation};

/// The name of the record.
pub const RECORD: &str = "yusuan.json";
/// Before the paths of a form's files.
pub const FORM_FOLDER: &str = "templates/";

/// How a PDF was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The name of the source among the attachments.
    pub source: String,
    pub source_sha256: String,
    pub form: String,
    pub form_sha256: String,
    /// The form came with the program; otherwise its files are attached.
    pub form_shipped: bool,
    /// 舍位平衡 was asked for on the command line.
    pub balance: bool,
}

/// The attachments of a report; `source` is the source's file as it was read.
pub fn attachments(
    subject: &Subject<'_>,
    source: &[u8],
    balance: bool,
) -> Result<Vec<Attachment>, Trouble> {
    let name = super::base_name(&subject.report.file.name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let record = record(subject, source, balance);
    let form = &record.form;
    let workbook = xlsx::xlsx(subject).map_err(|error| Trouble(error.to_string()))?;
    let text = serde_json::to_string_pretty(&record).map_err(|error| Trouble(error.to_string()))?;
    let mut attachments = vec![
        Attachment {
            name: name.to_owned(),
            mime: "application/yaml",
            description: "本报告的数据文件".to_owned(),
            relation: Relation::Source,
            data: source.to_vec(),
        },
        Attachment {
            name: format!("{stem}.xlsx"),
            mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            description: "本报告各表的工作簿".to_owned(),
            relation: Relation::Alternative,
            data: workbook,
        },
        supplement(RECORD, "application/json", "本报告是怎样生成的", &text),
    ];
    if !record.form_shipped {
        let files = subject.form.files().map(|(path, text)| {
            let name = format!("{FORM_FOLDER}{form}/{path}");
            supplement(&name, "text/plain", "本报告的表式", text)
        });
        attachments.extend(files);
    }
    Ok(attachments)
}

/// How a report was made of `source`.
pub fn record(subject: &Subject<'_>, source: &[u8], balance: bool) -> Record {
    let form = &subject.budget.source.value.form.text;
    Record {
        source: super::base_name(&subject.report.file.name).to_owned(),
        source_sha256: super::fingerprint_of(source),
        form: form.clone(),
        form_sha256: form_fingerprint(subject.form),
        form_shipped: is_shipped(form, subject.form),
        balance,
    }
}

fn supplement(name: &str, mime: &'static str, description: &str, text: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        mime,
        description: description.to_owned(),
        relation: Relation::Supplement,
        data: text.as_bytes().to_vec(),
    }
}

/// The fingerprint of all files of a form.
pub fn form_fingerprint(form: &Form) -> String {
    let parts = form.files().map(|(path, text)| format!("{path}\0{}\n", fingerprint(text)));
    fingerprint(&parts.collect::<String>())
}

/// Whether the program brings exactly this form along.
fn is_shipped(name: &str, form: &Form) -> bool {
    let Ok((_, raw)) = store::find(name, &[]) else { return false };
    let own: BTreeMap<&str, &[u8]> =
        form.files().map(|(path, text)| (path, text.as_bytes())).collect();
    let shipped: BTreeMap<&str, &[u8]> =
        raw.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    own == shipped
}
