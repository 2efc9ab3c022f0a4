"""What in an article is reporting, comment, caption or heading, and what is noise around it.

Everything here goes by form: how a line is built, where it stands, what follows it. Nothing goes by what it is about.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.dates import DATE, MONTHS, TIME, WEEKDAYS
from index.sentences import split_sentences
from index.types import Stretch

TITLE, OUTLET, DATELINE, BYLINE, KICKER, SOURCE = "title", "outlet", "dateline", "byline", "kicker", "source"

_BULLET = re.compile(r"(?:[•▪‣◦●■*+·–—-]|\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"[.!?…:][“”\"»«’‘')\]*_]*$")
_BLANK = re.compile("[\ufeff\u200b\u2060]")  # blank to readers, not to str.strip
_WORD = re.compile(r"\w+")
_LINE_MARK = re.compile(r"^(?:#{1,6}|>)\s+")  # not a hashtag, with which a line may begin
_EMPHASIS = re.compile(r"(?<![\w*])([*_]{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])")

# -- noise that a single block shows by its form ---------------------------------------------------------------------

# a word in brackets alone is one where it is closed or stands in a line of its own: not «[sic]», nor the text of a link
_SHORTCODE = re.compile(
    r"\[/[A-Za-z][\w-]*\]|\[(?P<name>[A-Za-z][\w-]*)(?:[ :][^\]\n]*=[^\]\n]*|[-_][^\]\n]*|\s*/|(?=\][^\[]*\[/(?P=name)\]))\](?!\()|"
    r"(?:(?<=\n)|(?<![\s\S]))\[[A-Za-z]\w*\](?=\s*(?:\n|$))"
)
_RELATED = re.compile(
    r"(?:[•▪>»*+·–-]+\s*)*(?:Lesen Sie (?:auch|dazu|hier|mehr)|Lies auch|Mehr (?:zum Thema|dazu|lesen)|Auch interessant|"
    r"Das könnte (?:Sie|dich|euch) (?:auch )?interessieren|Siehe auch|Passend dazu|Weitere Artikel|Zum Thema|"
    r"Read (?:more|also|next)|Related(?: (?:posts?|articles?|stories))?|More on this|See also|Recommended|"
    r"You may also like)\W*[:|–-]",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"newsletter|\babo(?:nnier|nnement|s\b|\b)|probeheft|probeabo|gratis|kostenlos|spende|unterstütz|mitglied|"
    r"\bapp\b|push-|telegram|whatsapp|facebook|instagram|\bgettr\b|youtube|podcast|rss|werbefrei|paywall|"
    r"weiterempfehlen|kaffee|\bplus\b|\w+plus\b|bezahlt|digital lesen|im monat|euro testen|"
    r"subscri|sign up|donat|support (?:us|our)|member|free trial|follow us|in your inbox|cookie|advertisement|\bad-free",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"„[^„“”\"]*[“”\"]|“[^“”]*”|»[^»«]*«|«[^»«]*»|›[^›‹]*‹|‹[^›‹]*›|‚[^‚‘’]*[‘’]|\"[^\"]*\"")
# who reads is spoken to: «Sie» not where a sentence begins, for there it may be she or they
_READER = re.compile(
    r"(?<=[\w,;)*–—-] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b|(?:^\W*|[.!?:…]\s+)(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b[^.!?]*\?|"
    r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[mnrs]?)?|[Ee]uch|[Ee]uer|[Ee]ure[mnrs]?|[Yy]ou|[Yy]ours?|[Pp]lease)\b"
)
# the outlet speaks of itself
_OWN = re.compile(
    r"\b(?:[Ww]ir|[Uu]ns|[Uu]nser(?:e[mnrs]?)?|[Ww]e|us|[Oo]ur)\b|"
    r"\b[Dd]ies(?:e[mnrs]?)? (?:Artikel|Beitrag|Text|Blog|Seite|Website|Magazin|Zeitung|Heft|Newsletter|Podcast)s?\b|\b[Ww]er mag\b"
)
# an infinitive is a call where its clause has no finite verb: «jetzt gratis lesen», not «will jetzt lesen», «wer jetzt liest»
_FINITE = re.compile(
    r"\b(?:soll\w*|will|woll\w*|kann\w*|können|könn\w*|konnt\w*|muss\w*|müss\w*|darf\w*|dürf\w*|durft\w*|mag|mög\w*|möcht\w*|"
    r"wird|wirst|werde[nt]?|w[uü]rden?|hat|habe[nt]?|hatten?|hätten?|ist|sind|sei|seien|war|waren|wären?|lass\w*|lässt|ließ\w*|"
    r"geh\w*|ging\w*|hilf\w*|helf\w*|half\w*|lern\w*|hör\w*|sieht|sehen|sah\w*|brauch\w*)\b",
    re.IGNORECASE,
)
_CLAUSE_WORD = re.compile(
    r"\W*(?:\w+ )?(?:wie|wer|wo|was|warum|wieso|weshalb|wann|wenn|weil|dass|ob|während|nachdem|obwohl|bevor|damit|sobald|falls|welche\w*|"
    r"(?:als|bis|seit|da|indem|solange) (?:der|die|das|den|ein\w*|er|sie|es|wir|ich|man|viele|alle))\b",
    re.IGNORECASE,
)
_CLAUSE_END = r"(?=\s*(?:$|[,.!:*+)\]»]|[–—-]\s|(?:und|oder)\b|(?:unter|auf|bei)\s+(?:\S*\w[.@]\w|\S+\W*$)))"
_IN_CLAUSE = r"(?:[^,]|,(?=\d))*?"
_INFINITIVE = (
    r"\b(?<!\bzu )(?:(?:vor)?bestellen|anmelden|testen|laden|(?:weiter|mit|nach)?lesen|(?-i:spenden|SPENDEN)|klicken|sichern|"
    r"anfordern|abonnieren|mitmachen)"
)
_CUE = r"(?:jetzt|hier|schon|gleich|gratis|kostenlos|digital|für \d[\d.,]* ?(?:euro|franken|€))"
_INFINITIVE_CALL = re.compile(
    rf"(?P<lead>{_IN_CLAUSE}\b{_CUE}\b{_IN_CLAUSE}){_INFINITIVE}{_CLAUSE_END}|"
    rf".*,\s*(?:jetzt|hier)\s(?:\S+\s+){{0,2}}{_INFINITIVE}\W*$|"
    rf"(?P<whole>(?:[^\s,]+\s+){{0,4}})(?:bestellen|anmelden|anfordern|abonnieren)\s*[!.]?$|"
    # what is done for others as well as for the outlet: only by itself, or called out
    rf"\W*(?:jetzt|hier|schon heute)\s+(?:[^\s,]+\s+)?(?:werden|helfen|unterstützen|spenden){_CLAUSE_END}|"
    rf"(?P<loud>{_IN_CLAUSE}\b(?:jetzt|hier|schon)\b{_IN_CLAUSE})\b(?:werden|helfen|unterstützen)\s*!",
    re.IGNORECASE,
)
_IMPERATIVE_CALL = re.compile(
    r"(?P<german>\W*(?:bitte )?"
    r"(?:abonniere|teste|lade|unterstütze|folge(?!\s(?:\d|des|von)\b)|(?:abonniert|folgt(?! auf)|unterstützt)(?=[^,]*$))\b"
    r"[^.]{0,80}\b(?:uns|unser\w*|auf|per|newsletter|gratis|kostenlos)\b)|"
    r"\W*(?:please |and |or |now )*(?:sign up|subscribe|donate|become an? (?:member|subscriber|supporter)|follow us|click here|"
    r"support (?:us|our)|download (?:the|our|it|now|from)|join (?:.*\b)?(?:us|our|today|now|free|you|your|become an? member))\b",
    re.IGNORECASE,
)
# said to the reader or of the outlet itself, these are promotion
_CALL = re.compile(
    r"\bbestellen sie\b|\b(?:abonnieren|folgen|testen|laden|unterstützen|melden) sie\b|\b(?:abonnier|folg)(?:e|t) (?:uns|unser\w*)\b|"
    r"\bkostenlos(?:e[sn]?)?\b[^.!?]{0,30}[!]|"
    r"(?:\bwir bitten|\bbitten (?:wir|sie)) (?:\w+ )?um (?:ihre |eure |deine )?(?:unterstützung|spende)|"
    r"spenden(?:finanziert|konto)|(?:euren|ihren|deinen) spenden|in ihrem postfach|kaffee spendier|wirft etwas in den hut|ist gratis|"
    r"siehe impressum|im abo\b|probeabo|jetzt neu\b|\bschon \d[\d.,]* ?(?:euro|franken|€)[^.!?]{0,30}\bhelfen\b|"
    r"\b(?:sign up|subscribe|donate|join us|follow us|click here|download|support (?:us|our))\b",
    re.IGNORECASE,
)
_READER_CALL = re.compile(
    r"\b(?:jetzt|hier|schon)\b[^.!?]{0,60}\b(?:\w*bestellen|anmelden|testen|laden|\w*lesen|spenden|klicken|sichern|werden|anfordern|"
    r"abonnieren|mitmachen|helfen|unterstützen)|\bbecome an? (?:member|subscriber|supporter)\b",
    re.IGNORECASE,
)
_OWN_OFFER = re.compile(
    r">>\s*\w+|leserinnen und lesern (?:bezahlt|finanziert)|link in der (?:seitenleiste|randspalte|beschreibung|bio)\b|"
    r"^\W*spendenkonto\s*:|^\W*jetzt neu\s*[:!–-]|"
    r"(?:\bim |^\W*)(?:probe)?abo\s*:[^.!?]{0,40}\b(?:ausgaben|hefte|nummern|wochen|monate|tage)\b",
    re.IGNORECASE,
)
_LINKED_CALL = re.compile(
    r"\[(?:(?:jetzt|now|sign up|subscribe)\b[^\]\n]*|hier (?:\S+ )?(?:bestellen|anmelden|anfordern|abonnieren|spenden))\]\(", re.IGNORECASE
)
_LINKED_HERE = re.compile(r"\[(?:hier|here)\b[^\]\n]*\]\(", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_SHARE = re.compile(
    r"\b(?:Teilen|Drucken|Merken|Tweet|Share|Print|E-?Mail|Facebook|WhatsApp|X|Twitter|Telegram|Unterstützen|Vorlesen|"
    r"Anhören|Kommentieren|Gefällt mir|Like)\b",
)
# what a share bar may hold beside them
_BAR_WORD = re.compile(
    r"\b(?:auf|bei|per|via|mit|über|in|on|by|with|to|and|und|oder|or|sie|diese[nrs]?|this|den|die|das|the|"
    r"artikel|beitrag|seite|text|article|story|page|link|url|pdf|rss|mail|feedback|kommentare?|comments?|likes?|shares?|lesezeichen|"
    r"schriftgröße|teilen|drucken|merken|twittern|senden|versenden|speichern|kopieren|weiterleiten|empfehlen|hören|anhören|vorlesen|"
    r"save|listen|copy|send|instagram|linkedin|pinterest|xing|reddit|threads|bluesky|mastodon|pocket|flipboard|signal|threema|"
    r"messenger|[\d.]+)\b",
    re.IGNORECASE,
)
# a footer whatever follows
_FOOTER = re.compile(
    r"\W*(?:©|\(c\)\s*(?:\d{4}|copyright|by)\b|copyright\s*(?:$|[:|©]|[–-]\s|\(c\)|\d{4}|by\b)|"
    r"(?:alle rechte vorbehalten|all rights reserved)\b|"
    r"(?:(?:die )?regeln für kommentare|kommentarregeln|netiquette|comment policy|impressum|agb)\s*:|"
    r"(?:anzeige|werbung|advertisement)\b\s*(?:\W*$|:)|"
    r"der (?:artikel|beitrag|text) (?:erschien (?:im original|zuerst|ursprünglich)|"
    r"ist (?:im original|zuerst|ursprünglich) .*(?:erschienen|veröffentlicht|publiziert)\b(?!\s\w))|"
    r"this article (?:first|originally) appeared|sie müssen (?:angemeldet|eingeloggt)|schreib(?:e|en sie)? einen kommentar|"
    r"(?:deine|ihre|eure|your) e-?mail(?:[- ]ad+ress?e?)? (?:wird nicht|will not be)\b|"
    r"kommentare? (?:schreiben|verfassen|hinzufügen) (?:können|dürfen) nur\b|leave a (?:reply|comment)\b|comments? are closed\b|"
    r"die kommentarfunktion (?:ist|wurde|wird|bleibt|steht)\b[^.,]*\W*$|"
    r"wir verwenden cookies|this (?:site|website) uses cookies|skip to (?:main |the )?(?:content|navigation|footer|search)\b)",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:impressum|datenschutz(?:erklärung|hinweise?|bestimmungen|einstellungen|richtlinien?|information(?:en)?)?|"
    r"agb|kontakt(?:formular|daten| zur redaktion| zu uns)?|cookies (?:verwalten|ablehnen|akzeptieren)|"
    r"cookies?(?:[ -]?(?:einstellungen|hinweise?|richtlinien?|banner|manager|policy|settings|preferences|notice|consent))?|"
    r"alle rechte|all rights|(?:die )?regeln für kommentare|kommentarregeln|netiquette|comment policy|"
    r"nach oben(?: scrollen| springen)?|zum seitenanfang|back to top|zum hauptinhalt(?: springen)?|skip to \w+|"
    r"sponsored(?: content| posts?| links?| stor(?:y|ies))?|"
    r"kommentare? (?:schreiben|verfassen|hinzufügen)|comments? closed|die kommentarfunktion|"
    r"(?:aktuelle|neueste) beiträge|recent posts|meistgelesen(?:e artikel)?|most read|zur startseite|copyright)"
)
# a footer where nothing of a sentence follows
_FOOTER_LABEL = re.compile(
    rf"\W*{_LABEL}(?:\W*$|\s*(?:[|·•»>/©&+:]|[–—-]\s)|\s{{2,}}|,?\s(?:und |and )?(?:{_LABEL}|privacy|terms|contact)\b)|"
    r"\W*(?:startseite$|impressum\b(?!-)|alle rechte (?:liegen |bleiben )?beim?\b|copyright\s(?-i:[A-ZÄÖÜ])|sponsored by\b|"
    r"(?:aktuelle|neueste) beiträge (?:von|aus|in|im|zu)\b[^:]*$|(?:recent posts|most read) (?:by|from|in|on)\b[^:]*$|"
    r"(?:meistgelesen|zur startseite) (?:von|aus|in|im|der|des)\b[^:]*$)",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"\W*(?:cookies?|datenschutz)\b", re.IGNORECASE)
_REACHED_AT = re.compile(r"\S@\S|https?://|\bwww\.|\b(?:Tel(?:efon)?|Phone|Fax)\b\.?\s*:?\s*[\d+(]", re.IGNORECASE)
_MENU = re.compile(
    r"\b(?:Startseite|Home|Anmelden|Abmelden|Registrieren|Login|Log in|Sign in|Menü|Menu|Suche|Search|E-?Paper|Wetter|Abo|"
    r"Impressum|Kontakt)\b"
)
_LABELLED_TAGS = re.compile(r"^(?:Schlagworte?|Schlagwörter|Tags?|Themen|Stichworte|Keywords|Topics|Filed under)\s*:", re.I)
_SIGN_OFF = re.compile(
    rf"^(?:[a-zäöüß]{{2,4}}(?:/[A-Za-zÄÖÜäöüß]{{1,4}}){{1,5}}|[a-z]{{3}} [a-zäöü]{{2,3}} [a-zäöü]{{2,3}}|"
    rf"\d{{6}} {MONTHS} \d\d|[A-ZÄÖÜ]\. ?[A-ZÄÖÜ]\.)$"
)
_SOURCE_LINE = re.compile(r"^(?:Quelle|Source)n?\s*:\s*\S", re.IGNORECASE)
_READING_TIME = re.compile(r"[\d,.]+\s*(?:Min(?:uten?|\.)?)\s*Lesezeit|Lesezeit\s*:?|\d+\s*min(?:ute)?s?\s*read", re.IGNORECASE)
_SLUG = re.compile(r"^\S*?(?:[^\W_]+-){5,}\S*$")

_CREDIT_WORD = r"(?:Fotos?|Bild(?:er|unterschrift)?|Photos?|Image|Picture|Grafik|Zeichnung|Illustration|Montage|Collage|Video)"
_CREDIT = re.compile(
    rf"\(\s*{_CREDIT_WORD}\s*:[^()]*\)|(?:^|[.!?“”\"»«)\]|\w]\s+)\(?{_CREDIT_WORD}(?:\s*:|/)\s*[^.!?]{{2,80}}\)?$|"
    rf"^{_CREDIT_WORD}\s*[:–]\s|^\(?{_CREDIT_WORD}\s*:|^(?:Abb(?:ildung)?\.?|Fig(?:ure|\.)?|Diagramm|Schaubild)\s*\d*\s*[:.]\s|"
    r"\b(?:via REUTERS|Getty Images|picture[- ]alliance|AP Photo|imago(?:-images)?|AFP via|/dpa\)|/AFP\)|/AP\)|"
    r"Wikimedia Commons|Shutterstock|Unsplash)\b",
    re.IGNORECASE,
)

# -- the head: outlet, title, dateline, byline ------------------------------------------------------------------------

_MEDIA = re.compile(
    r"\w*(?:zeitung|blatt|bote|anzeiger|kurier|magazin|(?<!mitt)blog|forum|nachrichten|rundschau|presse|echo|journal|"
    r"tagblatt|tageblatt|zeitschrift|dienst|merkur|times|herald|gazette|tribune|ledger|news|chronicle|observer|"
    r"courier|depesche|report|lage|post|welt|spiegel|online|radio|rundfunk|funkhaus|fernsehen)\b",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"^(?:www\.)?[\w-]+\.(?:de|at|ch|com|org|net|eu|info|news|tv|blog|co\.uk|uk)$", re.IGNORECASE)
_NAME = r"(?:[A-ZÄÖÜ][\w'’.-]*|von|van|de|der|den|zu|du|la)(?:\s+(?:[A-ZÄÖÜ][\w'’.-]*|von|vom|van|de|der|den|zu|zum|zur|aus|am|du|la))*"
_TITLES = r"(?:Dipl\.-\w+\.?|(?:Prof|Dr|Mag)\.(?:\s?[a-z]{1,5}\.)*)"
_BYLINE_FORM = re.compile(
    rf"^(?:(?:[Vv]on|[Bb]y|BY|VON)\s+(?:\S*[Kk]orrespondent(?:in|en)?\s+)?|"
    rf"(?:Autor(?:in|en)?|Author|Text|Redaktion|Ein (?:Kommentar|Beitrag|Gastbeitrag) von|A column by|Written by|Verfasst von|"
    rf"(?:Es|Aus {_NAME}) berichte[nt])\s*:?\s+)(?P<name>(?:{_TITLES}\s+)*{_NAME}(?:\s*(?:,|und|and|&)\s+(?:{_TITLES}\s+)*{_NAME})*)"
    rf"(?P<rest>\s*[,|·–-].{{0,60}})?$"
)
_TEAM = re.compile(r"^(?:Von|By) (?:unsere[mr]|our)\b[^.!?]{0,80}$", re.IGNORECASE)
_SIGNATURE = re.compile(rf"^(?:(?:Euer|Eure|Ihr|Ihre|Dein|Deine)\s+)?(?P<name>{_NAME})$")
_OWN_BLOG = re.compile(rf"(?:[Bb]log|[Kk]olumne|[Cc]olumn) (?:von|by|of) (?P<name>{_NAME})$")
_ISSUE = re.compile(r"^(?:Ausgabe|Heft|Nr\.|Nummer|Jahrgang|Issue|Vol\.|No\.)\s*\d", re.IGNORECASE)
AGENCY = re.compile(r"^[A-ZÄÖÜ][\w .’'/-]{1,60}?\s?\((?P<agency>[A-Za-z]{2,8}(?:/[A-Za-z]{2,8})*)\)\s?(?:[–—.-]|\.\s)")
_PLACED_DATE = re.compile(r"^(?P<name>[A-ZÄÖÜ][^,|·.?!:]{1,39}),\s+(?P<date>.+)$")  # «Harkener Bote, 3. Mai 2025», «Kiel, 03.05.2025»
_DATE_LEAD = re.compile(
    rf"^(?:date|datum|published|posted|veröffentlicht(?: am)?|erschienen(?: am)?|aktualisiert(?: am)?|stand)\s*:?\s*"
    rf"(?:{DATE.pattern})(?:\s*,?\s*(?:um\s+)?{TIME.pattern})?",
    re.IGNORECASE,
)
_WEEKDAY_LINE = re.compile(
    rf"{WEEKDAYS},?\s+(?:den\s+)?(?:\d{{1,2}}\.?\s*{MONTHS}|{MONTHS}\s+\d{{1,2}})", re.IGNORECASE
)
_DATE_FILLER = re.compile(
    rf"\b(?:{WEEKDAYS}|Uhr|um|von|am|"
    r"vom|den|date|datum|stand|published|posted|updated|veröffentlicht|erschienen|aktualisiert|update|zuletzt|"
    r"geändert|at|on|Nr|Ausgabe|Heft|Issue|CEST?|MEZ|MESZ|UTC|GMT|am|pm|h)\b",
    re.IGNORECASE,
)

# -- comments ---------------------------------------------------------------------------------------------------------

_COMMENTS_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:Leser(?:innen)?-?\s?)?(?:Kommentare?|Stimmen|Meinungen|Briefe|Zuschriften|Beiträge)|"
    r"(?:Reader |User )?Comments?|Diskussion|Discussion|Leserforum|Reaktionen)\b[^.!?]{0,45}$|"
    r"^\W*\d+\s+(?:Antworten?|Gedanken?|Reaktionen?|Kommentare?|Responses?|Thoughts?|Replies|Comments?)\b[^.!?]{0,80}$",
    re.IGNORECASE,
)
# a section that is the readers' by its heading alone, so that its entries need neither date nor time
_READERS_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:Reader |User )?Comments|Kommentare|Zuschriften|Briefe an die Redaktion|"
    r"(?:Readers?['’]? )?Letters(?: to the editor)?)\b[\W\d]*$|"
    r"^\W*(?:\d+\s+)?Leser(?:innen)?-?\s?(?:kommentare?|stimmen|meinungen|briefe?|zuschriften|beiträge|post|forum|echo)\b[^.!?]{0,45}$",
    re.IGNORECASE,
)
# a section's name that says letters, so that reporting need not stand before it
_LETTERS_HEADING = re.compile(r"\W*(?:Leser(?:innen)?-?\s?(?:briefe?|zuschriften|post)|Zuschriften|Briefe an|Letters)\b", re.IGNORECASE)
# what is said of the letters below them
_EDITORS = re.compile(r"\b(?:Redaktion|Kürzungen|Kürzung|kürzen|Leser(?:innen)?-?(?:briefen?|zuschriften)|Zuschriften|letters)\b")
_MARK = re.compile(r"^(?:\s*(?:[-–—•*·>|]+|\d{1,3}\.)\s+)*(?:>+\s*)?")
_REPLY_WORD = (
    r"(?:Antworten|Antwort|Reply|Replies|Melden|Kommentar melden|Report|Zitieren|Permalink|Gefällt mir|Like|"
    r"Teilen|Share|Répondre)"
)
_REPLY_LINE = re.compile(rf"^[\W_]*(?:{_REPLY_WORD}[\W_\d]*){{1,4}}$", re.IGNORECASE)
_SHARE_LINE = re.compile(r"[\W_]*(?:Teilen|Share)\W*$", re.IGNORECASE)  # stands below reporting as well
_REPLY_TAIL = re.compile(rf"\s*[\[(|–>↳-]*\s*\b{_REPLY_WORD}\b\s*[\])]?\s*$")
_RELATIVE = (
    r"(?:vor \w+ (?:Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?|Jahr(?:en)?)|"
    r"\w+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago|heute|gestern|yesterday|today)"
)
_WHEN = (
    rf"(?:(?:{DATE.pattern}|{_RELATIVE}|(?<!\d)\d{{1,2}}\.\d{{1,2}}\.)"
    rf"(?:\s*(?:,|–|—|-|\||·|um|at|@|/)?\s*(?:{TIME.pattern})(?:\s?[ap]\.?m\b\.?)?)?(?:\s*Uhr)?)"
)
_SAYS = r"(?:\s+(?:schreibt|schrieb|sagte?|meinte?|says|said|wrote|writes|kommentierte?)(?:\s+am)?)?\s*:?"
_HEADER = re.compile(
    rf"^(?P<by>[^\n|·,–—(]{{1,50}}?){_SAYS}\s*(?:[|·,–—(-]|am|on)?\s*(?P<at>{_WHEN})\s*\)?(?P<rest>.*)$", re.DOTALL | re.IGNORECASE
)
_AROUND_NAMES = " :–—-|·*_"
# «Bürgermeister Ole Kern sagte heute: „…“» is reporting
_SPEECH = re.compile(r"\s(?:sag|mein|schr|kommentier|says|said|wr[io]te)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\w*(?:meister|minister|präsident|president|mayor|sprecher|direktor|landrat|landrät|vorsitzende|vorstand|kanzler|chef|"
    r"leiter|anwalt|anwält|richter|senator|kommissar|inspekteur|spokes\w*)(?:in|r|s)?\s+[A-ZÄÖÜ]",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"\W*[„“”\"»«‚]")
_NO_NAME = re.compile(
    r"Zu[mr]? |Betrifft |(?:(?:Zuletzt )?(?:Updated?|Aktualisier\w+|Stand)|Eilmeldung|(?:Live-?)?Ticker|"
    r"Fragen?|Antwort|Question|Answer|Interviewer(?:in)?)[\W\d]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"#\d{1,4}[.:)]?\s+")
_NEAR = 30  # blocks below a heading that show what it opens
# «Karl:», «Inge P. says:», «**Inge P.** – Mir ist es recht.»
_UNTIMED = re.compile(
    rf"(?:\*\*|__)(?P<bold>[^*_\n]{{1,40}}?):?(?:\*\*|__){_SAYS}\s*[–—-]?\s*|(?P<plain>[^\n:!?,;]{{1,40}}?){_SAYS}(?<=:)$"
)
# under a reader's letter: «Dr. Eva Lindt, Bad Ahlen», «*Jo Kern (Achtal)*», «Eva Lindt (41), Ahlen, per E-Mail», «Eva Lindt»
_SIGNED = re.compile(
    rf"[\W_]*(?P<name>(?:{_TITLES}\s+)*{_NAME}(?:\s(?:und|and|&)\s{_NAME})?)[*_]*"
    r"(?P<place>(?:(?:,\s|\s\()(?:[^.!?:;,()]|\b\w{1,3}\.(?=\s)){2,40}?\)?){1,4})?[*_)]*"
)
_PLACE_LINE = re.compile(rf"[\W_]*{_NAME}[\W_]*")
_CLOSING = re.compile(r"(?=[^.!?]*\Z)[^.!?]*\b(?:Gr[üu](?:ß|ss)e?n?|Hochachtungsvoll|regards|sincerely)\b[^.!?]*", re.IGNORECASE)
_WHEN_LINE = re.compile(rf"^(?P<at>{_WHEN})\W*(?:{_REPLY_WORD})?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A line, or a paragraph where lines are wrapped: `text[start:end]` stripped, `indent` columns in."""

    start: int
    end: int
    indent: int
    text: str


