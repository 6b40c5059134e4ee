/* What kind of source a mention is, and whom it stands for: scorer.mentions, written out function by function. */
#include "characters.h"
#include <string.h>

#define MEMORY 12      /* scorer.names.MEMORY */
#define FAR 4          /* scorer.mentions.FAR, FAR_UNSURE */
#define FAR_UNSURE 2
#define MAX_PERSON 3     /* scorer.names.MAX_PERSON */
#define SHOUTED 3        /* scorer.names.SHOUTED */
#define MAX_INITIALS 2   /* scorer.names.MAX_INITIALS */
#define MOST_SPELT 100000
#define MAX_LIST_NAMES 64

enum { LOWER = 0, TITLE, UPPER, MIXED, INITIAL, PUNCTUATION = 8, HYPHENATED = 13 }; /* scorer.lexicon.Shape */
enum { NAMED, ORGANISATION, DOCUMENT, ANONYMOUS, VAGUE, KINDS };

/* The word lists, by the names they have in scorer/signals/sources.json. */
#define LISTS(X) \
    X(titles) X(leading) X(female_titles) X(male_titles) X(organisation_nouns) X(organisation_names) X(places) \
    X(male_names) X(female_names) X(relatives) X(first_person) X(singular_pronouns) X(plural_pronouns) \
    X(female_pronouns) X(splits) X(quantifiers) X(vague_nouns) X(person_nouns) X(persons) X(office_nouns) X(family_first) X(document_nouns) X(function_words) \
    X(demonyms) X(parties) X(title_parts) X(openers)

enum {
#define X(name) BIT_##name,
    LISTS(X)
#undef X
    LIST_COUNT
};
#define IN(name) (UINT64_C(1) << BIT_##name)

/* Words the rules name themselves. */
#define WORDS(X) \
    X(the, "the") X(this, "this") X(that, "that") X(and, "and") X(it, "it") X(its, "its") X(itself, "itself") \
    X(who, "who") X(which, "which") X(anonymity, "anonymity") X(unnamed, "unnamed") X(anonymous, "anonymous") X(himself, "himself") \
    X(herself, "herself") X(themselves, "themselves") X(dot, ".") X(comma, ",") X(open, "(") X(of_straight, "'s") \
    X(of_curly, "\xe2\x80\x99s") X(curly, "\xe2\x80\x99") X(straight, "'") X(mark, "\"") X(closing, "\xe2\x80\x9d")

enum {
    NO_WORD,
#define X(name, text) W_##name,
    WORDS(X)
#undef X
    WORD_COUNT
};

typedef struct {
    PyObject *lower;
    uint64_t lists;
    int word;           /* W_... */
    uint8_t all_upper;  /* token.isupper() */
    uint8_t starts_upper, starts_digit, ends_in_s, has_dot, contraction;
    Py_ssize_t length;
} Spelling;

typedef struct {
    PyObject_HEAD
    PyObject *masks;    /* dict: lower-case word -> bits of the lists it is in */
    PyObject *words;    /* dict: a word the rules name -> its number */
    PyObject *places;   /* dict: token -> place in `spellings` */
    Spelling *spellings;
    Py_ssize_t count, room;
    PyObject *kinds[KINDS];
} Describer;

typedef struct {
    Py_ssize_t first, last, sentence;
    PyObject *name;
    int kind, quoted;
    char gender;
    uint8_t plural, is_source, leads;
} Mention;

typedef struct {
    Describer *self;
    PyObject *normal, *tokens;
    const int32_t *shapes, *starts, *ends, *borders;
    Py_ssize_t n, m;
    int32_t *spelt;      /* (n,) place of each token's spelling, -1 where not looked up yet */
    int32_t *sentence_of, *quote_of;
    uint8_t *capital;
    Mention *mentions;
    Py_ssize_t count, room;
    Py_ssize_t recent[MEMORY + 1];
    int recent_count;
    PyObject *full, *acronyms, *offices, *genders; /* dicts: word -> place of a mention; -> 'm' or 'f' */
    PyObject *named;                               /* dict: full name -> how often it was met */
} Reading;

typedef struct {
    int kind;
    PyObject *resolved, *key; /* owned; resolved may be NULL */
} Described;

/* ---- spellings ---- */

static void spellings_clear(Describer *self)
{
    for (Py_ssize_t i = 0; i < self->count; i++)
        Py_DECREF(self->spellings[i].lower);
    self->count = 0;
    if (self->places)
        PyDict_Clear(self->places);
}

static PyObject *lowered(PyObject *text) { return PyObject_CallMethod(text, "lower", NULL); }

/* Whether a lower-case word is a pronoun that goes on behind an apostrophe ("he'd"): 1, 0, or -1 on error. */
static int is_contraction(Describer *self, PyObject *lower)
{
    Characters characters = characters_of(lower);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(lower); i++) {
        if (at(characters, i) != '\'' && at(characters, i) != 0x2019)
            continue;
        PyObject *head = PyUnicode_Substring(lower, 0, i);
        PyObject *mask = head ? PyDict_GetItemWithError(self->masks, head) : NULL;
        Py_XDECREF(head);
        if (!mask)
            return PyErr_Occurred() ? -1 : 0;
        uint64_t pronouns = IN(first_person) | IN(singular_pronouns) | IN(plural_pronouns);
        return (PyLong_AsUnsignedLongLongMask(mask) & pronouns) != 0;
    }
    return 0;
}

