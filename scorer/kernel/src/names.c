/* Whom a text has named so far: scorer.names, written out function by function. */
#include "mentions.h"

#define MAX_PERSON 3   /* scorer.names.MAX_PERSON */
#define SHOUTED 3      /* scorer.names.SHOUTED */
#define MAX_INITIALS 2 /* scorer.names.MAX_INITIALS */

/* ---- mentions ---- */

PyObject *surface(const Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    if (last - first == 1)
        return Py_NewRef(PyList_GET_ITEM(r->tokens, first));
    PyObject *text = PyUnicode_Substring(r->normal, r->starts[first], r->ends[last - 1]);
    if (text)
        Py_SETREF(text, replaced(text, '\n', " "));
    return text;
}

Py_ssize_t mention_new(Reading *r, Py_ssize_t first, Py_ssize_t last, int kind)
{
    if (r->count == r->room) {
        Mention *more = items_grow(r->mentions, &r->room, 64, sizeof *more);
        if (!more)
            return -1;
        r->mentions = more;
    }
    Mention *made = &r->mentions[r->count];
    memset(made, 0, sizeof *made);
    made->first = first;
    made->last = last;
    made->kind = kind;
    made->sentence = r->sentence_of[first];
    made->quoted = r->quote_of[first];
    made->leads = !r->recent_count || r->mentions[r->recent[r->recent_count - 1]].sentence != made->sentence;
    return r->count++;
}

PyObject *name_of(const Reading *r, Mention *mention)
{
    if (!mention->name)
        mention->name = surface(r, mention->first, mention->last);
    return mention->name;
}

PyObject *lower_name_of(const Reading *r, Mention *mention)
{
    if (!mention->lower && name_of(r, mention))
        mention->lower = lowered(mention->name);
    return mention->lower;
}

Py_ssize_t before_article(const Reading *r, Py_ssize_t at)
{
    return at - (at > 0 && is_token(r, at - 1, "the"));
}

static int is_coordinated(const Reading *r, Py_ssize_t start)
{
    return start >= 2 && is_capital_shape(r->shapes[start - 2]) && is_token(r, start - 1, "and");
}

int push(Reading *r, Py_ssize_t place)
{
    Mention *mention = &r->mentions[place];
    if (r->recent_count && is_coordinated(r, mention->first) &&
        r->mentions[r->recent[r->recent_count - 1]].last == mention->first - 1) {
        Py_ssize_t pair = r->recent[--r->recent_count];
        Py_ssize_t first = r->mentions[pair].first, last = mention->last;
        Py_ssize_t both = mention_new(r, first, last, mention->kind);
        if (both < 0)
            return -1;
        Mention *made = &r->mentions[both], *before = &r->mentions[pair];
        made->plural = 1;
        made->leads = before->leads;
        made->sentence = before->sentence;
        made->quoted = before->quoted;
        place = both;
    }
    r->recent[r->recent_count++] = place;
    if (r->recent_count > MEMORY)
        memmove(r->recent, r->recent + 1, --r->recent_count * sizeof *r->recent);
    return 0;
}

/* ---- names ---- */

/* Whether the words first, ..., last - 1 are an organisation's, a state's or a place's name. */
static int is_body(Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    for (Py_ssize_t i = first; i < last; i++)
        if (LISTED(i, IN(organisation_nouns)))
            return 1;
    if (LISTED(last - 1, IN(places)) || (LISTED(first, IN(organisation_names)) && last - first <= 2))
        return !LISTED(first, IN(male_names) | IN(female_names)) || last - first == 1;
    return 0;
}

/* Whether a name begins with a first name: 1, 0, or -1 on error. */
static int begins_with_first_name(const Reading *r, PyObject *lower)
{
    uint64_t lists = 0;
    Py_ssize_t blank = PyUnicode_FindChar(lower, ' ', 0, PyUnicode_GET_LENGTH(lower), 1);
    PyObject *first = PyUnicode_Substring(lower, 0, blank < 0 ? PyUnicode_GET_LENGTH(lower) : blank);
    int status = first ? lists_of(r->self, first, &lists) : -1;
    Py_XDECREF(first);
    return status < 0 ? -1 : (lists & (IN(male_names) | IN(female_names))) != 0;
}