def _lines(text: str) -> list[_Block]:
    blocks, at = [], 0
    for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)|(?<=[\x0b\x0c\x85\u2028\u2029])", text):
        bare = _BLANK.sub(" ", line)  # one for one: offsets stay
        left = len(bare) - len(bare.lstrip())
        body = line[left : len(bare.rstrip())] if bare.strip() else ""
        blocks.append(_Block(at + left, at + left + len(body), left, body))
        at += len(line)
    return blocks


def _wrapped(lines: Sequence[_Block]) -> bool:
    """Whether paragraphs run over several lines of even width, as in old plain text."""
    pairs = [
        (a.text, b.text) for a, b in pairwise(lines)
        if a.text and b.text and not _BULLET.match(b.text)
    ]
    if len(pairs) < 4:
        return False
    running = sum(len(a) >= 50 and len(a) <= 100 and not _SENTENCE_END.search(a) for a, _ in pairs)
    return running >= 0.5 * len(pairs)


def _blocks(text: str) -> list[_Block]:
    lines = _lines(text)
    if not _wrapped(lines):
        return [line for line in lines if line.text]
    blocks: list[_Block] = []
    open_block = False
    for line in lines:
        if not line.text:
            open_block = False
        elif open_block and not _BULLET.match(line.text) and not line.text.startswith("#"):
            first = blocks[-1]
            blocks[-1] = _Block(first.start, line.end, first.indent, text[first.start : line.end])
        else:
            blocks.append(line)
            open_block = not line.text.startswith("#")
    return blocks


