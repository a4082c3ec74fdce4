"""What keeps evidence from being taken, said in English and Chinese out of one table.

`say("gzip-damaged", name="a.csv.gz")` is the English sentence, a plain `str` for logs, terminals and programs,
that carries its Chinese along; so do sentences within sentences:

>>> why = say("packed-unnamed")
>>> told = say("nothing-read", why=say("one-file", name="a.bin", why=why))
>>> told
'nothing in it could be read: a.bin: a packed file that is not named .gz: rename it'
>>> chinese(told)
'其中没有可读取的内容：a.bin：压缩文件的名称没有以 .gz 结尾，请改名'
>>> chinese("what nobody translated")
'what nobody translated'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    # who, and what is handed in
    "not-contributor": (
        "the account {login!r} is no contributor: an operator says under which name it hands in",
        "账户“{login}”不是数据提供方：由运营方指定提交名称",
    ),
    "file-name": ("{name!r} is no name of a file", "“{name}”不是有效的文件名"),
    "nothing-read": ("nothing in it could be read: {why}", "其中没有可读取的内容：{why}"),
    "it-is-empty": ("it is empty", "文件为空"),
    "one-file": ("{name}: {why}", "{name}：{why}"),
    "not-rated": (
        "this book has not been rated yet: wait for the worker",
        "本账簿尚未评级，请稍候",
    ),
    "card-unreadable": ("{card} cannot be read: {why}", "无法读取 {card}：{why}"),
    "card-operator": (
        "{card} says that the operator of the book hands this in, which a file cannot say: use another "
        "kind, or `tallystick judge`",
        "{card} 声明由账簿运营方提交，文件不能这样声明：请改用其他类别",
    ),
    "contributor-kind": (
        "{kind!r} is not a kind of contributor; use one of {allowed}",
        "“{kind}”不是数据提供方的类别，可用的有：{allowed}",
    ),
    "identifier-invalid": (
        "{ref!r} is not a valid identifier; write scheme:value, e.g. lei:5299...",
        "“{ref}”不是有效标识，请写成 类别:号码，例如 lei:5299…",
    ),
    # what a file is
    "no-file": ("there is no file {name!r}", "没有文件“{name}”"),
    "unreadable": ("{name} cannot be read: {why}", "无法读取 {name}：{why}"),
    "folder": ("{name} is a folder, not a table", "{name} 是文件夹，不是表格"),
    "empty": ("{name} is empty: there is nothing to read", "{name} 为空，没有可读取的内容"),
    "no-gzip": (
        "{name} is no gzip file, whatever its name says: send it again",
        "{name} 虽以 .gz 命名，但不是 gzip 文件，请重新提供",
    ),
    "gzip-damaged": (
        "{name} is a damaged gzip file: send it again",
        "{name} 是损坏的 gzip 文件，请重新提供",
    ),
    "gzip-short": (
        "{name} is a gzip file that ends too early: send it again",
        "{name} 是不完整的 gzip 文件，请重新提供",
    ),
    "encoding-wrong": (
        "{name} is not {encoding} throughout: give the right `encoding` in [read] of the mapping",
        "{name} 并非全部为 {encoding} 编码：请在映射的 [read] 中写明正确的 `encoding`",
    ),
    "encoding-unknown": (
        "{given!r} is no encoding that is known: use e.g. utf-8, gb18030, latin-1, utf-16",
        "“{given}”不是已知编码，可用例如 utf-8、gb18030、latin-1、utf-16",
    ),
    "not-utf8": (
        '{name} is not UTF-8: say `encoding = "{guess}"` (or what it is) in [read] of the mapping',
        '{name} 不是 UTF-8 编码：请在映射的 [read] 中写明 `encoding = "{guess}"`（或实际编码），或另存为 UTF-8',
    ),
    "no-parquet": (
        "{name} is no Parquet file, whatever its name says: send it again",
        "{name} 虽以 .parquet 命名，但不是 Parquet 文件，请重新提供",
    ),
    "parquet-claimed": (
        "{name} is not a Parquet file: send it again, or name its format",
        "{name} 不是 Parquet 文件：请重新提供，或写明其格式",
    ),
    "too-much": (
        "{name} needs more memory or disk than there is",
        "{name} 所需内存或磁盘超出可用量，请拆分后提交",
    ),
    "not-staged": ("{name} cannot be staged: {why}", "无法处理 {name}：{why}"),
    "header-unreadable": ("{name} has a header that cannot be read", "无法读取 {name} 的表头"),
    "header-none": (
        "{name} has no header: give `header = [...]` in [read]",
        "{name} 没有表头：请在 [read] 中写明 `header = [...]`",
    ),
    "not-read-here": (
        "{name} is not something Tallystick reads ({why}): give CSV, TSV, JSON Lines, Parquet, or one of "
        "{titles}; each also as .gz or .zip",
        "{name} 不是可读取的格式（{why}）：请提供 CSV、TSV、JSON Lines、Parquet，或以下之一：{titles}；均可"
        "压缩为 .gz 或 .zip",
    ),
    "not-read": ("not read", "未读取"),
    "cannot-be-read": ("it cannot be read", "无法读取"),
    # archives
    "archive-deep": ("more than {most} archives within another", "压缩包嵌套超过 {most} 层"),
    "archive-many": (
        "{name} holds more than {most:,} files: split it",
        "{name} 含有超过 {most:,} 个文件，请拆分",
    ),
    "archive-broken": (
        "{name} cannot be read as an archive: {why}. Send it again, whole, or unpacked",
        "无法将 {name} 作为压缩包读取：{why}。请重新提供完整文件，或解压后提交",
    ),
    "archive-large": (
        "{name} unpacks to more than {gb} GB, or to more than {ratio} times its size: it is not taken. "
        "Unpack it yourself where you trust it",
        "{name} 解压后超过 {gb} GB，或超过其大小的 {ratio} 倍，不予收录。如确认可信，请自行解压后提交",
    ),
    "member-out": ("its name leads out of the archive", "其名称指向压缩包之外"),
    "member-encrypted": ("it is encrypted", "已加密"),
    "member-link": ("links are not followed", "不跟随链接"),
    "member-no-file": ("it is no file", "不是文件"),
    # what a file seems to be that nothing reads
    "an-empty-file": ("an empty file", "空文件"),
    "workbook": (
        "an archive or a workbook that is not named as one: rename it to .zip, or .xlsx",
        "压缩包或工作簿的名称不对，请改为以 .zip 或 .xlsx 结尾",
    ),
    "workbook-broken": (
        "{name} cannot be read as a workbook: {why}. Save it anew without a password, or its sheets as CSV",
        "无法将 {name} 作为工作簿读取：{why}。请重新保存（不设密码），或将工作表另存为 CSV",
    ),
    "workbook-large": (
        "{name} takes more room or time than a workbook may: save its sheets as CSV",
        "{name} 占用的空间或时间超出工作簿的限度，请将工作表另存为 CSV",
    ),
    "workbook-empty": (
        "the workbook has no sheet with anything in it",
        "工作簿中没有任何有内容的工作表",
    ),
    "sheet-hidden": (
        "a hidden sheet: show it if it is meant to be read",
        "隐藏的工作表；如需读取，请先取消隐藏",
    ),
    "packed-unnamed": (
        "a packed file that is not named .gz: rename it",
        "压缩文件的名称没有以 .gz 结尾，请改名",
    ),
    "web-page": (
        "a web page (HTML), perhaps saved in place of the document that it shows",
        "网页（HTML），可能误存了网页而非其中的单据",
    ),
    "json-unknown": (
        "JSON with {keys}, which no reader reads; as JSON Lines (.jsonl), one object a line, it is a table "
        "that a mapping reads",
        "含 {keys} 的 JSON，没有对应的读取器；若存为 JSON Lines（.jsonl，每行一个对象），可作为表格用映射读取",
    ),
    "json-no-keys": ("no fields", "无字段"),
    "xml-unknown": (
        "XML of {root!r}{where}, which no reader reads",
        "根元素为“{root}”的 XML{where}，没有对应的读取器",
    ),
    "xml-no-root": ("XML of no element, which no reader reads", "没有元素的 XML，没有对应的读取器"),
    "xml-within": (" in {space!r}", "（命名空间“{space}”）"),
    "text-of-another": ("a file of {name}, which no reader reads", "{name} 文件，没有对应的读取器"),
    "text-unknown": ("a text that no reader reads", "文本文件，没有对应的读取器"),
    "binary-unknown": ("a binary file that no reader reads", "二进制文件，没有对应的读取器"),
    # mappings and tables
    "mapping-no-toml": ("{name} is not TOML: {why}", "{name} 不是 TOML：{why}"),
    "mapping-wrong": ("{name}: {why}", "{name}：{why}"),
    "mapping-extra": ("`{key}` is not a key of {place}", "{place}没有键 `{key}`"),
    "mapping-near": (
        "`{key}` is not a key of {place}; did you mean `{near}`?",
        "{place}没有键 `{key}`，是否为 `{near}`？",
    ),
    "mapping-missing": ("`{key}` is missing in {place}", "{place}缺少 `{key}`"),
    "mapping-at": ("{place}: {why}", "{place}：{why}"),
    "value-sources": ("give exactly one of {allowed}", "须且只能给出以下之一：{allowed}"),
    "value-bounds": (
        "give both lowest and highest, lowest being the smaller",
        "须同时给出 lowest 和 highest，且 lowest 较小",
    ),
    "value-else": (
        "`else` and `keep` say what happens to values that `map` does not list",
        "`else` 和 `keep` 说明 `map` 未列出的值如何处理，须与 `map` 同用",
    ),
    "party-needs": ("a party needs an `id` or a `name`", "当事方须有 `id` 或 `name`"),
    "currency-none": ("{code!r} is no currency of ISO 4217", "“{code}”不是 ISO 4217 货币"),
    "marks-same": (
        "`thousands` and `decimal` are the same mark",
        "`thousands` 与 `decimal` 使用了相同的符号",
    ),
    "word-near": (
        "{given!r} is no {what}; did you mean {near!r}?",
        "“{given}”不是{what}，是否为“{near}”？",
    ),
    "word-known": (
        "{given!r} is no {what}; known are {allowed}",
        "“{given}”不是{what}，可用的有：{allowed}",
    ),
    "a-contributor-kind": ("kind of contributor", "数据提供方类别"),
    "a-reference-kind": ("kind of reference", "引用类别"),
    "a-document-kind": ("kind of document", "单据类别"),
    "an-action": ("action", "操作"),
    "mapping-any": ("a mapping", "映射中"),
    "mapping-itself": ("the mapping", "映射中"),
    "filter-wrong": (
        "the filter {text!r} is not understood near {near!r}: write e.g. status == 'paid' and "
        "number(amount) > 0",
        "无法理解筛选条件“{text}”中“{near}”附近的内容：请写成例如 status == 'paid' and number(amount) > 0",
    ),
    "template-brace": (
        "the template {template!r} has a brace without its pair",
        "模板“{template}”的花括号不成对",
    ),
    "kind-column": (
        "{name} has no column `kind`: give a mapping (`tallystick mapping suggest` drafts one)",
        "{name} 没有 `kind` 列：请提供映射（可自动起草）",
    ),
    "column-nearly": (
        "{name} has a column {column!r}, which is nearly {near!r}: rename it, or give a mapping",
        "{name} 的列“{column}”与“{near}”相近：请改名，或提供映射",
    ),
    "column-twice": (
        "the header has the column {column!r} more than once: write {first!r} for the first or {second!r} "
        "for the second",
        "表头中“{column}”列出现多次：第一列写作“{first}”，第二列写作“{second}”",
    ),
    "column-none": ("the table has no column {column!r}{hint}", "表格没有“{column}”列{hint}"),
    "column-near": ("; did you mean {near!r}?", "，是否为“{near}”？"),
    "column-known": ("; it has {known}", "；已有的列：{known}"),
    "join-twice": (
        "{name} has {value!r} more than once in {key!r}: join on a column whose values stand once",
        "{name} 的“{key}”列中“{value}”出现多次：请以取值唯一的列关联",
    ),
    "join-elsewhere": (
        "join: {file!r} does not lie beside {name}: put it there",
        "join：“{file}”不在 {name} 旁边，请放到同一文件夹",
    ),
    # lists to look up
    "list-no-text": (
        "this is no text: hand in names, one a line, or a table as CSV",
        "这不是文本：请提交每行一个名称的清单，或 CSV 表格",
    ),
    "list-long": (
        "the list has {lines} lines, {most} at most: hand it in in parts",
        "清单有 {lines} 行，最多 {most} 行：请分批提交",
    ),
    # who is who
    "no-company": (
        "no company is called {text!r}; try `tallystick find` with a part of its name",
        "没有名为“{text}”的企业；请用名称的一部分查找",
    ),
    "several-companies": (
        "{text!r} may mean several companies; give the code of one: {listed}",
        "“{text}”可能指多家企业，请给出其中一家的编码：{listed}",
    ),
    "no-whole-name": (
        "{text!r} is not the whole name of a company; give the code of the one that is meant: {listed}",
        "“{text}”不是任何企业的全名，请给出所指企业的编码：{listed}",
    ),
    "nobody": (
        "nobody is described as {text!r}; `tallystick how` shows the references of a company",
        "没有描述为“{text}”的企业",
    ),
    "nothing-meant": (
        "{text!r} is neither an identifier nor a company of this book",
        "“{text}”既不是标识，也不是本账簿中的企业",
    ),
    "one-company": (
        "{a!r} and {b!r} mean one company; name two of its descriptions, as `tallystick how` shows them",
        "“{a}”与“{b}”为同一家企业；请给出该企业的两条描述",
    ),
    "one-description": ("{text!r} and the other are one description", "“{text}”与另一项为同一描述"),
    "verdict": (
        "{verdict!r} is not a verdict; use {allowed}",
        "“{verdict}”不是结论，可用：{allowed}",
    ),
    "past-busy": (
        "another day is being looked at just now: try again in a minute",
        "正在计算另一日期的评级，请一分钟后再试",
    ),
    "judge-why": ("a judgement needs its reason: say why", "判定须说明理由"),
    "judge-two": (
        "a judgement is about two different descriptions of companies",
        "判定须针对两条不同的企业描述",
    ),
}
"""Code -> (English, Chinese)."""


class Sentence(str):
    """An English sentence that carries its code (empty where it is several) and its Chinese."""

    __slots__ = ("chinese", "code")
    chinese: str
    code: str


def say(code: str, /, **blanks: object) -> Sentence:
    """The sentence of a code with its blanks filled in. Raises `KeyError` for a code that is not there."""
    english, translated = SENTENCES[code]
    made = Sentence(english.format(**blanks))
    told = {
        name: chinese(value) if isinstance(value, str) else value for name, value in blanks.items()
    }
    made.code, made.chinese = code, translated.format(**told)
    return made


def all_of(sentences: Sequence[str]) -> Sentence:
    """Several sentences in a row."""
    made = Sentence("; ".join(sentences))
    made.code, made.chinese = "", "；".join(map(chinese, sentences))
    return made


def chinese(said: object) -> str:
    """The Chinese of a sentence or of the error that says it; what has none stays as it is."""
    sentence = _within(said)
    return sentence.chinese if isinstance(sentence, Sentence) else str(said)


def code_of(error: BaseException) -> str | None:
    """The code of the sentence that an error says, None where it is none of the table."""
    sentence = _within(error)
    return sentence.code if isinstance(sentence, Sentence) else None


def _within(said: object) -> object:
    return said.args[0] if isinstance(said, BaseException) and said.args else said