/* Whether somebody only has the word of this spelling as a first name: 1, 0, or -1 on error. */
static int gives_way(const Reading *r, Mention *bearer, const Spelling *key)
{
    if (bearer->kind != NAMED || !(key->lists & (IN(male_names) | IN(female_names))) || key->lists & IN(family_first))
        return 0;
    PyObject *lower = lower_name_of(r, bearer);
    Py_ssize_t ends = lower ? PyUnicode_Tailmatch(lower, key->lower, 0, PY_SSIZE_T_MAX, 1) : -1;
    return ends < 0 ? -1 : !ends;
}

/* Of people who share a name, that of token `last` - 1, the one it stands for alone: the one named most, else the first
 * with a first name. 0, or -1 with an exception set. */
static int bear(Reading *r, Py_ssize_t last, Py_ssize_t key, Py_ssize_t place)
{
    PyObject *name = name_of(r, &r->mentions[place]);
    Py_ssize_t own = name ? known_of(r, name) : -1;
    if (own < 0)
        return -1;
    int32_t times = ++r->known[own].times;
    Mention *bearer = r->known[key].full == NONE ? NULL : &r->mentions[r->known[key].full];
    int stays = bearer ? gives_way(r, bearer, SPELT(last - 1)) : 1;
    if (stays < 0 || (bearer && !name_of(r, bearer)))
        return -1;
    if (!stays && !same_text(bearer->name, name)) {
        Py_ssize_t other = known_of(r, bearer->name);
        PyObject *lower = lower_name_of(r, bearer);
        int first = other < 0 || !lower ? -1 : begins_with_first_name(r, lower);
        if (first < 0)
            return -1;
        if (r->known[other].times > times || (r->known[other].times == times && first))
            return 0;
    }
    r->known[key].full = (int32_t)place;
    return 0;
}

/* Place of a new mention of a person, whose office the token `office` tells of, or NONE; -1 with an exception set. */
static Py_ssize_t person(Reading *r, Py_ssize_t start, Py_ssize_t last, char gender, Py_ssize_t office)
{
    Py_ssize_t place = mention_new(r, start, last, NAMED), key = place < 0 ? -1 : known_spelt(r, last - 1);
    if (key < 0)
        return -1;
    if (!gender && last - start > 1)
        gender = LISTED(start, IN(female_names)) ? 'f' : LISTED(start, IN(male_names)) ? 'm' : 0;
    r->mentions[place].gender = gender ? gender : r->known[key].gender;
    if (last - start > 1) {
        int is_acronym = SPELT(start)->all_upper && SPELT(start)->length > MAX_INITIALS && /* "MIT Sloan" */
                         !LISTED(start, IN(male_names) | IN(female_names));
        Py_ssize_t first = NONE;
        if (bear(r, last, key, place) < 0 || (!is_acronym && (first = known_spelt(r, start)) < 0))
            return -1;
        if (first != NONE && r->known[first].full == NONE)
            r->known[first].full = (int32_t)place;
    }
    if (office != NONE) {
        Py_ssize_t word = known_spelt(r, office);
        if (word < 0)
            return -1;
        r->known[word].office = (int32_t)place;
    }
    return place;
}

static int note_initials(Reading *r, Py_ssize_t start, Py_ssize_t last, Py_ssize_t place)
{
    Py_UCS4 *letters = PyMem_Malloc((last - start) * sizeof *letters);
    Py_ssize_t count = 0;
    if (!letters) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = start; i < last; i++)
        if (SPELT(i)->starts_upper)
            letters[count++] = PyUnicode_READ_CHAR(PyList_GET_ITEM(r->tokens, i), 0);
    PyObject *initials = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, letters, count);
    PyMem_Free(letters);
    PyObject *lower = initials ? lowered(initials) : NULL;
    Py_ssize_t known = lower ? known_of(r, lower) : -1;
    Py_XDECREF(initials);
    Py_XDECREF(lower);
    if (known >= 0 && r->known[known].acronym == NONE)
        r->known[known].acronym = (int32_t)place;
    return known < 0 ? -1 : 0;
}