def _is_paragraph(text: str) -> bool:
    """Running text rather than a headline, a label or a list of names."""
    return bool(_SENTENCE_END.search(text)) and (len(text) >= 120 or (len(text) >= 40 and text.count(" ") >= 5))


def _is_heading(text: str, following: str) -> bool:
    """A short line above running text that is no sentence, or a single question."""
    if len(text) > 100 or text.startswith("++"):
        return False
    if not _SENTENCE_END.search(text):
        return True
    return text.endswith("?") and len(text) <= 80 and text.count("?") == 1 and "." not in text and len(following) >= 120


def _is_dateline(text: str) -> bool:
    if len(text) > 90 or not DATE.search(text):
        return False
    rest = _READING_TIME.sub(" ", TIME.sub(" ", DATE.sub(" ", text)))
    return len(re.sub(r"[\W\d_]", "", _DATE_FILLER.sub(" ", rest))) <= 3


def _is_glued(text: str) -> bool:
    """Tags run together: «TradeTaxesPort City»; words whose inside turns from small to capital."""
    if len(text) > 400 or _SENTENCE_END.search(text):
        return False
    words = text.split()
    joints = len(re.findall(r"[a-zäöüß0-9)][A-ZÄÖÜ][a-zäöüßA-Z]", text))
    return joints >= 2 and joints >= 0.35 * len(words)


