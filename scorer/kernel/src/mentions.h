/* Whom a text names, and who its sources are, while it is read: what scorer/names.py and scorer/mentions.py keep.
 * spellings.c knows words, names.c the names, mentions.c the sources. */
#ifndef CREDENCE_MENTIONS_H
#define CREDENCE_MENTIONS_H

#include "characters.h"
#include "evidence.h"
#include <string.h>

enum { LOWER = 0, TITLE, UPPER, MIXED, INITIAL, PUNCTUATION = 8, HYPHENATED = 13 }; /* scorer.lexicon.Shape */
enum { NAMED, ORGANISATION, DOCUMENT, ANONYMOUS, VAGUE, KINDS };                    /* scorer.mentions.KINDS */
enum { MEMORY = 12, NONE = -1 };                                                    /* scorer.names.MEMORY */

/* The word lists, by the names they have in scorer/signals/sources.json. */
#define LISTS(X) \
    X(titles) X(leading) X(female_titles) X(male_titles) X(organisation_nouns) X(organisation_names) X(places) \
    X(male_names) X(female_names) X(relatives) X(first_person) X(singular_pronouns) X(plural_pronouns) \
    X(female_pronouns) X(splits) X(quantifiers) X(vague_nouns) X(person_nouns) X(persons) X(office_nouns) \
    X(family_first) X(document_nouns) X(function_words) X(demonyms) X(parties) X(title_parts) X(openers)

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
    X(who, "who") X(which, "which") X(anonymity, "anonymity") X(unnamed, "unnamed") X(anonymous, "anonymous") \
    X(himself, "himself") X(herself, "herself") X(themselves, "themselves") X(dot, ".") X(comma, ",") X(open, "(") \
    X(of_straight, "'s") X(of_curly, "\xe2\x80\x99s") X(curly, "\xe2\x80\x99") X(straight, "'") X(mark, "\"") \
    X(closing, "\xe2\x80\x9d")

enum {
    NO_WORD,
#define X(name, text) W_##name,
    WORDS(X)
#undef X
    WORD_COUNT
};

/* A token as it is written, and what the rules ask of it. */
typedef struct {
    PyObject *token, *lower; /* owned */
    Py_hash_t hash;          /* of `lower` */
    uint64_t lists;
    Py_ssize_t length;
    uint8_t word;      /* W_... */
    uint8_t all_upper; /* token.isupper() */
    uint8_t starts_upper, starts_digit, ends_in_s, has_dot, contraction;
} Spelling;

typedef struct {
    PyObject_HEAD
    PyObject *masks; /* dict: lower-case word -> bits of the lists it is in */
    PyObject *words; /* dict: a word the rules name -> its number */
    Spelling *spellings;
    Py_ssize_t count, room, letters; /* letters: of all spellings together */
    Py_ssize_t reading; /* texts that are being read: they hold places of spellings */
    int32_t *places; /* (size,) place in `spellings` and one, by where the token lies in memory; 0 is free */
    Py_ssize_t size;
    PyObject *kinds[KINDS];
    int made; /* whether all of it is there */
} Describer;

/* A word or name as a text has used it so far: places of mentions, or NONE. */
typedef struct {
    PyObject *word; /* owned, or a spelling's, which stays while the text is read */
    Py_hash_t hash;
    int32_t full, acronym, office;
    int32_t times;  /* how often somebody of this name was met */
    int32_t source; /* the first source that has this key, or NONE */
    char gender;    /* 'm', 'f', or 0 where nothing tells it */
    uint8_t is_owned;
} Known;

typedef struct {
    Py_ssize_t first, last, sentence;
    PyObject *name, *lower; /* owned; NULL until they are asked for */
    int kind, quoted;
    char gender;
    uint8_t plural, is_source, leads;
} Mention;

typedef struct {
    Describer *self;
    Array arrays[5];
    PyObject *normal, *tokens; /* the tokens are strings, of type str itself and not empty */
    const int32_t *words, *shapes, *starts, *ends, *borders;
    Py_ssize_t n, m;
    int32_t *spelt; /* (n,) place of each token's spelling, -1 where not looked up yet */
    int32_t *sentence_of, *quote_of;
    uint8_t *capital;
    Mention *mentions;
    Py_ssize_t count, room;
    Py_ssize_t recent[MEMORY + 1];
    int recent_count;
    Known *known;
    Py_ssize_t known_count, known_room;
    int32_t *known_places; /* (known_size,) number in `known` and one, by hash; 0 is free */
    Py_ssize_t known_size;
} Reading;