/* Whether a name begins with a word that only opens its sentence: "As Congress voted", not "As You Sow". */
static int is_opener(const Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    int begins = !first || r->sentence_of[first - 1] != r->sentence_of[first];
    return begins && last - first > 1 && LISTED(first, IN(openers)) && !SPELT(first)->all_upper &&
           (IS_WORD(first + 1, the) || !LISTED(first + 1, IN(function_words)));
}

static int add_body(Reading *r, Py_ssize_t first, Py_ssize_t start, Py_ssize_t last)
{
    first += is_opener(r, first, last);
    int has_lead = start > first;
    Py_ssize_t place = mention_new(r, has_lead && !IS_WORD(first, the) ? first : start, last, ORGANISATION);
    if (place < 0)
        return -1;
    r->mentions[place].plural = SPELT(last - 1)->ends_in_s || is_coordinated(r, start);
    if (last - start > 1 || has_lead) {
        Py_ssize_t key = known_spelt(r, last - 1);
        if (key < 0 || note_initials(r, start, last, place) < 0)
            return -1;
        if (r->known[key].full == NONE)
            r->known[key].full = (int32_t)place;
    }
    return push(r, place);
}

static int add_person(Reading *r, Py_ssize_t start, Py_ssize_t last, char gender, Py_ssize_t office)
{
    Py_ssize_t place = person(r, start, last, gender, office);
    return place < 0 ? -1 : push(r, place);
}

/* Take note of a name of one word. */
static int add_short_name(Reading *r, Py_ssize_t at, char gender, Py_ssize_t office)
{
    Py_ssize_t key = known_spelt(r, at), known = key < 0 ? NONE : r->known[key].full;
    if (key < 0)
        return -1;
    if (gender)
        r->known[key].gender = gender;
    if (known != NONE && r->mentions[known].kind == NAMED) {
        Py_ssize_t again = mention_new(r, at, at + 1, NAMED);
        if (again < 0 || !lower_name_of(r, &r->mentions[known]))
            return -1;
        Mention *made = &r->mentions[again], *before = &r->mentions[known];
        if (!before->gender)
            before->gender = gender;
        made->name = Py_NewRef(before->name);
        made->lower = Py_NewRef(before->lower);
        made->gender = before->gender;
        return push(r, again);
    }
    int is_title = office != NONE && LISTED(office, IN(titles));
    return (gender || is_title) && !LISTED(at, IN(places)) ? add_person(r, at, at + 1, gender, office) : 0;
}

/* Where the name of who holds an office begins in a name that opens with a body's ("Senate Majority Leader Ann Bly");
 * -1 for no such. */
static Py_ssize_t holder(Reading *r, Py_ssize_t start, Py_ssize_t last)
{
    Py_ssize_t least = last - 1 - MAX_PERSON > start ? last - 1 - MAX_PERSON : start;
    for (Py_ssize_t at = last - 2; at >= least; at--)
        if (LISTED(at, IN(titles) | IN(person_nouns))) {
            Py_ssize_t name = at + 1 + (at + 2 < last && IS_WORD(at + 1, dot));
            return is_body(r, name, last) ? -1 : name;
        }
    return -1;
}

/* Put the word that tells of the office which `at`, beside or in a name from `first` on, speaks of into `office`, -1
 * for none. Words of titles ("of", "former", "state") tell of none by themselves: "millions of Hindus", "the former
 * NBA". */
static int find_office(Reading *r, Py_ssize_t at, Py_ssize_t first, Py_ssize_t *office)
{
    *office = at;
    if (at < 0 || !LISTED(at, IN(title_parts)))
        return 0;
    if ((at >= first && LISTED(at, IN(parties))) || (IS_WORD(at, and) && is_coordinated(r, at + 1)))
        return 0; /* "Republican Bly"; "Carl Mendes and Bly" */
    *office = NONE;
    at = before_article(r, at);
    if (at < 2 || !(is_token(r, at - 1, "of") || is_token(r, at - 1, "for")))
        return 0;
    if (spell(r, at - 2) < 0)
        return -1;
    if (LISTED(at - 2, IN(titles)) && !LISTED(at - 2, IN(title_parts)))
        *office = at - 2; /* "Secretary of State Bly" */
    return 0;
}