def _is_caption(text: str) -> bool:
    return len(text) <= 400 and bool(_CREDIT.search(text))


def _is_navigation(text: str) -> bool:
    if (
        len(_MENU.findall(text)) >= 2
        and len(text) <= 160
        and not re.search(r"[.!?,;:]|\b[a-zäöü]", _MENU.sub(" ", text))  # «Suche nach Vermissten wegen Wetter unterbrochen»
    ):
        return True
    parts = [part.strip() for part in re.split(r"\s[|·>»/•]\s", text)]
    if len(parts) < 3 or len(text) > 160 or _SENTENCE_END.search(text):
        return False
    return all(part and len(part.split()) <= 4 for part in parts)


def _own_words(text: str) -> str:
    """The block without what it quotes, which calls on somebody else."""
    return _QUOTED.sub('""', text)


def _reports(text: str) -> bool:
    """Whether the block is a sentence or more, of which none speaks to the reader."""
    return text.count(" ") >= 5 and text[-1:] != ":" and bool(_SENTENCE_END.search(text)) and not _READER.search(_own_words(text))


def _is_footer(text: str) -> bool:
    if len(text) > 400:
        return False
    if _FOOTER.match(text) or (_NOTICE.match(text) and (_READER.search(text) or _OWN.search(text))):
        return True
    return bool(_FOOTER_LABEL.match(text)) and (not _reports(text) or bool(_REACHED_AT.search(text)))