static int spelling_add(Describer *self, PyObject *token)
{
    if (self->count == self->room) {
        Spelling *more = items_grow(self->spellings, &self->room, 1024, sizeof *more);
        if (!more)
            return -1;
        self->spellings = more;
    }
    Spelling made = {0};
    PyObject *upper = PyObject_CallMethod(token, "isupper", NULL);
    made.lower = upper ? lowered(token) : NULL;
    Py_XDECREF(upper);
    if (!made.lower)
        return -1;
    made.all_upper = upper == Py_True;
    int contraction = is_contraction(self, made.lower);
    made.contraction = contraction > 0;
    PyObject *mask = PyDict_GetItemWithError(self->masks, made.lower);
    PyObject *word = PyDict_GetItemWithError(self->words, made.lower);
    PyObject *place = PyErr_Occurred() ? NULL : PyLong_FromSsize_t(self->count);
    if (!place || PyDict_SetItem(self->places, token, place) < 0) {
        Py_XDECREF(place);
        Py_DECREF(made.lower);
        return -1;
    }
    Py_DECREF(place);
    made.lists = mask ? PyLong_AsUnsignedLongLongMask(mask) : 0;
    made.word = word ? (int)PyLong_AsLong(word) : NO_WORD;
    Characters characters = characters_of(token), lower = characters_of(made.lower);
    made.length = PyUnicode_GET_LENGTH(token);
    made.starts_upper = Py_UNICODE_ISUPPER(at(characters, 0)) != 0;
    made.starts_digit = Py_UNICODE_ISDIGIT(at(lower, 0)) != 0;
    made.ends_in_s = at(lower, PyUnicode_GET_LENGTH(made.lower) - 1) == 's';
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(made.lower); i++)
        made.has_dot |= at(lower, i) == '.';
    self->spellings[self->count++] = made;
    return 0;
}

/* The token's spelling; NULL with an exception set. */
static const Spelling *spell(Reading *r, Py_ssize_t i)
{
    if (r->spelt[i] < 0) {
        PyObject *token = PyList_GET_ITEM(r->tokens, i);
        PyObject *place = PyDict_GetItemWithError(r->self->places, token);
        if (!place && PyErr_Occurred())
            return NULL;
        if (place)
            r->spelt[i] = (int32_t)PyLong_AsLong(place);
        else if (spelling_add(r->self, token) < 0)
            return NULL;
        else
            r->spelt[i] = (int32_t)(r->self->count - 1);
    }
    return &r->self->spellings[r->spelt[i]];
}

/* Make sure that tokens first, ..., last - 1 are spelt, so that WORD cannot fail; pointers into the table may move. */
static int spell_all(Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    for (Py_ssize_t i = first; i < last; i++)
        if (!spell(r, i))
            return -1;
    return 0;
}

#define SPELT(i) (&r->self->spellings[r->spelt[i]])
#define LISTED(i, bits) ((SPELT(i)->lists & (bits)) != 0)
#define IS_WORD(i, name) (SPELT(i)->word == W_##name)

/* ---- small helpers ---- */

static int is_capital_shape(int32_t shape) { return shape >= TITLE && shape <= INITIAL; }

static PyObject *surface(const Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    PyObject *text = PyUnicode_Substring(r->normal, r->starts[first], r->ends[last - 1]);
    if (text && PyUnicode_FindChar(text, '\n', 0, PyUnicode_GET_LENGTH(text), 1) >= 0) {
        PyObject *line = PyObject_CallMethod(text, "replace", "ss", "\n", " ");
        Py_SETREF(text, line);
    }
    return text;
}

/* Place of a new mention, or -1. */
static Py_ssize_t mention_new(Reading *r, Py_ssize_t first, Py_ssize_t last, int kind)
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
    if (!(made->name = surface(r, first, last)))
        return -1;
    return r->count++;
}

static int is_token(const Reading *r, Py_ssize_t at, const char *word)
{
    return PyUnicode_CompareWithASCIIString(PyList_GET_ITEM(r->tokens, at), word) == 0;
}

/* Where a name from token `at` on begins, its "the" included. */
static Py_ssize_t before_article(const Reading *r, Py_ssize_t at)
{
    return at - (at > 0 && is_token(r, at - 1, "the"));
}

static int is_coordinated(const Reading *r, Py_ssize_t start)
{
    return start >= 2 && is_capital_shape(r->shapes[start - 2]) && is_token(r, start - 1, "and");
}

static int push(Reading *r, Py_ssize_t place)
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

/* The place a dict has for a word: -1 for none, -2 with an exception set. */
static Py_ssize_t look_up(PyObject *dict, PyObject *word)
{
    PyObject *found = PyDict_GetItemWithError(dict, word);
    if (found)
        return PyLong_AsSsize_t(found);
    return PyErr_Occurred() ? -2 : -1;
}

