"""Customs: declarations and answers of the WCO data model, and China's messages of cross-border e-commerce.

Idea: a declaration is the trader's word on value and goods, an answer is that of customs on what became of
them. Tables of codes and elements say which message becomes what.

Worked example: a WCO `Declaration` `IMA` with an `InvoiceAmount` is an `import_declaration` of that value; a
`CEB303Message` is an `order` on a platform.

Sources: WCO data model 3.6 as CDS (HMRC) uses it; messages CEB303 to CEB622 of China Customs.
`docs/reference/formats/customs.md` has the tables in full.
"""

from tallystick.evidence.formats.customs.reader import looks_like_customs, read_customs

__all__ = ["looks_like_customs", "read_customs"]