def _calls(said: str) -> bool:
    """Whether a clause calls on somebody, by an imperative or by an infinitive that no other verb rules."""
    for start, end in split_sentences(said, 0, len(said)):
        for part in re.split(r"(?<=:)\s+|[;|•»>]\s*", said[start:end]):
            call = _IMPERATIVE_CALL.match(part)
            if call and not part.endswith("?") and not (call["german"] and _FINITE.search(part)):  # «Folgt der Rat, wird …»
                return True
            call = _INFINITIVE_CALL.match(part)
            if call and not _CLAUSE_WORD.match(part) and not any(map(_FINITE.search, filter(None, call.groups()))):
                return True
    return False


def _is_promotion(text: str) -> bool:
    """Whether a short block offers something and calls on the reader to take it."""
    if len(text) > 280:
        return False
    if _LINKED_CALL.search(text) or (_LINKED_HERE.search(text) and not _reports(text)):
        return True
    said = _own_words(text)
    if not (_OFFER.search(text) or said.endswith("!")):
        return False
    if _OWN_OFFER.search(text) or _calls(said):
        return True
    reader = _READER.search(said)
    return bool((reader or _OWN.search(said)) and _CALL.search(said)) or bool(reader and _READER_CALL.search(said))


def _names_sharing(text: str) -> bool:
    return len(text) <= 100 and len(_SHARE.findall(text)) >= 2 and not re.search(r"\.\s", text)


def _is_share_bar(text: str) -> bool:
    """Words for sharing, set apart or without other words."""
    if not _names_sharing(text):
        return False
    parts = [part for part in re.split(r"\s*[|·•]\s*|\s{2,}", text) if _SHARE.search(part)]
    return sum(map(_only_shares, parts)) >= 2 or _only_shares(text)


def _only_shares(text: str) -> bool:
    return not _WORD.search(_BAR_WORD.sub("", _SHARE.sub("", text)))


def _is_share_call(text: str) -> bool:
    said = _own_words(text)
    return _names_sharing(said) and bool(_OWN.search(said) or re.match(r"\W*\w+n Sie\b[^?]*$", said))


def _noise(text: str) -> str:
    """Why the block is noise by its form alone, or an empty string."""
    if _SHORTCODE.fullmatch(text):
        return "shortcode"
    if not any(char.isalnum() for char in text):
        return "rule"
    if _IMAGE.fullmatch(text):
        return "image"
    if _RELATED.match(text) or (text.startswith((">>>", ">> ")) and len(text) < 200):
        return "related"
    if _is_glued(text) or _LABELLED_TAGS.match(text):
        return "tags"
    if _is_footer(text):
        return "footer"
    if _SIGN_OFF.match(text):
        return "sign-off"
    if _SOURCE_LINE.match(text) and len(text) <= 120:
        return SOURCE
    if _SLUG.match(text):
        return "file name"
    if _is_share_bar(text) or _SHARE_LINE.match(text):
        return "share"
    if _is_promotion(text):
        return "promotion"
    if _is_share_call(text):
        return "share"
    if _is_navigation(text):
        return "navigation"
    if _READING_TIME.fullmatch(text):
        return "reading time"
    return ""


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _repeated_lead(text: str, before: str) -> int:
    """Length of the start of `text` that only repeats words of the block before, as in doubled summary points."""
    if not text[:1].islower():
        return 0
    match = re.match(r"[^.!?]{3,200}[.!?]\s+(?=[A-ZÄÖÜ„“»\"])", text)
    if not match:
        return 0
    earlier = iter(_WORD.findall(before.casefold()))
    return match.end() if all(word in earlier for word in _WORD.findall(match.group().casefold())) else 0


# -- comments ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    by: str
    at: str
    rest: int  # where in the block the comment's own words begin; len(block) where none do
    blocks: int  # 1, or 2 where name and time stand on lines of their own


def _plausible_name(name: str) -> bool:
    words = name.split()
    return 0 < len(words) <= 6 and any(c.isalnum() for c in name) and not re.search(r"\w{4,}[.!?]\s", name) and not _NO_NAME.match(name)


def _lead(text: str) -> int:
    """Length of the marks of a list or a quotation before a comment's name or words."""
    mark = _MARK.match(text)
    return mark.end() if mark else 0


def _comment_header(block: _Block, following: _Block | None) -> _Header | None:
    lead = _lead(block.text)
    body = block.text[lead:]
    match = _HEADER.match(body, 0, 200)
    if match and _plausible_name(match["by"].strip(_AROUND_NAMES)) and not DATE.search(match["by"]):
        name = _NUMBERED.sub("", match["by"].strip(_AROUND_NAMES), count=1)
        rest = body[match.start("rest") :]
        cut = re.match(rf"\s*[-–|·]?\s*(?:{_REPLY_WORD})?\s*[:–|-]*\s*", rest)
        after = rest[cut.end() :] if cut else rest
        said = after or (following.text if following else "")
        reports = _SPEECH.match(body, match.end("by")) and not TIME.search(match["at"]) and (_QUOTE.match(said) or _OFFICE.match(name))
        if not reports and (not after or rest[:3].strip()[:1] in (":", "–", "-", "|", "·", ")") or _REPLY_LINE.match(rest)):
            at = lead + match.start("rest") + (cut.end() if cut else 0)
            return _Header(name, " ".join(match["at"].split()), min(at, len(block.text)), 1)
    if following is not None and len(body) <= 60 and not body.endswith(("!", "?", "…")):
        when = _WHEN_LINE.match(following.text.lstrip("-–—•*·>| "))  # no number: it would be the day
        name = _NUMBERED.sub("", re.sub(_SAYS + "$", "", body, count=1).strip(_AROUND_NAMES), count=1)
        if when and _plausible_name(name) and not DATE.search(name):
            return _Header(name, when["at"], len(block.text), 2)
    return None


