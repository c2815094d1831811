"""Words that the check of names knows: ordinary ones, ordinary ones that are names too, and those that may be written.

All lower case and without accents. Each list says what it is for; `soc_portal.namecheck` says how they work together.
"""

from functools import cache
from pathlib import Path

from soc_portal.folding import fold
from soc_portal.names import TITLES

HERE = Path(__file__).parent


@cache
def ordinary_words() -> frozenset[str]:
    lines = (HERE / "ordinary_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


#: Ordinary words that many people are called by. With a capital letter inside a sentence they are read as a name.
NAME_WORDS = frozenset(
    """angel art bell best bill brook brooks brown chance chase cliff cook cross day dean earl faith flor frank glen
    grace grant gray green guy hall harmony heart heath hill hope hunt iris jack jay jewel joy lane leal long
    love luz mar mark max mercy miles mason nick olive pace page park parks pastor pat patience paz penny pearl
    price ray reed rich rob robin rock rose ruby rusty sandy serenity skip sky sol star stone storm strong sue
    summer sunny trinity trust valle violet wade ward waters west white will winter wood woods young""".split()
)
#: Months that are names too: a month only where the words beside it say so.
MONTHS_AND_NAMES = frozenset("april august may june julio".split())
BEFORE_A_MONTH = frozenset(
    "in since until till by last next this during every each before after early late mid through end middle beginning "
    "en desde hasta cada antes despues mes month finales fin mediados".split()
)
#: They come before a month too, but before people as well: only where another month is near.
BETWEEN_MONTHS = frozenset("to and or of through until till y o a de al hasta".split())
FROM_A_MONTH = frozenset("from between de entre".split())
#: Capital letters that are no name: days, months, languages, peoples, faiths; agencies, programs, well-known makes.
KNOWN_WORDS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march july september october november
    december lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio agosto
    septiembre octubre noviembre diciembre mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul
    aug sep sept oct nov dec english spanish hmong arabic vietnamese chinese mandarin french korean russian
    swahili karen burmese jarai rhade lumbee cherokee american americans african asian black latino latina
    latinos hispanic indian native christian christmas easter thanksgiving halloween ramadan catholic baptist
    methodist muslim jewish bible god carolina north south east west eastern western piedmont sandhills america
    usa mexico honduras guatemala washington medicaid medicare section title part head start internet zoom
    facebook google whatsapp instagram youtube uber lyft greyhound walmart amtrak teams outlook zelle covid ged
    sat act act's dss jcpc lme mco cft ccpt iep ymca ywca vaya trillium alliance partners path ncdhhs dhhs dpi
    djj djjdp nami unc ecu ncat wic snap tanf ssi ssdi fmla ada ferpa hipaa prtf adhd emdr icwa epsdt tbi idd nc
    us gal cps dwi er ob tv pe pta pto ceo id ok pm am asl esl ell bls nami soc jcpcs ieps""".split()
)
#: Said together they name something everybody may name.
KNOWN_PHRASES = (
    "parks and recreation", "family partner", "family partners", "child and family team", "child and family teams",
    "system of care", "state collaborative", "community collaborative", "local team", "juvenile court",
    "juvenile crime prevention council",
    "social services", "youth advocate programs", "boys and girls club", "boys & girls club",
    "head start", "early head start", "big brothers big sisters", "young people", "north carolina", "new york",
    "google meet", "families united", "nc families united", "department of health and human services", "young adult",
    "care coordination", "division of juvenile justice", "long leaf", "high school", "long distance",
)  # fmt: skip
#: People by what they are: many write such a word with a capital letter, and no name hides in it.
ROLES = frozenset(
    """mom mama mami mommy dad papa papi daddy grandma grandpa granny nana abuela abuelo abuelita tia tio aunt uncle
    mother father sister brother cousin son daughter family familia home house casa parent guardian caregiver
    coach judge pastor doctor nurse teacher counselor principal officer worker therapist social court county
    state council team department services service office board health mental program center community
    church police plan partner member chair secretary director district city town care""".split()
)
FOLDED_TITLES = frozenset(fold(title) for title in TITLES)
#: Those that are nobody's name themselves, as "Don" may be.
SHORT_TITLES = frozenset("mr mrs ms miss dr sr sra rev señora señor".split())
#: Small words within names; alone they say nothing.
PARTICLES = frozenset(
    "de la del los las el al y e da dos das di van von der den ter bin ibn abu san santa st jr sr ii iii iv mc mac o "
    "the and of mr mrs ms miss dr".split()
)
#: Towns and counties that are also given or family names: a place only behind a word that says so.
TWO_WAYS = frozenset(
    """alexander anson ashe avery benson camden carson cary caswell catawba chatham clay clayton cleveland clinton
    columbus craven dare davidson davie dobson dunn eden edenton edgecombe elon forsyth franklin gates gaston
    graham granville greene harnett haywood henderson hertford hoke hyde iredell jackson jefferson jones king lee
    lenoir lexington lincoln louis macon madison maiden marion marshall martin matthews mitchell monroe
    montgomery moore murphy nash orange oxford pender person pitt polk randolph robbins rowan rutherford sampson
    sanford selma shelby stanley stanly stokes surry swain taylor troy tyrrell union vance wake wallace warren
    warsaw washington watauga wayne wilkes wilson windsor winton yancey benson garner wendell leland""".split()
)
BEFORE_A_PLACE = frozenset("in near around outside through across en cerca".split())
AFTER_A_PLACE = frozenset("county counties condado".split())