static int note(PyObject *dict, PyObject *word, Py_ssize_t place, int replace)
{
    PyObject *number = PyLong_FromSsize_t(place);
    int status = -1;
    if (number && replace)
        status = PyDict_SetItem(dict, word, number);
    else if (number)
        status = PyDict_SetDefault(dict, word, number) ? 0 : -1;
    Py_XDECREF(number);
    return status;
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

/* How often a name was met so far, 0 for never; -1 on error. */
static Py_ssize_t times_named(Reading *r, PyObject *name)
{
    Py_ssize_t times = look_up(r->named, name);
    return times == -1 ? 0 : times < -1 ? -1 : times;
}

/* Whether a name begins with a first name: 1, 0, or -1 on error. */
static int begins_with_first_name(Reading *r, PyObject *name)
{
    Py_ssize_t blank = PyUnicode_FindChar(name, ' ', 0, PyUnicode_GET_LENGTH(name), 1);
    PyObject *first = PyUnicode_Substring(name, 0, blank < 0 ? PyUnicode_GET_LENGTH(name) : blank);
    PyObject *lower = first ? lowered(first) : NULL;
    PyObject *mask = lower ? PyDict_GetItemWithError(r->self->masks, lower) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(lower);
    if (!mask)
        return PyErr_Occurred() ? -1 : 0;
    return (PyLong_AsUnsignedLongLongMask(mask) & (IN(male_names) | IN(female_names))) != 0;
}

/* Whether somebody only has this as a first name: 1, 0, or -1 on error. */
static int gives_way(Reading *r, const Mention *bearer, PyObject *key)
{
    PyObject *mask = PyDict_GetItemWithError(r->self->masks, key);
    if (!mask)
        return PyErr_Occurred() ? -1 : 0;
    uint64_t lists = PyLong_AsUnsignedLongLongMask(mask);
    if (bearer->kind != NAMED || !(lists & (IN(male_names) | IN(female_names))) || lists & IN(family_first))
        return 0;
    PyObject *lower = lowered(bearer->name);
    Py_ssize_t ends = lower ? PyUnicode_Tailmatch(lower, key, 0, PY_SSIZE_T_MAX, 1) : -1;
    Py_XDECREF(lower);
    return ends < 0 ? -1 : !ends;
}

/* Of people who share a name the one it stands for alone: the one named most, else the first with a first name. */
static int bear(Reading *r, PyObject *key, Py_ssize_t place)
{
    PyObject *name = r->mentions[place].name;
    Py_ssize_t times = times_named(r, name);
    if (times < 0 || note(r->named, name, times + 1, 1) < 0)
        return -1;
    Py_ssize_t bearer = look_up(r->full, key);
    if (bearer < -1)
        return -1;
    int yields = bearer >= 0 ? gives_way(r, &r->mentions[bearer], key) : 0;
    if (yields < 0)
        return -1;
    if (bearer >= 0 && !yields && PyUnicode_Compare(r->mentions[bearer].name, name) != 0) {
        Py_ssize_t before = times_named(r, r->mentions[bearer].name);
        int first = before == times + 1 ? begins_with_first_name(r, r->mentions[bearer].name) : 0;
        if (before < 0 || first < 0)
            return -1;
        if (before > times + 1 || first)
            return 0;
    }
    return note(r->full, key, place, 1);
}

static Py_ssize_t person(Reading *r, Py_ssize_t start, Py_ssize_t last, char gender, PyObject *office)
{
    Py_ssize_t place = mention_new(r, start, last, NAMED);
    if (place < 0)
        return -1;
    if (!gender && last - start > 1)
        gender = LISTED(start, IN(female_names)) ? 'f' : LISTED(start, IN(male_names)) ? 'm' : 0;
    PyObject *key = SPELT(last - 1)->lower;
    if (!gender) {
        Py_ssize_t known = look_up(r->genders, key);
        if (known < -1)
            return -1;
        gender = known > 0 ? (char)known : 0;
    }
    r->mentions[place].gender = gender;
    int is_acronym = SPELT(start)->all_upper && SPELT(start)->length > MAX_INITIALS && /* "MIT Sloan" */
                     !LISTED(start, IN(male_names) | IN(female_names));
    if (last - start > 1 &&
        (bear(r, key, place) < 0 || (!is_acronym && note(r->full, SPELT(start)->lower, place, 0) < 0)))
        return -1;
    if (office) {
        PyObject *lower = lowered(office);
        int status = lower ? note(r->offices, lower, place, 1) : -1;
        Py_XDECREF(lower);
        if (status < 0)
            return -1;
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
    int status = lower ? note(r->acronyms, lower, place, 0) : -1;
    Py_XDECREF(initials);
    Py_XDECREF(lower);
    return status;
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
    if (last - start > 1 || has_lead)
        if (note_initials(r, start, last, place) < 0 || note(r->full, SPELT(last - 1)->lower, place, 0) < 0)
            return -1;
    return push(r, place);
}

static int add_short_name(Reading *r, Py_ssize_t start, Py_ssize_t last, char gender, PyObject *office, int is_title)
{
    PyObject *key = SPELT(last - 1)->lower;
    Py_ssize_t known = look_up(r->full, key);
    if (known < -1 || (gender && note(r->genders, key, gender, 1) < 0))
        return -1;
    if (known >= 0 && r->mentions[known].kind == NAMED) {
        if (!r->mentions[known].gender)
            r->mentions[known].gender = gender;
        Py_ssize_t again = mention_new(r, start, last, NAMED);
        if (again < 0)
            return -1;
        Py_XSETREF(r->mentions[again].name, Py_NewRef(r->mentions[known].name));
        r->mentions[again].gender = r->mentions[known].gender;
        return push(r, again);
    }
    if ((gender || is_title) && !LISTED(last - 1, IN(places))) {
        Py_ssize_t place = person(r, start, last, gender, office);
        return place < 0 ? -1 : push(r, place);
    }
    return 0;
}

/* Where the name of who holds an office begins in a name that opens with a body's ("Senate Majority Leader Ann Bly"); -1
 * for no such. */
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

/* Put the word that tells of the office which `at`, beside or in a name from `first` on, speaks of into `office`, -1 for
 * none. Words of titles ("of", "former", "state") tell of none by themselves: "millions of Hindus", "the former NBA". */
static int find_office(Reading *r, Py_ssize_t at, Py_ssize_t first, Py_ssize_t *office)
{
    *office = at;
    if (at < 0 || !LISTED(at, IN(title_parts)))
        return 0;
    if ((at >= first && LISTED(at, IN(parties))) || (IS_WORD(at, and) && is_coordinated(r, at + 1)))
        return 0; /* "Republican Bly"; "Carl Mendes and Bly" */
    *office = -1;
    at = before_article(r, at);
    if (at < 2 || !(is_token(r, at - 1, "of") || is_token(r, at - 1, "for")))
        return 0;
    if (!spell(r, at - 2))
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
    Py_ssize_t holds = -1; /* the word that tells of an office */
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
    if (find_office(r, holds, first, &holds) < 0)
        return -1;
    PyObject *office = holds < 0 ? NULL : SPELT(holds)->lower;
    int is_title = holds >= 0 && LISTED(holds, IN(titles));
    Py_ssize_t size = last - start;
    int is_office = (LISTED(last - 1, IN(titles)) && SPELT(last - 1)->all_upper) ||
                    (size > 1 && LISTED(last - 1, IN(office_nouns)) && !LISTED(start, IN(male_names) | IN(female_names)));
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
        return add_short_name(r, start, last, gender, office, is_title);
    if (size <= 5 && !SPELT(last - 1)->has_dot) {
        Py_ssize_t place = person(r, start, last, gender, office);
        return place < 0 ? -1 : push(r, place);
    }
    return 0;
}

/* Mark capitalised tokens, a period after an initial or a title included. */
static int mark_capitals(Reading *r)
{
    for (Py_ssize_t i = 0; i < r->n; i++) {
        r->capital[i] = (uint8_t)is_capital_shape(r->shapes[i]);
        if (r->shapes[i] == HYPHENATED)
            r->capital[i] = Py_UNICODE_ISUPPER(PyUnicode_READ_CHAR(PyList_GET_ITEM(r->tokens, i), 0)) != 0;
    }
    for (Py_ssize_t i = 1; i + 1 < r->n; i++)
        if (r->shapes[i] == PUNCTUATION && r->capital[i - 1] && r->capital[i + 1] &&
            PyUnicode_CompareWithASCIIString(PyList_GET_ITEM(r->tokens, i), ".") == 0) {
            if (!spell(r, i - 1))
                return -1;
            r->capital[i] = SPELT(i - 1)->length == 1 || LISTED(i - 1, IN(titles));
        }
    return 0;
}

/* ---- sources ---- */

static void describe_as(Described *d, int kind, PyObject *resolved, PyObject *key)
{
    d->kind = kind;
    d->resolved = resolved ? Py_NewRef(resolved) : NULL;
    d->key = key; /* a new reference, or NULL with an exception set */
}

static int same_text(PyObject *one, PyObject *other) { return PyUnicode_Compare(one, other) == 0; }

/* Whether a mention so many sentences back may be what a pronoun stands for; `wanted` is the pronoun's gender or number. */
typedef int (*Fits)(const Mention *, char wanted, Py_ssize_t far);

static Py_ssize_t best_antecedent(Reading *r, Py_ssize_t at_token, Fits fits, char wanted)
{
    Py_ssize_t best = -1;
    double most = -8.0;
    for (int i = 0; i < r->recent_count; i++) {
        const Mention *m = &r->mentions[r->recent[i]];
        Py_ssize_t far = r->sentence_of[at_token] - m->sentence;
        if (m->last > at_token || !fits(m, wanted, far) || (m->quoted >= 0 && m->quoted != r->quote_of[at_token]))
            continue;
        double score = (double)-far + 1.5 * m->is_source + 0.8 * m->leads;
        if (score >= most) {
            best = r->recent[i];
            most = score;
        }
    }
    return best;
}

static int just_spoke(const Mention *m, Py_ssize_t far) { return m->is_source && far <= 1; }

static int fits_person(const Mention *m, char gender, Py_ssize_t far)
{
    if (m->kind != NAMED || m->plural || (m->gender && m->gender != gender))
        return 0;
    if (m->gender)
        return far <= FAR;
    return far <= FAR_UNSURE && (m->is_source || m->last - m->first == 1);
}

static int fits_somebody(const Mention *m, char gender, Py_ssize_t far)
{
    return m->kind == ANONYMOUS && !m->plural && (!m->gender || m->gender == gender) && just_spoke(m, far);
}

static int fits_body(const Mention *m, char single, Py_ssize_t far)
{
    int fits = single ? (m->kind == ORGANISATION || m->kind == DOCUMENT) && !m->plural
                      : m->kind == ORGANISATION || (m->plural && m->kind != DOCUMENT);
    return fits && (just_spoke(m, far) || (m->plural && m->leads && !far));
}

/* "US" is a country. */
static int is_first_person(const Reading *r, Py_ssize_t i)
{
    return LISTED(i, IN(first_person)) && !(SPELT(i)->all_upper && SPELT(i)->length > 1);
}

/* Whether a body's name only tells where somebody or something belongs: "a spokesman for the Labour Party". */
static int belongs(const Reading *r, Py_ssize_t first)
{
    static const char *const belonging[] = {"of", "at", "from", "for", "in", "with", "and"};
    while (first > 0 && (is_capital_shape(r->shapes[first - 1]) || is_token(r, first - 1, "the") ||
                         is_token(r, first - 1, "a") || is_token(r, first - 1, "an")))
        first--;
    int found = 0;
    for (size_t i = 0; first > 0 && i < sizeof belonging / sizeof *belonging; i++)
        found |= is_token(r, first - 1, belonging[i]);
    return found;
}

/* Whose name, one that tells a person, stands right before a body's ("Ann Bly of the Labour Party"); NULL for nobody. */
static const Mention *member_of(const Reading *r, const Mention *body)
{
    Py_ssize_t end = before_article(r, body->first);
    if (end < 2 || !is_token(r, end - 1, "of"))
        return NULL;
    for (int i = 0; i < r->recent_count; i++) {
        const Mention *m = &r->mentions[r->recent[i]];
        if (m->kind == NAMED && m->gender && m->last == end - 1)
            /* "the death of Ann Bly of the Labour Party": who speaks is somebody else */
            return m->first && is_token(r, m->first - 1, "of") ? NULL : m;
    }
    return NULL;
}

/* Whether a name is only the end of a body's: "Office for | Civil Rights". */
static int is_cut(const Reading *r, Py_ssize_t first)
{
    return first > 1 && (is_token(r, first - 1, "for") || is_token(r, first - 1, "of")) &&
           is_capital_shape(r->shapes[first - 2]);
}

static int describe_relative(Reading *r, Py_ssize_t token, Described *d)
{
    Py_ssize_t before = token - 1;
    while (before > 0 && r->shapes[before] == PUNCTUATION)
        before--;
    Py_ssize_t noun = before > 0 ? before : 0;
    if (!spell(r, noun) || !spell(r, token))
        return -1;
    for (int i = r->recent_count - 1; i >= 0; i--) {
        const Mention *m = &r->mentions[r->recent[i]];
        if (m->last == before + 1 || m->last == token) {
            if (m->kind == ORGANISATION && IS_WORD(token, who) && belongs(r, m->first)) {
                m = member_of(r, m);
                if (!m) { /* "a spokesman for the Labour Party, who" */
                    describe_as(d, ANONYMOUS, NULL, PyUnicode_FromFormat("who %U", SPELT(noun)->lower));
                    return 1;
                }
            } else if (m->kind == NAMED && IS_WORD(token, which)) { /* no person: "Wells Fargo, which" */
                r->mentions[r->recent[i]].kind = ORGANISATION;
                if (is_cut(r, m->first)) { /* "the Office for Civil Rights, which" */
                    describe_as(d, ORGANISATION, NULL, PyUnicode_FromFormat("which %U", SPELT(noun)->lower));
                    return 1;
                }
            }
            describe_as(d, m->kind, m->name, lowered(m->name));
            return 1;
        }
    }
    int kind = LISTED(noun, IN(vague_nouns))          ? VAGUE
               : LISTED(noun, IN(document_nouns))     ? DOCUMENT
               : LISTED(noun, IN(organisation_nouns)) ? ORGANISATION
               : LISTED(noun, IN(persons))            ? ANONYMOUS
               : IS_WORD(token, who)                  ? ANONYMOUS
                                                      : VAGUE;
    describe_as(d, kind, NULL, PyUnicode_FromFormat("%U %U", SPELT(token)->lower, SPELT(noun)->lower));
    return 1;
}

/* 1 where the word is a pronoun, described; 0 where it is none; -1 on error. */
static int describe_pronoun(Reading *r, Py_ssize_t token, Described *d)
{
    Py_ssize_t best;
    if (LISTED(token, IN(relatives)))
        return describe_relative(r, token, d);
    if (is_first_person(r, token)) {
        describe_as(d, NAMED, NULL, PyUnicode_FromString("first person"));
        return 1;
    }
    if (LISTED(token, IN(singular_pronouns))) {
        char gender = LISTED(token, IN(female_pronouns)) ? 'f' : 'm';
        best = best_antecedent(r, token, fits_person, gender);
        if (best < 0)
            best = best_antecedent(r, token, fits_somebody, gender);
        if (best >= 0 && !r->mentions[best].gender)
            r->mentions[best].gender = gender;
        if (best < 0)
            describe_as(d, ANONYMOUS, NULL, Py_NewRef(SPELT(token)->lower));
    } else if (LISTED(token, IN(plural_pronouns))) {
        int single = IS_WORD(token, it) || IS_WORD(token, its) || IS_WORD(token, itself);
        best = best_antecedent(r, token, fits_body, (char)single);
        if (best < 0)
            describe_as(d, VAGUE, NULL, Py_NewRef(SPELT(token)->lower));
    } else {
        return 0;
    }
    if (best >= 0)
        describe_as(d, r->mentions[best].kind, r->mentions[best].name, lowered(r->mentions[best].name));
    return 1;
}

static PyObject *without_the(PyObject *lower)
{
    if (!lower)
        return NULL;
    PyObject *found = PyObject_CallMethod(lower, "removeprefix", "s", "the ");
    Py_DECREF(lower);
    return found;
}

/* Describe a source whose head is capitalised: words first + begin, ..., first + end - 1 of it. */
static int describe_capitalised(Reading *r, Py_ssize_t first, Py_ssize_t begin, Py_ssize_t end, PyObject *text,
                                Described *d)
{
    Py_ssize_t head = first + end - 1, inside = -1, known;
    for (int i = r->recent_count - 1; i >= 0 && inside < 0; i--) {
        const Mention *m = &r->mentions[r->recent[i]];
        if (first + begin <= m->first && m->last == first + end)
            inside = r->recent[i];
    }
    if (inside >= 0 && r->mentions[inside].kind == NAMED) {
        for (int i = 0; i < r->recent_count; i++) {
            const Mention *m = &r->mentions[r->recent[i]];
            if (m->kind == NAMED && m->last > first + begin && m->last < r->mentions[inside].first &&
                is_token(r, m->last, "and")) { /* "Ann Bly and Sen. Carl Mendes" */
                describe_as(d, NAMED, NULL, lowered(text));
                return 0;
            }
        }
        PyObject *name = r->mentions[inside].name;
        describe_as(d, NAMED, same_text(name, text) ? NULL : name, lowered(name));
        return 0;
    }
    if (SPELT(head)->all_upper && SPELT(head)->length > 1) {
        PyObject *bare = PyObject_CallMethod(SPELT(head)->lower, "replace", "ss", ".", "");
        known = bare ? look_up(r->acronyms, bare) : -2;
        Py_XDECREF(bare);
        if (known < -1)
            return -1;
        PyObject *name = known >= 0 ? r->mentions[known].name : NULL;
        /* an empty name (of a mention of nothing) stands for none, as in Python */
        PyObject *shown = name && PyUnicode_GET_LENGTH(name) ? name : PyList_GET_ITEM(r->tokens, head);
        describe_as(d, ORGANISATION, name && !same_text(name, text) ? name : NULL, lowered(shown));
        return 0;
    }
    if (LISTED(head, IN(vague_nouns))) {
        describe_as(d, VAGUE, NULL, lowered(text));
        return 0;
    }
    /* the name without function words, or its head alone: is it a body's? */
    Py_ssize_t names = 0, first_name = head, last_name = head;
    int organisation = 0;
    for (Py_ssize_t i = first + begin; i < first + end; i++)
        if (!LISTED(i, IN(function_words))) {
            first_name = names++ ? first_name : i;
            last_name = i;
            organisation |= LISTED(i, IN(organisation_nouns));
        }
    if (!names) {
        names = 1;
        organisation = LISTED(head, IN(organisation_nouns));
    }
    int body = organisation;
    if (!body && (LISTED(last_name, IN(places)) || (LISTED(first_name, IN(organisation_names)) && names <= 2)))
        body = !LISTED(first_name, IN(male_names) | IN(female_names)) || names == 1;
    known = look_up(r->full, SPELT(head)->lower);
    if (known < -1)
        return -1;
    if (inside >= 0 || IS_WORD(first + begin, the) || body || LISTED(head, IN(places) | IN(organisation_names))) {
        PyObject *name = known >= 0 && r->mentions[known].kind == ORGANISATION ? r->mentions[known].name : text;
        PyObject *longer = PyUnicode_GET_LENGTH(name) > PyUnicode_GET_LENGTH(text) ? name : NULL;
        describe_as(d, ORGANISATION, longer, without_the(lowered(longer ? longer : text)));
        return 0;
    }
    if (LISTED(head, IN(persons) | IN(document_nouns))) {
        describe_as(d, LISTED(head, IN(persons)) ? ANONYMOUS : DOCUMENT, NULL, lowered(text));
        return 0;
    }
    if (known >= 0 && r->mentions[known].last <= first) {
        PyObject *name = r->mentions[known].name;
        int longer = !same_text(name, text) && PyUnicode_GET_LENGTH(name) > SPELT(head)->length;
        describe_as(d, r->mentions[known].kind, longer ? name : NULL, lowered(name));
        return 0;
    }
    int vague = SPELT(head)->ends_in_s && LISTED(first, IN(quantifiers));
    describe_as(d, vague ? VAGUE : NAMED, NULL, lowered(text));
    return 0;
}

/* An organisation already named whose name holds the word ("the agency" after "Space Agency"): -1 none, -2 error. */
static Py_ssize_t body_of_kind(Reading *r, Py_ssize_t head)
{
    if (!LISTED(head, IN(organisation_nouns)))
        return -1;
    PyObject *word = SPELT(head)->lower;
    Py_ssize_t known = look_up(r->full, word);
    if (known < -1 || (known >= 0 && r->mentions[known].kind == ORGANISATION))
        return known;
    for (int i = r->recent_count - 1; i >= 0; i--) {
        const Mention *m = &r->mentions[r->recent[i]];
        if (m->kind != ORGANISATION)
            continue;
        PyObject *lower = lowered(m->name), *parts = lower ? PyUnicode_Split(lower, NULL, -1) : NULL;
        int holds = parts ? PySequence_Contains(parts, word) : -1;
        Py_XDECREF(lower);
        Py_XDECREF(parts);
        if (holds < 0)
            return -2;
        if (holds)
            return r->recent[i];
    }
    return -1;
}

static int is_closing_word(const Reading *r, Py_ssize_t i)
{
    int word = SPELT(i)->word;
    return word == W_of_straight || word == W_of_curly || word == W_curly || word == W_straight || word == W_mark ||
           word == W_closing || word == W_himself || word == W_herself || word == W_themselves;
}

static int describe_noun(Reading *r, Py_ssize_t first, Py_ssize_t last, Py_ssize_t begin, Py_ssize_t end,
                         PyObject *text, Described *d)
{
    Py_ssize_t head = first + end - 1, size = last - first;
    if (LISTED(head, IN(vague_nouns)) || SPELT(first + begin)->starts_digit) {
        describe_as(d, VAGUE, NULL, lowered(text));
        return 0;
    }
    int points = IS_WORD(first, the) || IS_WORD(first, this) || IS_WORD(first, that);
    if (points && end == size) {
        Py_ssize_t known = look_up(r->offices, SPELT(head)->lower);
        if (known == -1)
            known = body_of_kind(r, head);
        if (known < -1)
            return -1;
        if (known >= 0) {
            const Mention *m = &r->mentions[known];
            describe_as(d, m->kind, m->name, lowered(m->name));
            return 0;
        }
    }
    if (LISTED(head, IN(document_nouns) | IN(organisation_nouns))) {
        describe_as(d, LISTED(head, IN(document_nouns)) ? DOCUMENT : ORGANISATION, NULL, lowered(text));
        return 0;
    }
    for (int i = 0; i < r->recent_count; i++) { /* "a spokesman, John Roe": the first name inside counts */
        const Mention *m = &r->mentions[r->recent[i]];
        if (m->kind != NAMED || m->first < first + end || m->first >= last)
            continue;
        int apart = 0;
        for (Py_ssize_t k = end; !apart && k < m->first - first; k++)
            apart = IS_WORD(first + k, comma);
        if (apart) {
            describe_as(d, NAMED, same_text(m->name, text) ? NULL : m->name, lowered(m->name));
            return 0;
        }
        break;
    }
    int person_like = LISTED(head, IN(persons)) || !SPELT(head)->ends_in_s;
    describe_as(d, person_like ? ANONYMOUS : VAGUE, NULL, lowered(text));
    return 0;
}

static int describe_source(Reading *r, Py_ssize_t first, Py_ssize_t last, Described *d)
{
    Py_ssize_t size = last - first, begin = 0, end;
    if (spell_all(r, first, last) < 0)
        return -1;
    if (size == 1) {
        int pronoun = describe_pronoun(r, first, d);
        if (pronoun)
            return pronoun < 0 ? -1 : 0;
    }
    PyObject *text = surface(r, first, last);
    if (!text)
        return -1;
    int status = 0, hidden = 0;
    if (size > 1 && (IS_WORD(first, who) || IS_WORD(first, which))) { /* "which uses": cut within a clause */
        status = describe_relative(r, first, d) < 0 ? -1 : 0;
        goto done;
    }
    for (Py_ssize_t i = first; i < last; i++)
        hidden |= IS_WORD(i, anonymity) || IS_WORD(i, unnamed) || IS_WORD(i, anonymous);
    if (hidden) {
        describe_as(d, ANONYMOUS, NULL, lowered(text));
        goto done;
    }
    for (Py_ssize_t i = 1; i < size - 1; i++)
        if (IS_WORD(first + i, of_straight) || IS_WORD(first + i, of_curly))
            begin = i + 1;
    if (IS_WORD(first + begin, open) || IS_WORD(first + begin, comma))
        begin = 0;
    for (end = begin + 1; end < size && !LISTED(first + end, IN(splits));)
        end++;
    while (end - begin > 1 && is_closing_word(r, first + end - 1))
        end--;
    Py_ssize_t head = first + end - 1;
    if (LISTED(first, IN(quantifiers)))
        describe_as(d, VAGUE, NULL, lowered(text));
    else if ((is_capital_shape(r->shapes[head]) || SPELT(head)->starts_upper) &&
             (end > 1 || !LISTED(head, IN(vague_nouns) | IN(persons) | IN(document_nouns))))
        status = describe_capitalised(r, first, begin, end, text, d);
    else
        status = describe_noun(r, first, last, begin, end, text, d);
done:
    Py_DECREF(text);
    return status;
}

static int remember_source(Reading *r, Py_ssize_t first, Py_ssize_t last, const Described *d)
{
    Mention *speaker = NULL;
    for (int i = 0; i < r->recent_count; i++) { /* who is described speaks, else who is named first */
        Mention *m = &r->mentions[r->recent[i]];
        if (m->first < first || m->first >= last)
            continue;
        PyObject *name = lowered(m->name);
        if (!name)
            return -1;
        int is_described = same_text(name, d->key);
        Py_DECREF(name);
        if (is_described || !speaker)
            speaker = m;
        if (is_described)
            break;
    }
    if (speaker) {
        speaker->is_source = 1;
        return 0;
    }
    if (d->kind == VAGUE || LISTED(first, IN(relatives)) || is_first_person(r, first) || SPELT(first)->contraction ||
        (last - first == 1 && SPELT(first)->length == 1)) /* "Q:" and "A:" of an interview */
        return 0;
    int resolved = d->resolved && PyUnicode_GET_LENGTH(d->resolved);
    if (!resolved && LISTED(first, IN(singular_pronouns) | IN(plural_pronouns)))
        return 0;
    Py_ssize_t place = mention_new(r, first, last, d->kind);
    if (place < 0)
        return -1;
    Mention *m = &r->mentions[place];
    if (resolved)
        Py_SETREF(m->name, Py_NewRef(d->resolved));
    int single = LISTED(first, IN(singular_pronouns));
    if (single)
        m->gender = LISTED(first, IN(female_pronouns)) ? 'f' : 'm';
    m->plural = SPELT(last - 1)->ends_in_s && !single;
    m->is_source = 1;
    return push(r, place);
}

/* ---- one text ---- */

static int is_run_start(const Reading *r, Py_ssize_t i)
{
    return i == 0 || !r->capital[i - 1] || r->sentence_of[i] != r->sentence_of[i - 1];
}

static PyObject *describe_all(Reading *r, PyObject *sources)
{
    PyObject *found = PyList_New(PyList_GET_SIZE(sources));
    if (!found || mark_capitals(r) < 0)
        goto failed;
    Py_ssize_t next = 0;
    for (Py_ssize_t s = 0; s < PyList_GET_SIZE(sources); s++) {
        Py_ssize_t first, last;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(sources, s), "nn", &first, &last))
            goto failed;
        if (first < 0 || last <= first || last > r->n) {
            PyErr_SetString(PyExc_ValueError, "a source lies outside the text");
            goto failed;
        }
        while (next < last) { /* every name that begins before this source ends */
            if (!r->capital[next]) {
                next++;
                continue;
            }
            Py_ssize_t end = next + 1;
            while (end < r->n && r->capital[end] && !is_run_start(r, end))
                end++;
            if (add_name(r, next, end) < 0)
                goto failed;
            next = end;
        }
        Described d = {0};
        PyObject *described = NULL;
        if (describe_source(r, first, last, &d) == 0 && d.key && remember_source(r, first, last, &d) == 0)
            described = PyTuple_Pack(3, r->self->kinds[d.kind], d.resolved ? d.resolved : Py_None, d.key);
        Py_XDECREF(d.resolved);
        Py_XDECREF(d.key);
        if (!described)
            goto failed;
        PyList_SET_ITEM(found, s, described);
    }
    return found;
failed:
    Py_XDECREF(found);
    return NULL;
}