def _untimed_header(block: _Block, following: _Block | None) -> _Header | None:
    if not re.search(r":|\*\*|__", block.text):
        return None
    lead = _lead(block.text)
    match = _UNTIMED.match(block.text, lead, lead + 80)
    if match is None or (match.end() == len(block.text) and not (following and _SENTENCE_END.search(following.text))):
        return None
    name = (match["bold"] or match["plain"]).strip(_AROUND_NAMES)
    return _Header(name, "", match.end(), 1) if name and len(name.split()) <= 3 and _plausible_name(name) else None


def _signer(text: str) -> str:
    """The name in the line under a letter, with a place or of two words at least, else an empty string."""
    # a name ends with a dot only where it is cut short: «Jo K.»
    match = _SIGNED.fullmatch(text) if len(text) <= 90 and not re.search(r"\w{3}\.[\W_]*$", text) else None
    return match["name"] if match and (match["place"] or " " in match["name"]) else ""


def _ends_letter(before: _Block, block: _Block) -> bool:
    """Whether the block stands where a letter is signed: below its last sentence, and no sentence itself."""
    ends = _SENTENCE_END.search(before.text) and not before.text.endswith(":") and not _signer(before.text)
    return bool(ends) and len(block.text) <= 90 and (not _SENTENCE_END.search(block.text) or bool(_signer(block.text)))