/* A source, and whom it stands for. */
typedef struct {
    Stretch run;
    PyObject *resolved, *key; /* owned; `resolved` is NULL where it stands for no fuller mention */
    Py_ssize_t number;        /* of its key in `known` */
    int by_rule, kind;        /* by its words alone, and as settled */
} Source;

/* ---- spellings.c ---- */

int describer_init(Describer *self, PyObject *args, PyObject *named);
void describer_free(Describer *self);

/* Look a token up in the describer's memory; 0, or -1 with an exception set. Pointers into the table may move. */
int spell_token(Reading *r, Py_ssize_t i);
/* Forget the spellings where they have become many, unless a text is being read: a collector that runs within one may
 * run other code, which has another read. */
void spellings_limit(Describer *self);
/* The bits of the lists that a lower-case word is in; 0, or -1 with an exception set. */
int lists_of(const Describer *self, PyObject *lower, uint64_t *lists);
/* The number of a word or name in `known`; -1 with an exception set. Pointers into `known` may move. */
Py_ssize_t known_of(Reading *r, PyObject *word);
/* The same for a spelt token in lower case. */
Py_ssize_t known_spelt(Reading *r, Py_ssize_t token);
void known_free(Reading *r);

static inline int spell(Reading *r, Py_ssize_t i) { return r->spelt[i] >= 0 ? 0 : spell_token(r, i); }

/* Make sure that tokens first, ..., last - 1 are spelt, so that SPELT can be asked. */
static inline int spell_all(Reading *r, Py_ssize_t first, Py_ssize_t last)
{
    for (Py_ssize_t i = first; i < last; i++)
        if (spell(r, i) < 0)
            return -1;
    return 0;
}

#define SPELT(i) (&r->self->spellings[r->spelt[i]])
#define LISTED(i, bits) ((SPELT(i)->lists & (bits)) != 0)
#define IS_WORD(i, name) (SPELT(i)->word == W_##name)

/* Whether a string is this one of ASCII characters. */
static inline int is_text(PyObject *text, const char *word)
{
    Py_ssize_t length = (Py_ssize_t)strlen(word);
    return PyUnicode_GET_LENGTH(text) == length && PyUnicode_IS_ASCII(text) &&
           !memcmp(PyUnicode_1BYTE_DATA(text), word, (size_t)length);
}

static inline int is_token(const Reading *r, Py_ssize_t at, const char *word)
{
    return is_text(PyList_GET_ITEM(r->tokens, at), word);
}

/* The tokens of the sentence that a token is in. */
static inline Stretch sentence_of(const Reading *r, Py_ssize_t token)
{
    const int32_t *borders = r->borders + r->sentence_of[token];
    return (Stretch){borders[0], borders[1]};
}

static inline int is_capital_shape(int32_t shape) { return shape >= TITLE && shape <= INITIAL; }

static inline int same_text(PyObject *one, PyObject *other)
{
    return one == other || PyUnicode_Compare(one, other) == 0;
}

/* ---- names.c ---- */

/* Mark capitalised tokens, a period after an initial or a title included; 0, or -1 with an exception set. */
int mark_capitals(Reading *r);
/* Take note of the names that begin at `*next` or later and before `end`; 0, or -1 with an exception set. */
int read_names(Reading *r, Py_ssize_t *next, Py_ssize_t end);
/* Tokens first, ..., last - 1 as they stand in the text, on one line; a new reference. */
PyObject *surface(const Reading *r, Py_ssize_t first, Py_ssize_t last);
/* Place of a new mention, or -1 with an exception set. Pointers to mentions may move. */
Py_ssize_t mention_new(Reading *r, Py_ssize_t first, Py_ssize_t last, int kind);
/* The name of a mention, and the same in lower case, borrowed; NULL with an exception set. */
PyObject *name_of(const Reading *r, Mention *mention);
PyObject *lower_name_of(const Reading *r, Mention *mention);
/* Remember a mention; "X and Y" is one. 0, or -1 with an exception set. */
int push(Reading *r, Py_ssize_t place);
/* Where a name from token `at` on begins, its "the" included. */
Py_ssize_t before_article(const Reading *r, Py_ssize_t at);

/* ---- mentions.c ---- */

#define FIRST_PERSON "first person" /* scorer.mentions.FIRST_PERSON */
extern const char *const kind_names[KINDS];

/* Take a text, (normal, tokens, words, shapes, starts, ends, sentences), and its quotations; 0, or -1 with an exception
 * set. Closed in either case. */
int reading_open(Reading *r, Describer *self, PyObject *text, PyObject *quotations);
void reading_close(Reading *r);
/* Say of sources, given as runs in order, who they are; 0, or -1 with an exception set. */
int describe_sources(Reading *r, Source *sources, Py_ssize_t count);
void sources_drop(Source *sources, Py_ssize_t count);

#endif