static char gender_of_title(const Reading *r, Py_ssize_t at)
{
    return LISTED(at, IN(female_titles)) ? 'f' : LISTED(at, IN(male_titles)) ? 'm' : 0;
}

/* Whether a run of words is a headline in capitals, and no name. */
static int is_shouted(const Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    Py_ssize_t at = first;
    while (at < last && SPELT(at)->all_upper && SPELT(at)->length > 1 && !LISTED(at, IN(male_names) | IN(female_names)))
        at++;
    return at == last && last - first >= SHOUTED;
}

/* Take note of a run of capitalised words: a person, an organisation or a place, or nothing. */
static int add_name(Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    if (spell_all(r, first ? first - 1 : 0, last) < 0)
        return -1;
    Py_ssize_t start = first;
    char gender = 0;
    Py_ssize_t holds = NONE; /* the word that tells of an office */
    for (; start < last && (LISTED(start, IN(leading)) || SPELT(start)->contraction); start++) {
        if (LISTED(start, IN(female_titles) | IN(male_titles)))
            gender = gender_of_title(r, start);
        if (LISTED(start, IN(titles)))
            holds = start;
    }
    if (start == last)
        return 0;
    Py_ssize_t held = holder(r, start, last);
    if (held > start) {
        start = held;
        holds = held - 1 - IS_WORD(held - 1, dot);
        gender = gender_of_title(r, holds);
    }
    if (first > 0 && start == first && r->shapes[first - 1] == LOWER) {
        holds = first - 1;
        gender = gender_of_title(r, holds);
    }
    Py_ssize_t office;
    if (find_office(r, holds, first, &office) < 0)
        return -1;
    Py_ssize_t size = last - start;
    int has_first_name = LISTED(start, IN(male_names) | IN(female_names));
    int is_office = (LISTED(last - 1, IN(titles)) && SPELT(last - 1)->all_upper) ||
                    (size > 1 && LISTED(last - 1, IN(office_nouns)) && !has_first_name);
    if (is_office || is_shouted(r, start, last) || LISTED(last - 1, IN(demonyms) | IN(parties)))
        return 0; /* "the South Carolina Republican", "National Security Adviser" tell of somebody and name nobody */
    int has_article = start == first
                          ? first > 0 && is_token(r, first - 1, "the")
                          : start == first + 1 && IS_WORD(first, the);
    if ((held < 0 && has_article) || is_body(r, start, last))
        return add_body(r, first, start, last);
    if (size == 1 && SPELT(start)->length == 1)
        return 0; /* "Q:" and "A:" of an interview */
    if (size == 1)
        return add_short_name(r, start, gender, office);
    return size <= 5 && !SPELT(last - 1)->has_dot ? add_person(r, start, last, gender, office) : 0;
}

int read_names(Reading *r, Py_ssize_t *next, Py_ssize_t end)
{
    while (*next < end) {
        Py_ssize_t first = *next, last = first + 1;
        while (last < r->n && r->capital[first] && r->capital[last] && r->sentence_of[last] == r->sentence_of[first])
            last++;
        if (r->capital[first] && add_name(r, first, last) < 0)
            return -1;
        *next = last;
    }
    return 0;
}

static VECTOR void mark_shapes(const int32_t *shapes, Py_ssize_t n, uint8_t *capital)
{
    for (Py_ssize_t i = 0; i < n; i++)
        capital[i] = (shapes[i] >= TITLE) & (shapes[i] <= INITIAL);
}

int mark_capitals(Reading *r)
{
    mark_shapes(r->shapes, r->n, r->capital);
    for (Py_ssize_t i = 0; i < r->n; i++)
        if (r->shapes[i] == HYPHENATED)
            r->capital[i] = Py_UNICODE_ISUPPER(PyUnicode_READ_CHAR(PyList_GET_ITEM(r->tokens, i), 0)) != 0;
    for (Py_ssize_t i = 1; i + 1 < r->n; i++)
        if (r->shapes[i] == PUNCTUATION && r->capital[i - 1] && r->capital[i + 1] &&
            is_token(r, i, ".")) {
            if (spell(r, i - 1) < 0)
                return -1;
            r->capital[i] = SPELT(i - 1)->length == 1 || LISTED(i - 1, IN(titles));
        }
    return 0;
}