def _letter_blocks(blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks, with a signature's lines apart that a wrapped paragraph took in."""
    apart: list[_Block] = []
    for block in blocks:
        lines = [_Block(block.start + line.start, block.start + line.end, 0, line.text) for line in _lines(block.text)]
        below = next((n for n in range(1, len(lines)) if n <= 2 and _ends_letter(lines[-n - 1], lines[-n])), 0)
        if below:
            end = lines[-below - 1].end
            apart.append(_Block(block.start, end, block.indent, block.text[: end - block.start]))
        apart += lines[-below:] if below else [block]
    return apart


def _signatures(blocks: Sequence[_Block]) -> list[tuple[int, str, bool]]:
    """Where letters end, with the name there, empty where none can be read, and whether a place stands beside it."""
    signatures = []
    for i, (before, block) in enumerate(pairwise(blocks), 1):
        if _ends_letter(before, block) and not _noise_among_comments(block.text):
            closed = _CLOSING.fullmatch(block.text) and i + 1 < len(blocks) and _signer(blocks[i + 1].text)
            at = i + 1 if closed else i
            name = _signer(blocks[at].text)
            below = [b.text for b in blocks[at + 1 : at + 2] if b.start - blocks[at].end <= 2 and len(b.text.split()) <= 3]
            placed = re.search(r"[,(]", blocks[at].text) or any(map(_PLACE_LINE.fullmatch, below))
            signatures.append((at, name, bool(name and placed)))
    return signatures


def _opens_letters(blocks: Sequence[_Block], fewest: int = 1) -> bool:
    if not blocks or not _READERS_HEADING.match(blocks[0].text):
        return False
    near = _letter_blocks(blocks[1:_NEAR])
    signatures = _signatures(near)
    signed = [placed for _, name, placed in signatures if name]
    unread = sum(1 for i, (_, name, _) in enumerate(signatures) if not name and any(later for _, later, _ in signatures[i:]))
    # one name without a place may be the reporter's, and lines that are mostly no names are headings
    if len(signed) < fewest or (len(signed) < 2 and not any(signed)) or len(signed) <= unread:
        return False
    # a name between one comment and the next one's date is no signature
    return len(signed) > sum(_comment_header(a, b) is not None for a, b in pairwise(near))


def _untimed(blocks: Sequence[_Block]) -> list[tuple[int, _Header]]:
    """The headers without a time below a heading, each with where it stands; none where they may be the speakers of an interview."""
    headers = [(i, _untimed_header(a, b)) for i, (a, b) in enumerate(pairwise((*blocks, None))) if a]
    named = [(i, header) for i, header in headers if header]
    return named if 2 * len({header.by for _, header in named}) > len(named) else []


def _comments_start(blocks: Sequence[_Block]) -> int:
    """Index of the block that opens the comments, `len(blocks)` where there are none."""
    reported = False
    for i, block in enumerate(blocks):
        if (reported or _LETTERS_HEADING.match(block.text)) and _READERS_HEADING.match(block.text):
            named = [j for j, _ in _untimed(blocks[i + 1 : i + _NEAR])] if reported else []
            if _opens_letters(blocks[i : i + _NEAR], 1 if reported else 2) or (len(named) >= 2 and named[0] < 4):
                return i
        reported = reported or _is_paragraph(block.text)
        if i and _COMMENTS_HEADING.match(block.text):
            for j in range(i + 1, min(i + 5, len(blocks))):
                if _comment_header(blocks[j], blocks[j + 1] if j + 1 < len(blocks) else None):
                    return i
    headers = [
        i for i, block in enumerate(blocks)
        if i and _comment_header(block, blocks[i + 1] if i + 1 < len(blocks) else None)
        and any(_REPLY_TAIL.search(b.text) and not _SHARE_LINE.match(b.text) for b in blocks[i : i + 5])
    ]
    return headers[0] if len(headers) >= 2 else len(blocks)


def _after_readers(blocks: Sequence[_Block]) -> int:
    """Index of the block of a readers' section from which on the article goes on, `len(blocks)` where it doesn't."""
    if _opens_letters(blocks):
        apart = _letter_blocks(blocks)
        last = apart[max(at for at, name, _ in _signatures(apart) if name)]
        end = next((i for i, b in enumerate(blocks) if b.start > last.start), len(blocks))
    elif _READERS_HEADING.match(blocks[0].text) and not any(_comment_header(a, b) for a, b in pairwise((*blocks, None)) if a):
        named = _untimed(blocks)
        if not named:
            return len(blocks)
        at, header = next((a for a, b in pairwise(named) if b[0] - a[0] > 5), named[-1])
        end = at + (1 if header.rest < len(blocks[at].text) else 2)
    else:
        return len(blocks)
    # a line or two may be the rest of a comment, or a place
    further = (i for i in range(end, len(blocks)) if _is_paragraph(blocks[i].text) and not _EDITORS.search(blocks[i].text))
    paragraph = next(further, len(blocks))
    headed = paragraph < len(blocks) and paragraph > end and not _SENTENCE_END.search(blocks[paragraph - 1].text)
    return paragraph - headed


def comments(blocks: Sequence[_Block], known: bool = False) -> Iterable[Stretch]:
    """The stretches of a comment section; where it is known to be one, sentences before the first name are nameless comments."""
    untimed = bool(blocks and _READERS_HEADING.match(blocks[0].text))
    by = at = ""
    inside = False
    i = 0
    while i < len(blocks):
        block = blocks[i]
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        header = _comment_header(block, following)
        untimed = untimed and header is None  # where one has a time, «Fazit:» below it is no name
        header = header or (_untimed_header(block, following) if untimed else None)
        if header:
            by, at, inside = header.by, header.at, True
            if header.rest < len(block.text):
                yield Stretch(block.start, block.start + len(block.text[: header.rest].rstrip()), "noise", why="comment header")
                yield from _comment(block, header.rest, by, at)
            else:
                yield Stretch(block.start, blocks[i + header.blocks - 1].end, "noise", why="comment header")
            i += header.blocks
            continue
        why = _noise_among_comments(block.text)
        if why == "footer":
            inside = False
        if not inside and not why and not (known and _SENTENCE_END.search(block.text)):
            why = "around comments"
        if why or re.fullmatch(r"https?://\S+", block.text):
            yield Stretch(block.start, block.end, "noise", why=why or "address")
        else:
            yield from _comment(block, _lead(block.text), by, at)
        i += 1


def _noise_among_comments(text: str) -> str:
    why = "reply link" if _REPLY_LINE.match(text) else _noise(text)
    # people write such things; only an address of their own is none of their words
    return "" if why in ("related", "file name", "navigation", "promotion") else why


def _letters(blocks: Sequence[_Block]) -> Iterable[Stretch]:
    """The stretches of a section of readers' letters: each is signed below its words."""
    blocks = _letter_blocks(blocks)
    signers = {at: name for at, name, _ in _signatures(blocks)}
    words: list[_Block] = []
    for i, block in enumerate(blocks):
        why = _noise_among_comments(block.text)
        if words and i in signers:
            yield from (Stretch(b.start, b.end, "comment", by=signers[i]) for b in words)
            yield Stretch(block.start, block.end, "noise", why="comment header")
            words = []
        elif not why and not _CLOSING.fullmatch(block.text) and (
            words or (_SENTENCE_END.search(block.text) and not block.text.rstrip("*_").endswith(":"))
        ):
            words.append(block)
        else:
            yield Stretch(block.start, block.end, "noise", why=why or "around comments")
    yield from (Stretch(b.start, b.end, "noise", why="around comments") for b in words)


def _comment_lines(text: str) -> list[_Block]:
    return [b for b in _lines(text) if not re.fullmatch(r"\W*(?:\d{1,4}\W*)?", b.text) and not _REPLY_LINE.match(b.text)]


def comment_words(text: str) -> str:
    """The words of a comment whose name and time are taken out: all that is left but for «says:»."""
    return "\n".join(line.text for line in _comment_lines(text) if not re.fullmatch(_SAYS, f" {line.text}", re.IGNORECASE))


def read_comment(text: str) -> tuple[str, str, str]:
    """Name, time and words of a text that is one comment; name and time are empty where it shows none."""
    blocks = _comment_lines(text)
    if not blocks:
        return "", "", ""
    following = blocks[1] if len(blocks) > 1 else None
    header = _comment_header(blocks[0], following) or _untimed_header(blocks[0], following) or _Header("", "", 0, 1)
    words = (blocks[0].text[header.rest :].strip(), *(block.text for block in blocks[header.blocks :]))
    return header.by, header.at, "\n".join(filter(None, words))


def _comment(block: _Block, begin: int, by: str, at: str) -> Iterable[Stretch]:
    tail = _REPLY_TAIL.search(block.text)
    end = tail.start() if tail and tail.start() > begin else len(block.text)
    words = block.text[begin:end]
    if words.strip():
        begin += len(words) - len(words.lstrip())
        yield Stretch(block.start + begin, block.start + begin + len(words.strip()), "comment", by=by, at=at)
    if block.text[end:].strip():
        end += len(block.text[end:]) - len(block.text[end:].lstrip())
        yield Stretch(block.start + end, block.end, "noise", why="reply link")


# -- the head and the body --------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A line without the mark of a heading or a quotation before its words and the marks of emphasis around them."""
    return _EMPHASIS.sub(r"\2", _LINE_MARK.sub("", text, count=1))


def outlet_in(text: str) -> str:
    """The outlet's name where the line is built like a masthead, else an empty string."""
    text = plain(text)
    if len(text) > 100 or _is_paragraph(text):
        return ""
    if _DOMAIN.match(text):
        return text
    parts = re.split(r"\s+[>|/»·]\s+|\s+[–—-]\s+|(?<=\w)\.\s+(?=[A-ZÄÖÜ])|,\s+(?=(?:das|die|der|Ihre?|your)\b)", text, maxsplit=1)
    name = parts[0].strip().rstrip(".")
    if not name or len(name.split()) > 4 or name[-1:] in "?!:":
        return ""
    breadcrumb = re.search(r"\s[>/|»]\s", text) is not None and all(
        len(part.split()) <= 4 for part in re.split(r"\s[>/|»]\s", text)
    )
    slogan = len(parts) > 1 and (_MEDIA.search(parts[1]) or re.search(r"\b(?:seit|since) \d{4}\b", parts[1]))
    if breadcrumb or slogan or (len(parts) > 1 and _MEDIA.search(name)):
        return name
    if len(parts) == 1 and (_MEDIA.search(name) or name.isupper()):
        return name
    return ""


def _placed_date(text: str) -> str:
    """The name before the date in a dateline, else an empty string."""
    match = _PLACED_DATE.match(text)
    return match["name"] if match and len(match["name"].split()) <= 4 and _is_dateline(match["date"]) else ""


def _dated_parts(text: str) -> list[str]:
    """The parts of a line that names outlet, author or section beside a date, else none."""
    for sign in (r"\s[|·]\s", r"\s[–—-]\s"):
        parts = [part.strip() for part in re.split(sign, text)]
        beside = [part for part in parts if not _is_dateline(part)]
        # a dash stands in headlines too
        if len(text) <= 160 and len(parts) > len(beside) and ("|" in sign or (beside and all(map(_names_source, beside)))):
            return parts if len(parts) > 1 else []
    return []


def _names_source(part: str) -> bool:
    return bool(_BYLINE_FORM.match(part)) or _is_outlet(part)


def _is_outlet(name: str) -> bool:
    return len(name.split()) <= 4 and bool(_DOMAIN.match(name) or (_MEDIA.search(name) and re.fullmatch(_NAME, name)))


def beside_date(line: str) -> tuple[str, str]:
    """The outlet and the author that a dateline names, empty where it names none: a place or a section stands there just as well."""
    line = plain(line)
    parts = _dated_parts(line)
    author = next((author_in(part) for part in parts if _BYLINE_FORM.match(part)), "")
    if len(parts) > 2 and author and _BYLINE_FORM.match(parts[0]) and not _is_dateline(parts[1]):
        return parts[1], author  # «By NAME | OUTLET | DATE»
    placed = _placed_date(line)
    return next(filter(_is_outlet, parts), placed if _MEDIA.search(placed) else ""), author


def _is_slogan(text: str) -> bool:
    return len(text) <= 90 and (
        re.search(r"\b(?:seit|since) \d{4}$", text) is not None
        or (re.match(r"(?:Das |Die |Der |Ihre? |The |Your )?\w*", text) is not None and _MEDIA.match(text) is not None
            and re.search(r"\b(?:für|aus|über|for|of)\b", text) is not None)
    )


def _head_length(blocks: Sequence[_Block], kinds: Sequence[str]) -> int:
    """How many blocks stand before the first paragraph of the body."""
    for i, (block, kind) in enumerate(zip(blocks, kinds, strict=True)):
        if kind == "" and (AGENCY.match(block.text) or (_is_paragraph(block.text) and len(block.text) >= 200)):
            return i
        if i >= 16:
            return i
    return min(len(blocks), 8)


def _read_head(blocks: Sequence[_Block], kinds: list[str], titled: bool) -> None:
    """Mark outlet, title, dateline, byline, kicker and subtitle among the first blocks, in place."""
    head = _head_length(blocks, kinds)
    candidates: list[int] = []
    for i in range(head):
        text = plain(blocks[i].text)
        if _dated_parts(text):
            kinds[i] = DATELINE
        elif kinds[i] == "navigation" and i <= 1 and not _MENU.search(text):
            kinds[i] = ""
        if kinds[i]:
            continue
        # without a year only above the title: below, it may be what a list is about
        day = not titled and not candidates and _WEEKDAY_LINE.fullmatch(text)
        if day or _is_dateline(text) or _placed_date(text) or (_ISSUE.match(text) and len(text) <= 80):
            kinds[i] = DATELINE
        elif (_BYLINE_FORM.match(text) or _TEAM.match(text)) and len(text) <= 120:
            kinds[i] = BYLINE
        elif _BULLET.match(text) or text.startswith("++") or text.endswith((";", ",")):
            continue
        elif (not text.endswith(".") and len(text) <= (120 if _SENTENCE_END.search(text) else 220)) or outlet_in(text):
            candidates.append(i)
    if candidates and not titled:
        first = candidates[0]
        if first <= 2 and outlet_in(blocks[first].text) and (len(candidates) > 1 or not blocks[first].text.isupper()):
            kinds[first] = OUTLET
            candidates = candidates[1:]
    for i in list(candidates):
        if _is_slogan(blocks[i].text) and OUTLET in kinds[:i]:
            kinds[i] = OUTLET
            candidates.remove(i)
    wordy = [i for i in candidates if len(blocks[i].text.split()) >= 3 and not blocks[i].text.endswith(":")]
    if not titled and wordy:
        for i in candidates:
            if i < wordy[0]:
                kinds[i] = KICKER
        kinds[wordy[0]] = TITLE
    elif candidates and not titled and candidates[0] == 0 and not blocks[0].text.endswith(":"):
        kinds[candidates[0]] = TITLE if len(blocks) > 1 and not kinds[0] else kinds[candidates[0]]
    for i in candidates:
        if not kinds[i] and len(blocks[i].text) <= (60 if _SENTENCE_END.search(blocks[i].text) else 120):
            kinds[i] = "heading"


def _read_tail(blocks: Sequence[_Block], kinds: list[str]) -> None:
    """Mark what stands after the last paragraph as signature or as teasers, in place."""
    last = max((i for i, b in enumerate(blocks) if kinds[i] == "" and _is_paragraph(b.text)), default=None)
    if last is None:
        return
    promoted = False
    for i in range(last + 1, len(blocks)):
        promoted = promoted or kinds[i] in ("promotion", "related", "tags", "share", "footer")
        text = blocks[i].text
        if kinds[i] or _BULLET.match(text) or text.startswith("++"):
            continue
        if _BYLINE_FORM.match(text) or (not promoted and _SIGNATURE.match(text) and 2 <= len(text.split()) <= 5):
            kinds[i] = BYLINE
        elif _is_dateline(text):
            kinds[i] = DATELINE
        elif not _SENTENCE_END.search(text) and (promoted or len(text.split()) >= 4):
            kinds[i] = "teaser"


def _body(blocks: Sequence[_Block], titled: bool, markdown: bool) -> Iterable[Stretch]:
    kinds = ["caption" if _is_caption(b.text) and not _SHORTCODE.fullmatch(b.text) else _noise(b.text) for b in blocks]
    seen: set[str] = set()
    for i, block in enumerate(blocks):
        key = _key(block.text)
        if key and key in seen and len(key) >= 12:
            kinds[i] = "repeated"
        seen.add(key)
        if markdown and re.match(r"#{1,6}\s", block.text):
            kinds[i] = "heading" if titled or not block.text.startswith("# ") or TITLE in kinds else TITLE
    # one heading that is a date tells when the article appeared; several part a chronicle
    days = [i for i, b in enumerate(blocks) if kinds[i] == "heading" and (_is_dateline(plain(b.text)) or _placed_date(plain(b.text)))]
    if len(days) == 1 and days[0] <= 2:
        kinds[days[0]] = DATELINE
    # a date before other words, as where a page's metadata ran into a caption
    dated = _DATE_LEAD.match(blocks[0].text) if blocks else None
    if dated and dated.end() < len(blocks[0].text) and not _is_dateline(blocks[0].text) and not _is_paragraph(blocks[0].text):
        kinds[0] = "caption"
    _read_head(blocks, kinds, titled or TITLE in kinds)
    _read_tail(blocks, kinds)
    for i, block in enumerate(blocks):
        begin, kind = 0, kinds[i]
        if i == 0 and dated and kind != DATELINE and block.text[dated.end() :].strip():
            yield Stretch(block.start, block.start + dated.end(), "noise", why=DATELINE)
            begin = dated.end() + len(block.text[dated.end() :]) - len(block.text[dated.end() :].lstrip())
        if kind in ("", "heading", "caption"):
            if markdown:
                mark = _LINE_MARK.match(block.text)
                begin = mark.end() if mark else begin
            bullet = _BULLET.match(block.text, begin)
            begin = bullet.end() if bullet and block.text[bullet.start()] in "•▪‣◦●■*+·–—-" else begin
            if kind == "" and i:
                lead = _repeated_lead(block.text[begin:], blocks[i - 1].text)
                if lead:
                    end = begin + len(block.text[begin : begin + lead].rstrip())
                    yield Stretch(block.start + begin, block.start + end, "noise", why="repeated")
                    begin += lead
            if kind == "" and not bullet and i + 1 < len(blocks) and kinds[i + 1] == "" and _is_heading(block.text, blocks[i + 1].text):
                kind = "heading"
            wrapped = _EMPHASIS.fullmatch(block.text, begin) if markdown else None
            begin, end = wrapped.span(2) if wrapped else (begin, len(block.text))
            yield from _without_shortcodes(block, begin, end, "article" if kind == "" else kind)
        else:
            yield Stretch(block.start + begin, block.end, "noise", why=kind)


def _without_shortcodes(block: _Block, begin: int, end: int, kind: str) -> Iterable[Stretch]:
    at = begin
    for match in [*_SHORTCODE.finditer(block.text, begin, end), None]:
        piece = block.text[at : match.start() if match else end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield Stretch(block.start + at + lead, block.start + at + len(piece.rstrip()), kind)  # type: ignore[arg-type]
        if match:
            yield Stretch(block.start + match.start(), block.start + match.end(), "noise", why="shortcode")
            at = match.end()


def segment(
    text: str, *, begin: int = 0, comments_from: int | None = None, titled: bool = False, markdown: bool = False
) -> tuple[Stretch, ...]:
    """All that is written in `text[begin:]`, as stretches in order; what no stretch covers is space and list marks.

    `comments_from` is where comments are known to begin (else they are looked for), `titled` says that title and outlet
    are known already, so that the first lines aren't read as such.
    """
    blocks = _blocks(text[begin:])
    if begin:
        blocks = [_Block(b.start + begin, b.end + begin, b.indent, b.text) for b in blocks]
    if comments_from is None:
        opening = _comments_start(blocks)
    else:
        opening = next((i for i, b in enumerate(blocks) if b.start >= comments_from), len(blocks))
    section = blocks[opening:]
    after = _after_readers(section) if section and comments_from is None else len(section)
    letters = _opens_letters(section)
    reported, section = (*blocks[:opening], *section[after:]), section[:after]
    said = list(_letters(section) if letters else comments(section, comments_from is not None))
    if letters and not titled and not any(_is_paragraph(block.text) for block in blocks[:opening]):
        said[0], titled = replace(said[0], why=TITLE), True  # a file of letters alone
    body = _body(reported, titled, markdown)
    return tuple(sorted((*body, *said), key=lambda stretch: stretch.start))


def is_name(text: str) -> bool:
    """Whether the text is nothing but a name."""
    return _SIGNATURE.match(text) is not None


def author_in(line: str) -> str:
    """The name in a byline, a signature or the masthead of somebody's own blog, else an empty string."""
    line = plain(line)
    match = _BYLINE_FORM.match(line) or _OWN_BLOG.search(line) or _SIGNATURE.match(line)
    if match is None:
        return ""
    # after «A and B», a comma brings the place they write from
    return re.sub(r"(\s(?:und|and|&)\s[^,]+),.*$", r"\1", " ".join(match["name"].split())).rstrip(",")