static int read_quotations(Reading *r, PyObject *quotations)
{
    for (Py_ssize_t i = 0; i < r->n; i++)
        r->quote_of[i] = -1;
    for (Py_ssize_t q = 0; q < PyList_GET_SIZE(quotations); q++) {
        Py_ssize_t first, last;
        PyObject *closed;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(quotations, q), "nnO", &first, &last, &closed))
            return -1;
        if (first < 0 || last > r->n) {
            PyErr_SetString(PyExc_ValueError, "a quotation lies outside the text");
            return -1;
        }
        for (Py_ssize_t i = first; i < last; i++)
            r->quote_of[i] = (int32_t)q;
    }
    return 0;
}

static int sound(const Reading *r)
{
    int good = r->m > 0 && r->borders[0] == 0 && r->borders[r->m] == r->n && PyList_GET_SIZE(r->tokens) == r->n;
    for (Py_ssize_t s = 0; good && s < r->m; s++)
        good = r->borders[s] <= r->borders[s + 1];
    for (Py_ssize_t i = 0; good && i < r->n; i++)
        good = PyUnicode_Check(PyList_GET_ITEM(r->tokens, i)) && PyUnicode_GET_LENGTH(PyList_GET_ITEM(r->tokens, i));
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens and sentences do not fit each other");
    return good;
}

