//! Files that travel inside a PDF, as PDF/A-3 allows.

use typst::foundations::Bytes;

use super::desk::Desk;
use super::literal;

/// A file inside a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub mime: &'static str,
    /// What a reader of the PDF is told about it.
    pub description: String,
    pub relation: Relation,
    pub data: Vec<u8>,
}

/// What the file is to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The document was made from it.
    Source,
    /// The same content in another form.
    Alternative,
    /// How the document was made.
    Supplement,
}

/// Lays the files on the desk; gives the markup that attaches them, which prints nothing.
pub fn lay_out(desk: &Desk, attachments: &[Attachment]) -> String {
    let data = attachments.iter().map(|attachment| Bytes::new(attachment.data.clone()));
    let names = desk.carry(data);
    let lines = attachments.iter().zip(names).map(|(attachment, carried)| {
        let relation = match attachment.relation {
            Relation::Source => "source",
            Relation::Alternative => "alternative",
            Relation::Supplement => "supplement",
        };
        format!(
            "#pdf.attach({}, read({}, encoding: none), relationship: {}, mime-type: {}, description: {})\n",
            literal::code(&attachment.name),
            literal::code(&carried),
            literal::code(relation),
            literal::code(attachment.mime),
            literal::code(&attachment.description),
        )
    });
    lines.collect()
}
