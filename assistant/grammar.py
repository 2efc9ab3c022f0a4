"""The closed classes of German (and the commonest English) that turn a statement round: grammar, no topics.

Each class is a pattern over single words, in lower case. Words of a class carry only words of the same class.
"""

import re
from functools import lru_cache

_CLASSES: dict[str, str] = {
    # polarity: an even number of these in a statement affirms, an odd number denies
    "not": r"nicht|nichts|kein(?:e[rnms]?)?|nie|niemals|niemand(?:e[nm])?|ohne|weder|nirgends|keinerlei|keineswegs|not|no|never|none|"
           r"without|"
           r"\w{3,}(?:los|frei)(?:e[rnms]?)?",
    "deny": r"ablehn\w*|abgelehnt\w*|lehn(?:t|te|ten|en)|ablehnung\w*|verbiet\w*|verb[io]t(?:en\w*|s|e|et)?|untersag\w*|verweiger\w*|"
            r"weiger\w*|"
            r"bestr(?:eit|itt)\w*|dementier\w*|zurückgewiesen\w*|zurückweis\w*|wies|weist|abgewiesen\w*|abweis\w*|verneint\w*|"
            r"ausgeschlossen\w*|ausschließ\w*|ausschlo\w*|zurückwies\w*|abwies\w*|schloss|verzicht\w*|gesperrt\w*|sperr(?:t|te|ten|en)|"
            r"geschlossen\w*|schließ(?:t|en)|"
            r"gescheitert\w*|scheiter\w*|verhinder\w*|den(?:y|ied|ies)|reject\w*|refus\w*|unverletzt\w*|unversehrt\w*",
    "lack": r"fehl(?:t|te|en|ten)|gefehlt|mangel(?:t|te)?|mangels|lack\w*",
    "against": r"gegen|against",
    "plan": r"soll(?:en|te|ten)?|will|wollen|wollte(?:n)?|möchte(?:n)?|plan(?:t|te|en|ten)|geplant\w*|vorhaben|erwäg\w*|"
            r"prüf(?:t|te|en|ten)|"
            r"beabsichtig\w*|anstreb\w*|strebt|kündigt|angekündigt\w*|kündigte|ankündig\w*|fordert\w*|fordern|\w*forderung\w*|"
            r"verlang\w*|vorschlag\w*|"
            r"vorgeschlagen|schlug|bietet|bieten|bot|boten|angeboten|beantragt\w*|antrag\w*|entwurf\w*|rechne\w*|erwart\w*|"
            r"hoff\w*|"
            r"befürchte\w*|droh(?:t|te|en|ten)|plans|planned|wants|will|intends|expect\w*|propos\w*|rät|raten|empf[ie]\w*|"
            r"verspr\w+|\w*prognose\w*|muss|müssen|musste(?:n)?|must|gerechnet|bereitet|vorbereit\w*|aussicht|einigen",
    "maybe": r"könn(?:te|ten)|dürfte(?:n)?|würde(?:n)?|wäre(?:n)?|hätte(?:n)?|möglich\w*|vielleicht|eventuell|womöglich|"
             r"wahrscheinlich\w*|vermut\w*|mutmaßlich\w*|offenbar|angeblich\w*|scheinbar|anscheinend|verdacht\w*|verdächtig\w*|vorwurf\w*|"
             r"vorw[iü]rf\w*|vorgeworfen|ob|falls|sofern|might|may|could|would|allegedly|reportedly|probably|possibly|perhaps|"
             r"schätz\w*|geschätzt\w*|\w*schätzung\w*",
    "can": r"kann|können|konnte(?:n)?|can",
    "praise": r"lob(?:t|te|ten|en)|gelobt\w*|würdig\w*|gewürdigt\w*|begrüß\w*|dank(?:t|te|ten|en)|gedankt|prais\w*|welcom\w*|thank\w*",
    "blame": r"kritisier\w*|kritik|bemängel\w*|beklag\w*|klag(?:t|te|ten)|rüg(?:t|te|ten)|gerügt|monier\w*|verurteilt\w*|criti\w*|blam\w*",
    "warn": r"warn(?:t|te|ten|en|ung|ungen)|gewarnt|warn(?:s|ed|ing)",
    "always": r"sicher(?:heit|lich)?|zweifellos|nachweislich|definitiv|garantiert",
    "up": r"stieg\w*|stei[gk]\w*|gestiegen\w*|anstieg\w*|wuchs\w*|wachs\w*|gewachsen\w*|wächst|zuwachs\w*|erhöh\w*|zugenommen|zunahm\w*|"
          r"zunehm\w*|zunimmt|"
          r"anheb\w*|angehob\w*|anhebung\w*|hob|klett\w*|geklettert|verdoppel\w*|verdreifach\w*|vervielfach\w*|ausbau\w*|ausgebaut|"
          r"aufstock\w*|"
          r"verteuer\w*|teurer\w*|rose|rise\w*|rising|increas\w*|grew|grow\w*|gesteigert\w*|verstärk\w*|plus|verlänger\w*|wärmer\w*",
    "down": r"sank\w*|sink\w*|gesunken\w*|fiel|fielen|fällt|fallen|gefallen|rückgang\w*|zurückgegangen|zurückging\w*|zurückg[ei]\w*|"
            r"zurückf[aäu]hr\w*|verringer\w*|"
            r"abgenommen|abnahm\w*|abnehm\w*|abnimmt|schrumpf\w*|geschrumpft|senk\w*|gesenkt\w*|gekürzt\w*|kürz(?:t|te|en|ung\w*)|"
            r"reduzier\w*|"
            r"halbier\w*|abbau\w*|abgebaut|minus|verbillig\w*|billiger\w*|fell|fall\w*|drop\w*|declin\w*|decreas\w*|shr[aiu]nk\w*|"
            r"gedrosselt\w*|"
            r"drossel\w*|temperaturrückgang\w*|abkühl\w*|kälter\w*|verkürz\w*|milder\w*|tiefstand\w*",
    "tight": r"verschärf\w*|einschränk\w*|eingeschränkt\w*|beschränk\w*|streng\w*",
    "loose": r"erleichter\w*|gelockert\w*|locker\w*|gelockert\w*|entschärf\w*|ausgeweitet\w*|ausweit\w*",
    "more": r"mehr|größer\w*|höher\w*|länger\w*|stärker\w*|häufiger\w*|schneller\w*|älter\w*|besser\w*|more|larger|higher|greater|"
            r"longer|better|vorsprung\w*",
    "less": r"weniger|kleiner\w*|niedriger\w*|kürzer\w*|schwächer\w*|langsamer\w*|jünger\w*|schlechter\w*|geringer\w*|less|fewer|smaller|"
            r"lower|shorter|worse|hinter|rückstand\w*",
    "most": r"größt\w*|höchst\w*|meist\w*|längst\w*|stärkst\w*|schnellst\w*|ältest\w*|best(?:e[rnms]?)|erst(?:e[rnms])|rekord\w*|spitze|"
            r"largest|biggest|"
            r"highest|most|longest|oldest|best|first|führt|zuerst",
    "least": r"kleinst\w*|niedrigst\w*|wenigst\w*|kürzest\w*|schwächst\w*|langsamst\w*|jüngst(?:e[rnms]?)|schlechtest\w*|geringst\w*|"
             r"letzt(?:e[rnms]?)|"
             r"smallest|lowest|fewest|least|shortest|youngest|worst|last|zuletzt|schlusslicht",
    "second": r"zweit(?:e[rnms]?|\w*st\w*)|zweitens|second",
    "third": r"dritt(?:e[rnms]|\w*st\w*)|third",
    "all": r"all(?:e[rnms]?)?|sämtlich\w*|jede[rnms]?|sämtliche|gesamt\w*|ganz(?:e[rnms]?)?|vollständig\w*|komplett\w*|ausnahmslos|"
           r"ausschließlich|"
           r"generell|immer|stets|dauerhaft|überall|every|each|entire\w*|always|beide[rnms]?",
    "some": r"einige[rnms]?|manche[rnms]?|mehrere[rnms]?|teil(?:e|s|weise)?|wenige[nms]?|etliche[rnms]?|einzelne[rnms]?|some|several|"
            r"partly|manchmal|"
            r"gelegentlich",
    "many": r"viele[rnms]?|zahlreich\w*|many|mehrheit\w*|überwiegend\w*|großteil\w*",
    "only": r"nur|lediglich|allein|bloß|only|just",
    "least_of": r"mindestens|frühestens|wenigstens",
    "most_of": r"höchstens|spätestens|maximal",
    "cause": r"weil|wegen|aufgrund|deshalb|deswegen|daher|weshalb|denn|infolge|dank|grund|gründe\w*|gründen|ursache\w*|anlass|"
             r"begründ\w*|führte|zurückzuführen|"
             r"verursach\w*|ausgelöst\w*|auslös\w*|because|due|therefore|caused?|since|nachdem|damit",
    "since": r"seit|seitdem",
    "until": r"bis",
    "yes": r"bestätig\w*|zugestimmt|stimmt|stimmte\w*|zustimm\w*|einräum\w*|eingeräumt|räumt\w*|gesteh\w*|gestand|gestanden|"
           r"geständnis\w*|befürwort\w*|"
           r"genehmig\w*|erlaub\w*|gestatt\w*|zugelassen|zulass\w*|billig(?:t|te|ten|en|ung)|confirm\w*|admit\w*|approv\w*|beschlossen|"
           r"beschließ\w*|"
           r"beschluss\w*|beschloss\w*|geöffnet\w*|öffn\w*",
    "in": r"einfuhr\w*|import\w*|ankauf\w*|kauf(?:t|te|ten|en)|gekauft|einnahme\w*|übern[aoi]mm?\w*|erw[ia]rb\w*|erworben|gewonnen|"
          r"gewann\w*|gewinnt|sieg\w*|siegte\w*|besieg\w*",
    "out": r"ausfuhr\w*|export\w*|verkauf\w*|ausgabe\w*|verloren|verlor\w*|verliert|niederlage\w*|unterl[aie]g\w*|unterlegen",
    "hedged": r"behaupt\w*|zufolge|laut|angaben|beteuer\w*|erklärt\w*|sagt\w*|meint\w*|claims?|said|says|according|ansicht|"
              r"worten|"
              r"kündigt\w*|teilte\w*|mitgeteilt|melde\w*|gemeldet|bericht(?:et|ete|eten)|warnt\w*|beklagt\w*|kritisier\w*|lobt\w*|kritik|nannte\w*|nennt|bezeichne\w*|sprach\w*|"
              r"spricht|"
              r"verw(?:ies|eist)\w*|hält|sieht|äußer\w*|geäußert|betont\w*|schrieb\w*|schreib\w*|heißt|klagt\w*|zeigt\w*|bezifferte?\w*|"
              r"begründ\w*|ausgeschlossen|ausschl\w*|versprach\w*|versprochen|bestr(?:eit|itt)\w*|wies|vermut\w*",
}  # fmt: skip
_PATTERNS = {name: re.compile(pattern.replace("ß", "ss")) for name, pattern in _CLASSES.items()}
OPPOSITES = (
    ("up", "down"), ("more", "less"), ("most", "least"), ("all", "some"), ("all", "many"), ("most", "second"), ("most", "third"),
    ("since", "until"), ("in", "out"), ("second", "third"), ("tight", "loose"), ("least_of", "most_of"),
)  # fmt: skip
# words that a paraphrase may add: they say nothing of their own
_LIGHT = re.compile((
    r"hab(?:e|en|t)|hat(?:te|ten)?|gehabt|sei(?:en)?|war(?:en)?|ist|sind|gewesen|w[ei]rd(?:en|e)?|wurde(?:n)?|worden|geworden|"
    r"lieg(?:t|en)|lag(?:en)?|"
    r"beträgt|betr(?:ug|agen)|beläuft|belief|gib(?:t)|gab|geben|gegeben|steht|stehen|stand(?:en)?|gehör(?:t|te|en|ten)|verzeichn\w+|"
    r"erfolg(?:t|te|ten)|"
    r"nun|damit|zudem|auch|jedoch|dagegen|dabei|aber|laut|zufolge|angaben|sowie|etwa|rund|gut|knapp|über|unter|noch|hingegen|außerdem|"
    r"jahr(?:e[ns]?|s)?|tag(?:e[ns]?)?|uhr|während|sagte|sagt|teilte|mit|durch|vom|von|zum|zur|beim|nach|bei|dass|is|are|was|were|has|"
    r"have|had|"
    r"stell(?:t|te|en|ten)|gestellt|leiste(?:t|te|n)|weiter(?:hin)?|derzeit|dieser?|dies(?:e[rnms])?|bleib(?:t|en)|blieb(?:en)?|"
    r"umgerechnet|"
    r"findet|fand(?:en)?|komm(?:t|en)|kam(?:en)?|besteht|bestand(?:en)?|unterwegs|insgesamt|schließlich|bislang|bisher|dahin|davon|"
    r"d[aü]rf(?:en|te[nt]?)?|durfte(?:n)?|"
    r"mitte|ende|anfang|leser(?:s|n)?|leserkommentar(?:s)?|heißt|mehr|trug(?:en)?|trägt|tragen|stößt|stieß|lautet(?:e)?|gelautet|"
    r"verl[aä]uf\w*|verlief\w*|macht(?:e)?|gemacht|"
    r"sah(?:en)?|erreicht?e?|kostet|kosten|zuvor|vorher|künftig\w*|zunächst|einsatz|nutzung|einführung|befasst|bringt|brachte|gebracht|nimmt|nahm|genommen"
).replace("ß", "ss"))
# comparatives and superlatives of amounts: the others say of what, and stand only for themselves
OF_AMOUNT = re.compile(
    r"mehr|weniger|(?:größ|gröss|höh|hoh|niedrig|gering|klein)(?:er|st|t)\w*|höchst\w*|meist\w*|wenigst\w*|erst(?:e[rnms])|letzt\w*|rekord\w*|"
    r"vorsprung\w*|rückstand\w*|hinter|more|less|fewer|most|least|higher|lower|larger|smaller"
)
# prepositions that turn round what they join to a noun
AGAINST_EACH_OTHER = tuple(
    frozenset(pair) for pair in (("nach", "von"), ("nach", "aus"), ("mit", "ohne"), ("für", "gegen"), ("vor", "nach"), ("vor", "hinter"),
                                 ("über", "unter"), ("seit", "bis"), ("vor", "seit"))
)  # fmt: skip
# nouns that, behind an article, stand for what the sentence before told of
GENERIC = frozenset(
    ("unternehmen", "firma", "konzern", "mann", "frau", "behörde", "verein", "tier", "partei", "projekt", "vorhaben", "gebäude", "verband",
     "gericht", "strecke", "ort", "paar", "gruppe", "institut", "amt", "junge", "mädchen", "politiker", "politikerin")
)  # fmt: skip
_INFIX = re.compile(r"^(an|auf|aus|ab|bei|ein|zurück|vor|zu|durch|um|nach|mit|her|hin|weg)(?:zu|ge)(?=\w{4})")  # «anzuheben», «angehoben»


@lru_cache(maxsize=16384)
def classes(word: str) -> frozenset[str]:
    """The classes that a word (in lower case) belongs to."""
    forms = {word, without_infix(word)}
    return frozenset(name for name, pattern in _PATTERNS.items() if any(pattern.fullmatch(form) for form in forms))


def without_infix(word: str) -> str:
    """A verb with a separable prefix without its «zu» or «ge»."""
    return _INFIX.sub(r"\1", word)


@lru_cache(maxsize=16384)
def is_light(word: str) -> bool:
    """Whether a word may be added without saying anything new."""
    return _LIGHT.fullmatch(word) is not None