static PyObject *describe(Describer *self, Reading *r, PyObject *quotations, PyObject *sources)
{
    PyObject *found = NULL;
    size_t n = r->n ? r->n : 1;
    r->self = self;
    if (self->count > MOST_SPELT)
        spellings_clear(self);
    r->spelt = PyMem_Malloc(3 * n * sizeof(int32_t));
    r->capital = PyMem_Malloc(n);
    r->full = PyDict_New();
    r->acronyms = PyDict_New();
    r->offices = PyDict_New();
    r->genders = PyDict_New();
    r->named = PyDict_New();
    if (!r->spelt || !r->capital) {
        PyErr_NoMemory();
    } else if (r->full && r->acronyms && r->offices && r->genders && r->named) {
        r->sentence_of = r->spelt + n;
        r->quote_of = r->sentence_of + n;
        for (Py_ssize_t i = 0; i < r->n; i++)
            r->spelt[i] = -1;
        for (Py_ssize_t s = 0; s < r->m; s++)
            for (Py_ssize_t i = r->borders[s]; i < r->borders[s + 1]; i++)
                r->sentence_of[i] = (int32_t)s;
        if (read_quotations(r, quotations) == 0)
            found = describe_all(r, sources);
    }
    for (Py_ssize_t i = 0; i < r->count; i++)
        Py_XDECREF(r->mentions[i].name);
    PyMem_Free(r->mentions);
    PyMem_Free(r->spelt);
    PyMem_Free(r->capital);
    Py_XDECREF(r->full);
    Py_XDECREF(r->acronyms);
    Py_XDECREF(r->offices);
    Py_XDECREF(r->genders);
    Py_XDECREF(r->named);
    return found;
}

