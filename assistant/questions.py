"""What a question is after: several things at once, the latest state, an overview, or nothing that articles could tell."""

import re

from index.dates import MONTHS

ASKING = (
    r"(?:wann|wer|wem|wen|wessen|was|wo|woher|wohin|woran|worauf|womit|wofür|wodurch|wie|wieviele?|welche[rmns]?|warum|weshalb|wieso|"
    r"when|who|whom|whose|what|where|how|which|why|quand|qui|que|où|combien|pourquoi|comment|quel(?:le)?s?|"
    r"cuándo|quién(?:es)?|qué|dónde|cuánt[oa]s?|cómo|cuál(?:es)?)"
)
_PREPOSITION = r"mit|seit|bis|ab|an|auf|in|um|von|wegen|für|zu|nach|aus|bei|durch|über|with|since|by|from|for|on|at|to"
_BEFORE = rf"(?:(?:{_PREPOSITION}|de|en|a|à|por)\s+)?"
_AND = re.compile(rf"\s*(?:,\s*|;\s*|\s)(?:und|sowie|and|et|y)\s+(?={_BEFORE}{ASKING}\b)", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*(?:und\s+|and\s+)?{_BEFORE}{ASKING}\b", re.IGNORECASE)
_SHORTEST = 3  # words of a part that is asked by itself
_WHICH_THING = r"(?:(?:wie\sviele?n?|welche[rmns]?|what|which)\s\w+)"
# what is asked in a way that anything else can take its place: not who or what did it
_ADVERB = (
    r"\W*(?:(?:und|aber|and|but)\s+)?(?P<asked>wann|wo(?:hin|her)?|warum|weshalb|wieso|wie (?:lange?|oft)|when|where|why|"
    rf"how (?:long|often)|(?:{_PREPOSITION})\s(?:wann|wo|wem|wen|when|where|whom|{_WHICH_THING}))"
)
_BARE = re.compile(rf"{_ADVERB}\W*", re.IGNORECASE)  # and nothing more: «Und seit wann?»
_ADVERBIAL = re.compile(rf"{_ADVERB}\s(?!(?:und|and|oder|or)\b)(?=\w)", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:when|where|why|how|whom|what|which)\b", re.IGNORECASE)
_DETERMINER = r"(?:(?:der|die|das|den|dem|des|ein|eine[nmrs]?|the|a|an)\s)"
_SMALL = r"(?:im|in|am|an|auf|aus|bei|für|mit|nach|über|vom|von|vor|zum|zur|in|on|at|of|for|from)"
_NOUN = r"(?:(?:Dr|Prof|[A-ZÄÖÜ])\.|[A-ZÄÖÜ][\w-]*)"  # with the point of an initial: «Petra K.»
_NOUNS = rf"{_NOUN}(?:\s{_NOUN})*"
_KIND = r"(?:[a-zäöüß]+e[nmrs]?\s)?"
_THING = rf"(?:{_DETERMINER}{_KIND})?{_NOUNS}"
# «das Telefonat im Mai und das Treffen in Ulm», «Noten für Bonn und für Ulm», «der Leiter von Bonn und Ulm»
_BOTH = tuple(
    re.compile(rf"(?<!\w)(?P<one>{one})\s(?:und|sowie|and)\s(?P<other>{other})(?!\w)")
    for one, other in (
        (rf"(?P<small>{_SMALL})\s{_THING}", rf"(?P=small)\s{_THING}"),
        (rf"{_DETERMINER}{_NOUNS}\s{_SMALL}\s{_THING}", rf"{_DETERMINER}{_NOUNS}(?:\s{_SMALL}\s{_THING})?"),
        (_THING, _THING),
    )
)
# what two do with each other is asked of both at once: «Wie lange telefonierten Anna und Bert?», «der Streit zwischen Bonn und Ulm»
_MUTUAL = re.compile(
    r"\b(?:[Zz]wischen|[Zz]usammen|[Gg]emeinsam\w*|(?:mit|gegen|unter)?einander|tr[ei]ff(?:en|t)|traf(?:en)?|getroffen|begegne\w+|telefonier\w+|"
    r"(?:aus)?(?:ge)?tausch\w+|(?:ge)?einigt\w*|verhandel\w+|vereinbar\w+|(?:ge)?heirat\w+|(?:ge)?stritten?|streiten|trennten?|getrennt|"
    r"verständigt\w*|unterschr(?:ei|ie)b\w*|unterzeichne\w+|between|together|each other|met|agreed|signed|"
    r"(?:Treffen|Telefonat|Gespräch|Vertrag|Abkommen|Einigung|Verhältnis|Streit|meeting|call|talks|deal) (?:von|of))\b"
)
# «Hat …?», «Soll …?»: the verb comes first; the last line has what isn't one but looks like one
_VERB_FIRST = re.compile(
    r"\W*(?:(?:und|aber|and|but)\s)?(?:hat|haben|hatten?|hätten?|ist|sind|war(?:en)?|wären?|w[uü]rden?|wird|werden|soll(?:en)?|k(?:ann|önnen)|"
    r"m(?:uss|üssen)|d(?:arf|ürfen)|w(?:ill|ollen)|gab(?:en)?|(?:ge|be|unter|ver)?(?:starb|stieg|verlor|brach|lief|ließ|rief|zog|schrieb|sprach|bot|"
    r"blieb|bekam|erhielt|ging|kam|stand|lag|nahm|fand|traf|trat|fiel|sank|schloss|gewann)(?:en)?|bleiben|gehen|kommen|stehen|nehmen|"
    r"is|are|was|were|has|have|had|do|does|did|will|can|could|should|would|may|est-ce|a-t-(?:il|elle)|ha|han|es|fue|será|"
    r"(?!(?:laut|bitte|zuletzt|jetzt|erst|heute|seit|kosten|zeit|stadt|about|cost|amount|pendant|durante)\s)[a-zäöüß]{3,}(?:t|ten?))\s",
    re.IGNORECASE,
)
# «Und laut Bote?», «In Bonn?», «Und Anna Bär?», «Aktuell?»: a part of a question, to take the place of that part of another
ACCORDING = r"laut|gemäß|according to|selon|según|secondo"
_PART = rf"(?:{_DETERMINER}{_KIND})?(?:(?:\d+\.\s)?{_NOUNS}(?:\s\d{{4}})?|\d{{4}})"
_NOWADAYS = (
    r"zuletzt|aktuell|derzeit|gegenwärtig|momentan|zurzeit|mittlerweile|inzwischen|jetzt|nun|currently|now|at present|actuellement|"
    r"maintenant|désormais|actualmente|ahora|attualmente|adesso"
)
_PLACED = rf"{_SMALL}|beim|seit|bis|ab|um|vor|gegen|zwischen|wegen|durch|ohne|since|against|between|without"
_WHEN = rf"{_NOWADAYS}|heute|gestern|früher|ursprünglich|today|yesterday|originally"
_AGAIN = re.compile(
    rf"\W*(?:(?P<opener>(?i:und|aber|oder|and|but|or|et|mais|y|pero|ma)\s+)|(?=(?i:{_DETERMINER}|(?:{ACCORDING}|{_WHEN}|{_PLACED})(?!\w))))"
    rf"(?P<part>(?P<source>(?i:{ACCORDING})\s[^,;:?]{{1,60}}?)|(?i:{_WHEN})|"
    rf"(?:(?P<small>(?i:{_PLACED}))\s(?!{ASKING}\b){_KIND})?(?P<thing>(?!Sie\b|(?i:{ASKING})\b){_PART}))\s*[?!.]*"
)
_SOURCE = re.compile(rf"(?<!\w)(?:{ACCORDING})\s(?:{_DETERMINER})?(?:(?-i:{_NOUNS})|\w+)", re.IGNORECASE)
_THINGS = re.compile(rf"(?<![\w-])(?:(?P<small>{_PLACED}|{ACCORDING})\s{_KIND})?(?P<thing>{_PART})(?![\w-])")
_DATED = re.compile(
    rf"(?<![\w-])(?:(?:im|in|am|seit|bis|ab|vor|nach|vom|zum|since)\s(?:\d+\.\s)?(?:{MONTHS}(?!\w)|Jahr|Frühjahr|Sommer|Herbst|Winter)"
    r"(?:\s\d{4})?|(?:in\s)?\d{4})(?![\w-])"
)
_DETERMINED = re.compile(rf"(?<!\w){_DETERMINER}")
_FULL_NAME = re.compile(rf"{_NOUN}(?:\s{_NOUN})+")
_SEVERAL = re.compile(rf"{_NOUN}\s(?:und|sowie|oder|and|or)\s(?:{_DETERMINER}|{_SMALL}\s)*{_NOUN}")  # whose place isn't that of one
_ASKED_INSIDE = re.compile(rf"\b{ASKING}\b|\b(?:oder|or|ou)\b", re.IGNORECASE)  # «Weißt du, wie viele …?», «Kommt er am 3. oder am 4.?»
_LATEST = re.compile(
    r"\b(?:(?:neue?st|letzt|aktuell|jüngst|gegenwärtig)e[rnms]? "
    r"(?:stand|meldung|angabe|zahl|prognose|bericht|schätzung|plan|information)\w*|"
    rf"stand der dinge|{_NOWADAYS}|latest|most recent|as of today|dernière?s?|últim[oa]s?|ultim[oaie])\b",
    re.IGNORECASE,
)
_LAST_TIME = re.compile(r"(?<=\bwann )(?:\S+ ){1,12}zuletzt\b", re.IGNORECASE)  # «Wann wurde … zuletzt …?» asks for an event of the past
_SUMMARY = re.compile(
    r"\b(?:fass(?:e|t|en sie)? .*?zusammen|zusammenfass\w*|zusammengefasst|überblick|kurzfassung|worum (?:geht|ging|dreht)|"
    r"die wichtigsten(?: (?:punkte|fakten|ereignisse|themen|ergebnisse))?|summar\w+|overview|"
    r"what is .* (?:all )?about|main points|key points|résum\w+|de quoi s'agit|"
    r"resum\w+|riassum\w+)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:was (?:ist|war) (?:[^.!?]{1,80} )?(?:passiert|geschehen|los)|was (?:geschah|passierte)|"
    r"welche (?:punkte|ergebnisse|themen|probleme|folgen|maßnahmen|schritte|streitpunkte)|"
    r"what happened|que s'est-il passé|qué (?:pasó|ocurrió)|cosa è successo)\b",
    re.IGNORECASE,
)
# where that is told, which is no part of the topic: «die Artikel zur Brücke»
_WRITTEN = re.compile(
    r"\b(?:(?:alle[nr]?|d(?:ie|er|en|em)|eure[nr]?|diese[nrm]?|(?:all )?the|les|los|gli)\s)*(?:artikeln?|berichten?|berichterstattung|"
    r"meldungen|beiträgen?|texten?|articles|reports|coverage|artículos|articoli)\s(?=(?:zu[mr]?|über|von|vom|rund|on|about|sur|sobre|sul\w*)\b)",
    re.IGNORECASE,
)
# what asks for an overview around its topic: «Fasse … zusammen», «Was ist … passiert»
_AROUND = re.compile(
    r"\bfass(?:e|t|en sie)?\b(?P<one>.*?)\bzusammen\b|\bwas (?:ist|war) (?P<other>[^.!?]{1,80} )?(?:passiert|geschehen|los)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“”\"»«]([^„“”\"»«]+)[“”\"«»]")
_QUOTED_WITH_QUOTES = re.compile(r"[„“”\"»«](.+)[“”\"«»]")
_ASIDE = re.compile(
    r"\b(?:bitte|kurz(?:en)?|mal|mir|uns|gib|please|briefly|give (?:me|us)|s'il (?:vous|te) plaît|por favor)\b", re.IGNORECASE
)
# «Guten Morgen, wie lang …?», «Danke für die Antwort! Und wo?»: with up to four words for whom or what, which a question word may end
# after a greeting: «Hallo zusammen wie lang …?»
_HELLO = (
    r"(?:hallo|hi|hey|moin|servus|grüß (?:gott|dich|euch)|guten (?:tag|morgen|abend)|hello|hi there|good (?:morning|afternoon|evening)|"
    r"bonjour|bonsoir|salut|hola|buenos días|buongiorno)"
)
_THANKS = r"(?:danke(?:schön|\ssehr)?|vielen dank|tschüss|thanks?(?: you)?|bye|merci|gracias|ciao|grazie)"
_TO_WHOM = rf"(?:\s(?!{ASKING}\b)[^\s,.!?;:–-]+)"
_GREETING = re.compile(
    # English has a «was» that asks for nothing: «Hi, it was nice»
    rf"^\W*(?:(?:(?!(?:hi|hey|hello|good)\b[^,.!?;:]*\swas\b){_HELLO}{_TO_WHOM}{{1,4}}?(?=\s{_BEFORE}{ASKING}\b)|"
    rf"(?:{_HELLO}|{_THANKS})(?!\w)(?:{_TO_WHOM}{{0,4}}\s*[,.!;:–-]+|\?)?)\s*)+",
    re.IGNORECASE,
)
_THANKED = re.compile(rf"\b{_THANKS}\b", re.IGNORECASE)
# what is asked or asked for after a greeting, else it is talk like it: «Danke, das war gut»
_ASKED_FOR = re.compile(
    rf"\?|(?:^|[,.:;!])\s*(?:(?:und|and|et|y)\s)?{_BEFORE}{ASKING}\b|^(?:(?:bitte|please)\s)?(?:nenn|sag|zeig|erklär|tell|give|show|list|name)\w*\s",
    re.IGNORECASE,
)
# … or looked for after a greeting without thanks: «ich wüsste gern …», «alles über die Fähre», «Urteil im Prozess», «Fähre Ulm Kosten»
_IDLE = r"(?:Antwort\w*|Auskunft|Hilfe|Info\w*|Welt|Tag|Morgen|Abend|Woche\w*|Gr[uü]ß\w*|Damen|Herr(?:en)?|Frau|Team|Redaktion|I)\b"
_TOPIC = rf"(?!{_IDLE})[A-ZÄÖÜ][\w-]+"
_LOOKED_FOR = re.compile(
    r"(?i:\b(?:wüsste|(?:möchte|würde|will|wollte)\b.*\b(?:wissen|erfahren|lesen)|(?:like|want) to (?:know|learn|hear|read)|"
    rf"interessier\w+|looking for)\b)|\b(?:[Üü]ber|{_TOPIC}\s(?:{_SMALL}|gegen|zwischen|d(?:er|es)))\s{_DETERMINER}?{_KIND}{_TOPIC}|"
    rf"\b{_TOPIC}\s{_TOPIC}\s{_TOPIC}"
)
_INTRODUCED = re.compile(r"\b(?:ich (?:bin|heiße)|mein Name|I am|I['’]m|my name)\b", re.IGNORECASE)
# What only somebody who takes an assistant for company, or for a tool of another kind, begins with
_TALK = re.compile(
    r"^\W*(?:wie geht(?:'?s| es)(?: es)? (?:dir|ihnen)|wer bist du|wie heißt du|"
    r"(?:was (?:bist|kannst) du|bist du|magst du|liebst du|are you|do you (?:like|love))"
    rf"(?!.*?\b(?:dass|ob|über|zu[mr]?|von|vom|that|if|{ASKING})\b)|"
    r"how are you|who are you|what(?:'s| is) your name|comment (?:ça va|allez-vous|vas-tu)|qui es-tu|cómo estás|quién eres|come stai)\b",
    re.IGNORECASE,
)
# commands that are nouns too, unless it says to whom or what: «Spiel gegen Ulm», «Antwort der Stadt»
_NOUN_TOO = r"(?:antwort|spiele?|program|draw|print)\s(?:bitte|mal|mir|uns|nur|nicht|ein\w*|das|den|me|us|an?|the|my|your|all|only)"
_COMMAND = re.compile(
    rf"^\W*(?:(?:bitte|please|now|jetzt|und|and)\s+)*(?:{_NOUN_TOO}|"
    rf"(?!(?:schreib|antwort|write)(?:en sie|e)?(?:\W+(?:mir|uns|bitte|doch|mal|me|us|please))*\W+(?:ob|whether|if|{_BEFORE}{ASKING})\b)(?:"
    r"(?:ignorier|schreib|verfass|dicht|reim|erfind|übersetz|programmier|rechn|berechn|zeichn|sing|wiederhol)(?:en sie|e)?|"
    r"(?:spiel|antwort)en sie|antworte|"
    r"vergiss|vergessen sie|gib (?:deine?n?|das passwort|den systemprompt)|tu so|stell dir vor|du bist (?:jetzt|nun|ab)|"
    r"erzähl(?:e|en sie)? (?:mir |uns )?(?:einen witz|eine geschichte|ein märchen)|"
    r"ignore|forget|disregard|write|compose|translate|calculate|compute|sing|repeat|pretend|act as|you are now|reveal|"
    r"tell me a (?:joke|story)|ignore[zr]|oublie[zr]?|écris|traduis(?:ez)?|ignora|olvida|escribe|traduce|scrivi|dimentica))(?!\w)",
    re.IGNORECASE,
)
_COMMENTERS = (
    r"\b(?:Leser\w*|Kommentar(?:e|en|ator\w*|schreiber\w*|spalte|bereich)|Nutzer\w*|Users?|Forenten|readers?|commenters?|comments?|"
    r"lecteurs?|commentaires?|lectores|comentarios?|lettori|commenti|leitores|czytelni\w*)\b"
)
_OPINIONS = re.compile(_COMMENTERS, re.IGNORECASE)
_STANCE = r"(?:meinung|ansicht|erfahrung|haltung|stimmung|reaktion)(?:en)?"
# what is held, where it is said to be theirs or is what is asked for; else it may be the topic
_HELD = re.compile(
    rf"\b{_STANCE}\s(?:(?:d(?:er|en|ie)|von|in|unter|bei|aus)\s){{0,2}}(?={_COMMENTERS})|\bwelche[rnms]?\s{_STANCE}(?:\s(?:und|oder)\s{_STANCE})?\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:was|wie|welche[rnms]?|meinen|meint|denken|denkt|halten|hält|sagen|sagt|schreiben|schreibt|glauben|glaubt|finden|findet|urteilen|"
    r"reagieren|stehen|steht|haben|what|how|do|does|did|think|say|said|believe|feel)\b",
    re.IGNORECASE,
)


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer the question: it begins with its verb."""
    return _VERB_FIRST.match(question) is not None and question.rstrip().endswith("?") and not _ASKED_INSIDE.search(question)


def asked_anew(bare: str, other: str) -> str | None:
    """What a question that says only what it asks for means beside another: «Und wo?», «Wann trat sie ab?» → «Wo trat sie ab?».

    None where it says more, where either asks who or what, which is missing without it, and where they are in two languages.
    """
    asks, rest = _BARE.fullmatch(bare), _ADVERBIAL.match(other)
    if asks is None or rest is None or bool(_ENGLISH.search(asks["asked"])) != bool(_ENGLISH.search(rest["asked"])):
        return None
    return f"{asks['asked'][:1].upper()}{asks['asked'][1:]} {other[rest.end() :]}"


def asked_again(part: str, other: str) -> str | None:
    """What a question that is but an outlet, a time, a place or a full name means beside another: «Und in Bonn?», «Wer kam nach Ulm?».

    The part takes the place of the one that is said in the same way, «Wer kam nach Bonn?», else it is added: «Und laut Bote?». None where
    it says more, where it is a thing, which may be asked for as well as asked about («Wann schließt das Bad?», «Und die Kosten?»), and
    where the other has none or several whose place it may take.
    """
    found = _AGAIN.fullmatch(part)
    if found is None:
        return None
    new, small, thing = found["part"], (found["small"] or "").lower(), found["thing"] or ""
    named = not small and _FULL_NAME.fullmatch(thing) is not None
    dated = _DATED.fullmatch(new) is not None
    if thing and ((_SEVERAL.search(other) and not dated) or (named and not _BEGINS.match(other)) or not (small or named or dated)):
        return None
    determined = bool(thing and _DETERMINED.search(new))
    if determined and not found["opener"]:  # «In der Tat?»
        return None
    new = new if found["opener"] else f"{new[:1].lower()}{new[1:]}"
    places: list[re.Match[str]] = []
    end = other.rfind("?") if "?" in other else len(other)
    if found["source"]:
        places = list(_SOURCE.finditer(other))
    elif thing:
        # the first word is capitalised whatever it is, and what is in brackets was added
        every = list(_THINGS.finditer(other, other.find(" ") + 1, end))
        same = [place for place in every if (place["small"] or "") == small and not (place["thing"].isdigit() or thing.isdigit())]
        same = [place for place in same if bool(_DETERMINED.search(place[0])) == determined]
        same = [place for place in same if not named or _FULL_NAME.fullmatch(place["thing"])]
        places = (list(_DATED.finditer(other)) if dated else []) or same
    if len(places) == 1:
        return other[: places[0].start()] + new + other[places[0].end() :]
    if named:
        return None
    return f"{other[:end].rstrip()} {new}{other[end:]}"


def parts_of(question: str) -> list[str]:
    """The questions in one: «Wie alt ist er, und wann wurde er gewählt?» are two, «Wann und warum ging er?» too.

    One with nothing to part is given back as it is.
    """
    parts = [part.strip(" ,;") for part in _AND.split(question)]
    if len(parts) == 2 and _BEGINS.match(parts[0]):
        whole = [asked_anew(parts[0], parts[1]), asked_anew(parts[1].rstrip(" ?"), parts[0])]
        parts = [new or part for new, part in zip(whole, parts, strict=True)]
    if len(parts) < 2 or not _BEGINS.match(parts[0]) or any(len(part.split()) < _SHORTEST for part in parts):
        return [question]
    return [part if part.endswith("?") else f"{part}?" for part in (part[:1].upper() + part[1:] for part in parts)]


def conjuncts_of(question: str) -> list[str]:
    """The question asked of each of two things that it asks of both: «Wie alt sind A und B?» → A, B.

    As it is where there are no two, or where it asks for something between them.
    """
    matches = (pattern.search(question, question.find(" ") + 1) for pattern in _BOTH)
    match = next(filter(None, matches), None)
    if match is None or not _BEGINS.match(question) or _MUTUAL.search(question):
        return [question]
    return [question[: match.start()] + match[side] + question[match.end() :] for side in ("one", "other")]


def asks_for_latest(question: str) -> bool:
    """Whether the question is after the newest state of things."""
    return _LATEST.search(_LAST_TIME.sub(" ", question)) is not None


def asks_for_summary(question: str) -> bool:
    """Whether the question is after a summary, or what something is about."""
    return _SUMMARY.search(question) is not None


def asks_for_overview(question: str) -> bool:
    """Whether the question is after more than a fact: a summary, what happened, the points of something."""
    return asks_for_summary(question) or _EVENT.search(question) is not None


def overview_topic(question: str) -> str:
    """An overview question without the words that ask for one."""
    rest = _AROUND.sub(lambda match: match["one"] or match["other"] or " ", question)
    for words in (_SUMMARY, _EVENT, _WRITTEN, _ASIDE):
        rest = words.sub(" ", rest)
    found = " ".join(rest.split()).lstrip(" ,;:.!?")
    return found if any(char.isalpha() for char in found) else question


def asks_for_opinions(question: str) -> bool:
    """Whether the question is about what readers say, so that their comments may answer it."""
    return _OPINIONS.search(question) is not None


def topic_of(question: str) -> str:
    """An opinion question without the words that say so: what the opinions are to be about."""
    return " ".join(_ASKING.sub(" ", _OPINIONS.sub(" ", _HELD.sub(" ", question))).split()) or question


def quoted_in(question: str) -> list[str]:
    """What stands in quotation marks, also as one where there are quotation marks in it."""
    return list(dict.fromkeys(found for pattern in (_QUOTED_WITH_QUOTES, _QUOTED) for found in pattern.findall(question)))


def unquoted(question: str) -> str:
    """The question without what stands in quotation marks, which is in somebody else's words; as it is where nothing would be left."""
    rest, quotes = question, 1
    while quotes:  # from the inside
        rest, quotes = _QUOTED.subn(" ", rest)
    return rest if any(char.isalpha() for char in rest) else question


def without_greeting(question: str) -> str:
    """The question without a greeting or thanks before it; as it is where nothing else is asked."""
    rest = _GREETING.sub("", question)
    greeting = question[: len(question) - len(rest)]
    looks = _LOOKED_FOR.search(rest) and not (_THANKED.search(greeting) or _INTRODUCED.search(rest))
    asked = greeting and (_ASKED_FOR.search(rest) or asks_for_overview(rest) or looks)
    return f"{rest[:1].upper()}{rest[1:]}" if asked else question


def is_small_talk(question: str) -> bool:
    """Whether this is a greeting, thanks, or a question about the assistant, and asks for nothing else."""
    rest = without_greeting(question)
    return _GREETING.match(rest) is not None or _TALK.match(rest) is not None


def is_talk(question: str) -> bool:
    """Whether this is small talk, or a command to do something other than to find an answer."""
    return is_small_talk(question) or _COMMAND.match(without_greeting(question)) is not None
