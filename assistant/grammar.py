"""German and English words with a grammatical or logical task: what turns a sentence into another one."""

import re

_I = re.IGNORECASE

# what says nothing by itself: auxiliaries and light verbs, verbs of saying that commit to nothing, words of attribution
LIGHT = re.compile(
    r"(?:wurden?|worden|werde[nt]?|wird|würden?|hab(?:e|en|t)|hatten?|hat|sei(?:en)?|sind|waren?|ist|soll(?:en|te|ten)?|will|wollen|kann|können|"
    r"könnten?|muss|müssen|mussten|dürfen?|durften?|bleib(?:t|en)|blieb(?:en)?|steh(?:t|en)|stand(?:en)?|komm(?:t|en)|kam(?:en)?|geh(?:t|en)|"
    r"ging(?:en)?|lieg(?:t|en)|lag(?:en)?|gibt|gab(?:en)?|stell(?:t|te|ten|en)|gestellt|find(?:et|en)|fand(?:en)?|sieht|sah(?:en)?|zeig(?:t|te|ten)|"
    r"beträgt|betrug|erfolg(?:t|te)|verzeichnet(?:e|en)?|erreich(?:t|te|ten)|gehör(?:t|te|en|ten)|handel[nt]|heiß(?:t|en)|hieß|lautet(?:e|en)?|gelautet|"
    r"sag(?:t|te|ten|en)|gesagt|erklär(?:t|te|ten)|teil(?:t|te|ten)|mitgeteilt|beton(?:t|te|ten)|beteuer(?:t|te)|beklag(?:t|te|ten)|klag(?:te|ten)|"
    r"nenn(?:t|en)|nannten?|genannt|bezeichnet(?:e|en)?|sprach(?:en)?|spricht|berichtet(?:e|en)?|angab|angaben|ansicht|laut|zufolge|demnach|worten|"
    r"bereits|noch|nun|zuvor|bislang|bisher|dabei|dagegen|rund|etwa|knapp|gut|insgesamt|jeweils|ebenfalls|zudem|allerdings|dort|beim|"
    r"was|were|is|are|has|have|had|been|said|says|told|according|will)",
    re.IGNORECASE,
)
ARTICLES = re.compile(r"\b(?:(?:k?ein|one|a|an|no|none|zero|null)(?:e[rsnm]?)?)\b", re.IGNORECASE)  # «ein» and «kein» count nothing
# where a clause ends and the next begins
CLAUSE = re.compile(
    r"[,;:–—]\s+|\s+(?:aber|sondern|während|nachdem|bevor|weil|dass|wobei|obwohl|damit|doch|but|while|because)\s+"
)
# a sentence that points back to the one before
LEANING = re.compile(
    r"[„“\"»«‚‘(\s]*(?:Er|Sie|Es|Dies(?:e[rsmn]?)?|Das|Dabei|Damit|Dazu|Davon|Dafür|Daran|Darin|Dort|Deshalb|Daher|Seine?[rsmn]?|Ihr(?:e[rsmn]?)?|"
    r"Zudem|Beide|He|She|It|This|They|These|His|Her|Their)\b"
)  # fmt: skip
QUOTED = re.compile(r"„([^“”\"]+)[“”\"]|“([^”“]+)”|\"([^\"]+)\"|»([^«»]+)«|«([^«»]+)»|‚([^‘’]+)[‘’]")
ATTRIBUTED = re.compile(r"\b(?:Leser\w*|Kommentar\w*|Kommentator\w*|Nutzer\w*|User\w*|Forum\w*|Zuschrift\w*|reader\w*|comment\w*)\b", _I)
FULL_NAME = re.compile(r"(?<!^)\b[A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ][a-zäöüß]+\b")
FIRST_PERSON = re.compile(r"\b(?:ich|wir|mich|mir|uns|mein\w*|unser\w*|I|we|my|our|us)\b", _I)
PREPOSITIONS = re.compile(
    r"gegen|von|vom|durch|für|an|am|bei|beim|mit|nach|aus|zu|zum|zur|über|unter|vor|um|auf|against|by|for|to|from|with|over|of", _I
)
PASSIVE = re.compile(r"\b(?:wird|werden|wurde|wurden|worden|was|were|been|by|von|vom|durch)\b", _I)
NEGATIVE = re.compile(
    r"\b(?:nicht|nichts|kein\w*|nie|niemals|niemand\w*|nirgends|ohne|weder|kaum|not|no|never|none|nobody|nothing|neither|without|\w+n['’]t)\b"
    r"|\bun(?!d\b|s\b|ser|ter|fall|ion|gef|garn|iv)\w{4,}|\b(?-i:[a-zäöüß])\w{2,}los(?:e[rsnm]?)?\b|\b(?:verbot\w*|verbiet\w*|untersag\w*|abgelehn\w*|ablehn\w*|"
    r"lehnt\w*|bestreit\w*|bestritt\w*|dementier\w*|gesperrt\w*|fehl(?:t|en|te|ten)|verzicht\w*|scheiter\w*|gescheitert|verweiger\w*|"
    r"zurückgewiesen|abgesagt|forbid\w*|banned|denied|denies|rejected|refus\w*|failed)\b",
    _I,
)
# not a fact yet, or said by somebody
HEDGED = re.compile(
    r"\b(?:soll(?:en|te|ten)?|will|wollen|könnten?|dürften?|würden?|wären?|möglich\w*|vielleicht|vermut\w*|wahrscheinlich\w*|wohl|angeblich\w*|"
    r"offenbar|mutmaßlich\w*|voraussichtlich\w*|plan(?:t|en|te|ten)|geplant\w*|beabsichtig\w*|erwartet\w*|rechne(?:t|n)|forder(?:t|n|te|ten)|"
    r"verlang(?:t|en|te|ten)|verdächtig\w*|bestreit\w*|bestritt\w*|behaupt\w*|prüf(?:t|en|te)|erwäg\w*|schätz\w*|geschätzt\w*|droh\w*|hoff\w*|"
    r"schlägt|schlug|vorgeschlagen|bietet|bieten|berät|beraten|kündig\w*|angekündigt\w*|zufolge|may|might|could|would|should|allegedly|reportedly|"
    r"plans?|planned|expects?|expected|claims?|claimed|denies|denied|probably|possibly)\b",
    _I,
)
HEDGING = re.compile(
    HEDGED.pattern.removesuffix(r")\b")
    + r"|laut|nach\s+(?:Angaben|Schätzung\w*|Plänen|Einschätzung)|Absicht|Vorhaben|Plan|Pläne|Planung|Forderung|Ziel|Prognose|"
    r"Entwurf|Antrag|Verdacht|Vorwurf|künftig|vorgesehen|according|seien?|habe|werde|sagte|sagt|erklärte|sprach|nannte|nennt)\b",
    _I,
)
UP = re.compile(
    r"\b(?:stieg\w*|steig\w*|gestiegen\w*|wuchs\w*|wächst|gewachsen\w*|zugenommen|Zunahme|Anstieg\w*|Zuwachs|erhöh\w*|größer\w*|höher\w*|länger\w*|"
    r"teurer\w*|(?<!nicht )mehr|verdoppel\w*|anheb\w*|Anhebung|rose|rise[sn]?|risen|grew|grown|increase[sd]?|higher|more|doubled)\b",
    _I,
)
DOWN = re.compile(
    r"\b(?:sank\w*|sink\w*|gesunken\w*|fiel|fielen|gefallen|zurückgegangen|abgenommen|Abnahme|Rückgang\w*|verringer\w*|reduzier\w*|kleiner\w*|"
    r"niedriger\w*|kürzer\w*|billiger\w*|weniger|halbier\w*|senk\w*|gesenkt|fell|fallen|decrease[sd]?|dropped|lower|less|fewer|halved|shrank)\b",
    _I,
)
TOTAL = re.compile(
    r"\b(?:alle[nrsm]?|sämtliche\w*|jede[nrsm]?|nur|ausschließlich|immer|stets|überall|komplett\w*|vollständig\w*|bundesweit\w*|landesweit\w*|"
    r"weltweit\w*|einzige\w*|meisten|dauerhaft\w*|endgültig\w*|erstmals|all|every|only|always|never|nationwide|worldwide|completely)\b",
    _I,
)
CAUSAL = re.compile(
    r"\b(?:weil|wegen|aufgrund|daher|deshalb|deswegen|infolge|Grund|Ursache|dadurch|ausgelöst|because|due|therefore|caused?)\b", _I
)
CAUSAL_SOURCE = re.compile(
    r"\b(?:weil|wegen|aufgrund|daher|deshalb|deswegen|infolge|denn|Grund|Ursache|dadurch|ausgelöst|nachdem|durch|führ(?:t|te|ten)|begründ\w*|"
    r"because|due|therefore|caused?|after|since)\b",
    _I,
)
# beginnings of words that exclude each other
OPPOSITES = (
    ("erst", "letzt"), ("größt", "kleinst"), ("ältest", "jüngst"), ("mehr", "weniger"), ("mindestens", "höchstens"), ("über", "unter"),
    ("seit", "bis"), ("öffn", "schließ"), ("geöffnet", "geschlossen"), ("gewonn", "verlor"), ("gewann", "verlor"), ("nördlich", "südlich"),
    ("östlich", "westlich"), ("dafür", "dagegen"), ("minus", "plus"), ("früher", "später"), ("längst", "kürzest"), ("höchst", "niedrigst"),
    ("best", "schlechtest"), ("größer", "kleiner"), ("höher", "niedriger"), ("bestätig", "bestr"),
    ("freigesprochen", "verurteilt"),
    ("first", "last"), ("most", "least"), ("before", "after"), ("oldest", "youngest"), ("largest", "smallest"), ("opened", "closed"),
)  # fmt: skip