static PyObject *describer_describe(Describer *self, PyObject *args)
{
    enum { SHAPES, STARTS, ENDS, BORDERS, ARRAYS };
    static const char *const names[ARRAYS] = {"shapes", "starts", "ends", "sentences"};
    PyObject *given[ARRAYS], *quotations, *sources, *found = NULL;
    Array a[ARRAYS];
    Reading r = {0};
    if (!PyArg_ParseTuple(args, "UO!OOOOO!O!", &r.normal, &PyList_Type, &r.tokens, &given[SHAPES], &given[STARTS],
                          &given[ENDS], &given[BORDERS], &PyList_Type, &quotations, &PyList_Type, &sources) ||
        arrays_take(given, a, "iiii", names) < 0)
        return NULL;
    r.shapes = a[SHAPES].view.buf;
    r.starts = a[STARTS].view.buf;
    r.ends = a[ENDS].view.buf;
    r.borders = a[BORDERS].view.buf;
    r.n = a[SHAPES].count;
    r.m = a[BORDERS].count - 1;
    if (a[STARTS].count == r.n && a[ENDS].count == r.n && sound(&r))
        found = describe(self, &r, quotations, sources);
    else if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "shapes, starts and ends are not of one length");
    arrays_drop(a, ARRAYS);
    return found;
}

