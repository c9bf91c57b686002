"""The words of English that tell a text's language, and the small ones that tell little else.

All are folded: lower case, no accents.
"""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as a text."""
    return frozenset(text.split())


SMALL = words_of(
    """
    a about after again ago all almost already also always am an and another any anybody anymore
    anyone anything anyway are aren't around as at away back be because been before being
    between both but by came can can't cannot cause come comes coming could couldn't did didn't
    do does doesn't doing don't done down during each either else enough even ever every
    everyone everything except few first for from get gets getting give go goes going gone good
    got had has hasn't have haven't having he he's he'd he'll hello her here here's hers herself
    hey hi him himself his how how's i i'd i'll i'm i've if in instead into is isn't it it'd
    it'll it's its itself just keep know knows last least less let let's like little look looks
    lot made make makes making many may maybe me might mine more most much must my myself need
    needs never new next no nobody none nor not nothing now of off oh okay ok old on once one
    ones only or other others our ours out over own part people please put quite rather really
    right said same saw say saying says see seem seems seen she she'd she'll she's should
    shouldn't since so some somebody someone something sometimes soon still such sure take taken
    takes than thank thanks that that's the their theirs them themselves then there there's
    these they they'd they'll they're they've thing things think this those though thought
    through till to today together told tomorrow tonight too took toward tried try trying two
    under unless until up upon us use used using usually very want wanted wants was wasn't way
    we we'd we'll we're we've well went were weren't what what's whatever when where where's
    whether which while who who's whole whom whose why will with within without won't would
    wouldn't yeah yes yesterday yet you you'd you'll you're you've your yours yourself
    yourselves
    """
)
COMMON = words_of(  # in everyday comments
    """
    absolutely actually advice agree ah amazing answer article ask asking awesome awful baby bad
    beautiful best better big bit book boy bring bro brother buy call called care case cat
    change chance check child children city clear clearly close cold comment comments completely
    consider cool correct country couple crazy cute dad day days deal death different dog dude
    early easy eat edit end entire especially exactly excited fact fair fake family fan far fast
    favorite feel feeling feelings felt find fine food forget found free friend friends fun
    funny future game games girl glad god great guess guy guys half hand happen happened happens
    happy hard hate head hear heard heart help high home hope hot hour hours house huge hurt
    idea imagine important interesting internet issue job joke kid kids kind laugh learn leave
    left life line link literally live living long looking lose love loved low luck mad man mean
    means men mind minute moment money month months mom morning mother move movie music name
    news nice night number open opinion parents party pay perfect person pick picture place play
    player players playing point poor post posts pretty probably problem question ran read
    reading ready real reason remember rest room run running sad save scared school season
    second seriously shame share show shows simple sleep slow small song sorry sort sound sounds
    spend stand start started state stay stop story strong stuff stupid super support talk
    talking team tell ten terrible test thinking three time times tired top totally town tree
    true turn understand video wait walk war watch watching water week weird welcome white wife
    win wish woman women wonder wonderful word words work working works world worse worst worth
    write wrong year years young
    """
)
CHATTED = words_of(
    """
    u ur r im ive id dont doesnt didnt cant wont isnt aint ain't youre thats whats hes shes
    theyre lets lol lmao haha idk tbh imo omg wtf smh thx pls plz ty np yep yup nope nah gonna
    wanna gotta kinda sorta dunno lemme gimme y'all yall cuz coz tho thru bruh bruv fam innit vs
    etc
    """
)
SPOKEN = words_of(  # in Scots, Caribbean, African American and Singaporean English
    """
    finna tryna imma ima dis dat dem dey dere bout wit yo nuh yuh weh seh gwan gwaan wah deh mek
    pon inna fi mi di wi irie likkle yard mon nae aye wee ken ye yer yersel och noo tae fae hae
    gie oot aboot dinnae cannae wouldnae didnae isnae wasnae gonnae awa heid braw bricht lum
    reek lang bairn lass lad haud wheesht lah lor leh yous youse owt nowt summat thee thou thy
    hast mandem wagwan peng
    """
)
ENGLISH = SMALL | COMMON | CHATTED | SPOKEN

# Small words of other languages that English boards know, too: names, brands, what was borrowed,
# short forms. Such a word says nothing about the language it stands in.
BORROWED = words_of(
    """
    ac ach ad adios af ag ahora ai ak akin al ali alt amigo ant ar ate au aux ay az ba ban bare
    bat bay ben bent bet beth bi bile bin bio bo bob bod bol bona bone bore bra bu bun bus bys
    c'est ca cad cam car casa cha chi cho chose cia co com con cos cred cum da daca dan dang
    dank das de deja del della den der des devo dice die dig din dine dink dod dom dong door dos
    dove du dum dun e ea een eg eh el ell em en er era est et eu fa face fare favor fe fin folk
    fore fur ga gen gore grand gun gut ha halo ham han hapa hat hay heel held het ho hoe hon hum
    hun ii ik il imam io iso itt iu jam jane je jen jest jim jo joan jon jus kane kanye kat kay
    kim kit ko kung kush la labs las le leo les li lite lo log los ma mag main maine male mane
    manga mans matte med meme mere met mia mika mimi min minh mint mire mis mitt mo multi mums
    na nada nam nap nasa nay ne net ni nina nit nog nola non nu nun nyt o od og oi ole ona ons
    oo op os ot ou ova pa pale par pas pe per pie plus po pod pole pot pots pour pre pro pun
    putin que rad rat raw res s sa saber sam sans se seal sen si sin sis size soc solo son soy
    su sutra ta tack tad tag tan tat te teach ted temps tens tha thay thi thin ti tied tik til
    toe ton tots tu tuna uber um un uno v va vain van ver vet via vice vid vie vim vine von w wa
    wana wat wo y ya yeh yr yung z za zen zum
    """
)
