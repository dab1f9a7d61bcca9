"""First names that are short forms or spellings of one another, so that both may be one person's."""

from __future__ import annotations

_SHORT_FORMS = """
abigail abby gail | albert al bert | alexander alex xander sasha | alexandra alex lexi |
alfred fred alf | amanda mandy | andrew andy drew | angela angie | anthony tony | antonio tony |
barbara barb barbie babs | benjamin ben benny benji | bradley brad | caroline carrie |
catherine cathy kate katie cat kathy | katherine kate katie kathy kat | charles charlie chuck chas |
christina tina chris chrissy | christine chris tina | christopher chris kit topher | cynthia cindy |
daniel dan danny | david dave davey | deborah deb debbie | dennis denny | donald don donny | dorothy
dot dottie | douglas doug | edward ed eddie ted ned | elizabeth liz beth betty lizzie eliza betsy |
eugene gene | evelyn eve | florence flo | frances fran | francis frank | francisco paco frank |
frederick fred freddie | gabriel gabe | gerald jerry gerry | gregory greg | harold harry hal | henry
hank harry | isabella bella izzy | jacob jake | jacqueline jackie | james jim jimmy jamie | janet
jan | jason jay | jeffrey jeff geoff | jennifer jen jenny | jessica jess jessie | john jack johnny |
jonathan jon jonny | jose pepe | joseph joe joey | joshua josh | judith judy | kenneth
ken kenny | kimberly kim | lawrence larry | leonard leo len lenny | leslie les | lillian lily |
louis lou louie | madeline maddie | margaret maggie meg peggy marge | martin
marty | matthew matt matty | maximilian max | megan meg | melissa mel missy | michael mike mick
mickey | michelle shelly | mitchell mitch | nancy nan | natalie nat | nathan nate | nathaniel nate
nathan | nicholas nick nicky | nicole nikki | pamela pam | patricia pat patty tricia trish | patrick
pat paddy | peter pete | philip phil | phillip phil | rachel rae | randall randy | raymond ray |
rebecca becky becca | richard rick rich dick ricky richie | robert bob rob bobby robbie bert |
roberta bobbie | roger rodge | ronald ron ronnie | rosemary rose rosie | russell russ | samantha sam
| samuel sam sammy | sandra sandy | sarah sally | sebastian seb | sharon shari | stephanie steph |
stephen steve stevie | steven steve stevie | susan sue susie suzie | suzanne sue | teresa terry tess
| terrence terry | theodore ted theo teddy | theresa terry tess | thomas tom tommy | timothy tim
timmy | valerie val | victor vic | victoria vicky tori | vincent vince vinny | virginia ginny |
walter walt wally | william bill will billy willie | zachary zach zack
"""

_SPELLINGS = """
alan allan allen | alison allison | ann anne | anna ana | brian bryan | brittany brittney | catherine
katherine kathryn | caitlin kaitlyn | carl karl | carol carole | cecelia cecilia | christina cristina
kristina | christine kristine | christian cristian | christy kristy | connor conor | darrell darryl |
deborah debra | diane dianne | elliot elliott | eric erik | erica erika | geoffrey jeffrey | gerald jerald
| hailey haley | hanna hannah | isabel isabelle | isabella izabella | jaime jamie | jeanne jean | jon john
| kelley kelly | kristen kristin kirsten | laurence lawrence | leslie lesley | lindsay lindsey | lori
laurie | lynn lynne | madeline madeleine | marc mark | marcia marsha | megan meghan | michele michelle |
mohammed mohamed muhammad | ahmed ahmad | elisabeth elizabeth | monica monika | neal neil | nicholas
nicolas | philip phillip | rachael rachel | rebecca rebekah | sara sarah | sean shaun shawn | sherri
sherry shari | sofia sophia | sonia sonja sonya | stacey stacy | stephen steven stephan | stewart stuart |
susan suzan | suzanne susanne | susana susanna | teresa theresa | teri terri terry | terence terrance
terrence | tracey tracy | vicki vickie | victor viktor | vivian vivien | zachary zachery
"""


def _aliases() -> dict[str, frozenset[int]]:
    known: dict[str, frozenset[int]] = {}
    for number, group in enumerate((*_SHORT_FORMS.split("|"), *_SPELLINGS.split("|"))):
        for name in group.split():
            known[name] = known.get(name, frozenset()) | {number}
    return known


_MEMBERSHIP = _aliases()


def is_short_form(one: str, other: str) -> bool:
    """Bob and Robert are; Bob and Bobby are, through Robert; Sara and Sarah are; Tom and Tim are not."""
    return not _MEMBERSHIP.get(one, frozenset()).isdisjoint(_MEMBERSHIP.get(other, frozenset()))


def is_known(name: str) -> bool:
    return name in _MEMBERSHIP