static void describer_free(Describer *self)
{
    spellings_clear(self);
    PyMem_Free(self->spellings);
    Py_XDECREF(self->masks);
    Py_XDECREF(self->words);
    Py_XDECREF(self->places);
    for (int kind = 0; kind < KINDS; kind++)
        Py_XDECREF(self->kinds[kind]);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Bits of the lists for each word of them. */
static int read_lists(Describer *self, PyObject *lists)
{
    static const char *const names[] = {
#define X(name) #name,
        LISTS(X)
#undef X
    };
    for (int bit = 0; bit < LIST_COUNT; bit++) {
        PyObject *words = PyMapping_GetItemString(lists, names[bit]), *word;
        PyObject *walk = words ? PyObject_GetIter(words) : NULL;
        Py_XDECREF(words);
        if (!walk)
            return -1;
        while ((word = PyIter_Next(walk))) {
            PyObject *before = PyDict_GetItemWithError(self->masks, word);
            uint64_t mask = before ? PyLong_AsUnsignedLongLongMask(before) : 0;
            PyObject *number = PyLong_FromUnsignedLongLong(mask | UINT64_C(1) << bit);
            int status = number ? PyDict_SetItem(self->masks, word, number) : -1;
            Py_XDECREF(number);
            Py_DECREF(word);
            if (status < 0)
                break;
        }
        Py_DECREF(walk);
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

static int describer_init(Describer *self, PyObject *args, PyObject *named)
{
    static const char *const texts[] = {
        NULL,
#define X(name, text) text,
        WORDS(X)
#undef X
    };
    static const char *const kinds[] = {"named", "organisation", "document", "anonymous", "vague"};
    PyObject *lists;
    if (self->masks) {
        PyErr_SetString(PyExc_RuntimeError, "a describer is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "O", &lists) || !(self->masks = PyDict_New()) || !(self->words = PyDict_New()) ||
        !(self->places = PyDict_New()))
        return -1;
    for (int kind = 0; kind < KINDS; kind++)
        if (!(self->kinds[kind] = PyUnicode_InternFromString(kinds[kind])))
            return -1;
    for (int word = 1; word < WORD_COUNT; word++) {
        PyObject *text = PyUnicode_FromString(texts[word]), *number = PyLong_FromLong(word);
        int status = text && number ? PyDict_SetItem(self->words, text, number) : -1;
        Py_XDECREF(text);
        Py_XDECREF(number);
        if (status < 0)
            return -1;
    }
    return read_lists(self, lists);
}

static PyMethodDef methods[] = {
    {"describe", (PyCFunction)describer_describe, METH_VARARGS,
     "describe(normal, tokens, shapes, starts, ends, sentences, quotations, sources) -> [(kind, resolved, key)]"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject DescriberType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Describer",
    .tp_doc = "Describer(lists): kinds and antecedents of sources; scorer/mentions.py says what they are",
    .tp_basicsize = sizeof(Describer),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)describer_init,
    .tp_dealloc = (destructor)describer_free,
    .tp_methods = methods,
};
