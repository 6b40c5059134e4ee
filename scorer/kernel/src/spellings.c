/* Words as they are written, with what the rules ask of each, remembered from text to text; and those of one text. */
#include "mentions.h"

#define MOST_SPELT 100000
#define MOST_LETTERS (1 << 21) /* a text may be one word, and a long one is another string in each text: words.c */

/* ---- words of all texts ---- */

static void spellings_clear(Describer *self)
{
    for (Py_ssize_t i = 0; i < self->count; i++) {
        Py_DECREF(self->spellings[i].token);
        Py_DECREF(self->spellings[i].lower);
    }
    self->count = self->letters = 0;
    if (self->places)
        memset(self->places, 0, self->size * sizeof *self->places);
}

void spellings_limit(Describer *self)
{
    if (!self->reading && (self->count > MOST_SPELT || self->letters > MOST_LETTERS))
        spellings_clear(self);
}

int lists_of(const Describer *self, PyObject *lower, uint64_t *lists)
{
    PyObject *mask = PyDict_GetItemWithError(self->masks, lower);
    *lists = mask ? PyLong_AsUnsignedLongLongMask(mask) : 0;
    return !mask && PyErr_Occurred() ? -1 : 0;
}

/* Whether a lower-case word is a pronoun that goes on behind an apostrophe ("he'd"): 1, 0, or -1 on error. */
static int is_contraction(const Describer *self, PyObject *lower)
{
    Characters characters = characters_of(lower);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(lower); i++) {
        if (at(characters, i) != '\'' && at(characters, i) != 0x2019)
            continue;
        uint64_t lists = 0;
        PyObject *head = PyUnicode_Substring(lower, 0, i);
        int status = head ? lists_of(self, head, &lists) : -1;
        Py_XDECREF(head);
        return status < 0 ? -1 : (lists & (IN(first_person) | IN(singular_pronouns) | IN(plural_pronouns))) != 0;
    }
    return 0;
}

/* What the rules ask of a token; 0, or -1 with an exception set. */
static int spelling_make(const Describer *self, PyObject *token, Spelling *made)
{
    static PyObject *isupper; /* made once: lower.c */
    if (!isupper && !(isupper = PyUnicode_InternFromString("isupper")))
        return -1;
    PyObject *upper = PyObject_CallMethodNoArgs(token, isupper), *word;
    int contraction = -1;
    made->lower = upper ? lowered(token) : NULL;
    Py_XDECREF(upper);
    if (!made->lower || (made->hash = PyObject_Hash(made->lower)) == -1 ||
        lists_of(self, made->lower, &made->lists) < 0 ||
        (contraction = is_contraction(self, made->lower)) < 0 ||
        (!(word = PyDict_GetItemWithError(self->words, made->lower)) && PyErr_Occurred())) {
        Py_XDECREF(made->lower);
        return -1;
    }
    Characters characters = characters_of(token), lower = characters_of(made->lower);
    Py_ssize_t length = PyUnicode_GET_LENGTH(made->lower);
    made->token = Py_NewRef(token);
    made->all_upper = upper == Py_True;
    made->contraction = (uint8_t)contraction;
    made->word = word ? (uint8_t)PyLong_AsLong(word) : NO_WORD;
    made->length = PyUnicode_GET_LENGTH(token);
    made->starts_upper = Py_UNICODE_ISUPPER(at(characters, 0)) != 0;
    made->starts_digit = Py_UNICODE_ISDIGIT(at(lower, 0)) != 0;
    made->ends_in_s = at(lower, length - 1) == 's';
    for (Py_ssize_t i = 0; i < length; i++)
        made->has_dot |= at(lower, i) == '.';
    return 0;
}

/* Where a token is entered in a table, or the free place where it would be. Readers hand out one string for one word
 * (words.c), so that where it lies tells what it is; of two strings that are equal each has a place. */
static Py_ssize_t place_of(const Describer *self, PyObject *token)
{
    uint64_t hash = (uint64_t)(uintptr_t)token * UINT64_C(0x9E3779B97F4A7C15);
    Py_ssize_t place = (Py_ssize_t)(hash >> 32) & (self->size - 1);
    while (self->places[place] && self->spellings[self->places[place] - 1].token != token)
        place = (place + 1) & (self->size - 1);
    return place;
}

static int places_grow(Describer *self)
{
    Py_ssize_t size = self->size ? 2 * self->size : 4096;
    int32_t *places = PyMem_Calloc(size, sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_Free(self->places);
    self->places = places;
    self->size = size;
    for (Py_ssize_t i = 0; i < self->count; i++)
        places[place_of(self, self->spellings[i].token)] = (int32_t)i + 1;
    return 0;
}

int spell_token(Reading *r, Py_ssize_t i)
{
    Describer *self = r->self;
    PyObject *token = PyList_GET_ITEM(r->tokens, i);
    if (2 * self->count >= self->size && places_grow(self) < 0)
        return -1;
    Py_ssize_t place = place_of(self, token);
    if (!self->places[place]) {
        if (self->count == self->room) {
            Spelling *more = items_grow(self->spellings, &self->room, 1024, sizeof *more);
            if (!more)
                return -1;
            self->spellings = more;
        }
        Spelling made = {0};
        if (spelling_make(self, token, &made) < 0)
            return -1;
        self->spellings[self->count++] = made;
        self->letters += made.length;
        self->places[place] = (int32_t)self->count;
    }
    r->spelt[i] = self->places[place] - 1;
    return 0;
}

/* ---- words of one text ---- */

static Py_ssize_t known_place(const Reading *r, PyObject *word, Py_hash_t hash)
{
    Py_ssize_t place = hash & (r->known_size - 1);
    for (; r->known_places[place]; place = (place + 1) & (r->known_size - 1)) {
        const Known *one = &r->known[r->known_places[place] - 1];
        if (one->hash == hash && same_text(one->word, word))
            break;
    }
    return place;
}

static int known_grow(Reading *r)
{
    Py_ssize_t size = r->known_size ? 2 * r->known_size : 256;
    int32_t *places = PyMem_Calloc(size, sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_Free(r->known_places);
    r->known_places = places;
    r->known_size = size;
    for (Py_ssize_t i = 0; i < r->known_count; i++)
        places[known_place(r, r->known[i].word, r->known[i].hash)] = (int32_t)i + 1;
    return 0;
}

static Py_ssize_t known_hashed(Reading *r, PyObject *word, Py_hash_t hash, int is_owned)
{
    if (hash == -1 || (2 * r->known_count >= r->known_size && known_grow(r) < 0))
        return -1;
    Py_ssize_t place = known_place(r, word, hash);
    if (!r->known_places[place]) {
        if (r->known_count == r->known_room) {
            Known *more = items_grow(r->known, &r->known_room, 128, sizeof *more);
            if (!more)
                return -1;
            r->known = more;
        }
        r->known[r->known_count++] = (Known){word, hash, NONE, NONE, NONE, 0, NONE, 0, (uint8_t)is_owned};
        if (is_owned)
            Py_INCREF(word);
        r->known_places[place] = (int32_t)r->known_count;
    }
    return r->known_places[place] - 1;
}

Py_ssize_t known_of(Reading *r, PyObject *word) { return known_hashed(r, word, PyObject_Hash(word), 1); }

Py_ssize_t known_spelt(Reading *r, Py_ssize_t token)
{
    const Spelling *spelling = SPELT(token);
    return known_hashed(r, spelling->lower, spelling->hash, 0); /* a count of its owners would be memory waited for */
}

void known_free(Reading *r)
{
    for (Py_ssize_t i = 0; i < r->known_count; i++)
        if (r->known[i].is_owned)
            Py_DECREF(r->known[i].word);
    PyMem_Free(r->known);
    PyMem_Free(r->known_places);
}

/* ---- the describer ---- */

void describer_free(Describer *self)
{
    spellings_clear(self);
    PyMem_Free(self->spellings);
    Py_XDECREF(self->masks);
    Py_XDECREF(self->words);
    PyMem_Free(self->places);
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

int describer_init(Describer *self, PyObject *args, PyObject *named)
{
    static const char *const texts[] = {
        NULL,
#define X(name, text) text,
        WORDS(X)
#undef X
    };
    PyObject *lists;
    if (self->masks) {
        PyErr_SetString(PyExc_RuntimeError, "a describer is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "O", &lists) || !(self->masks = PyDict_New()) || !(self->words = PyDict_New()))
        return -1;
    for (int kind = 0; kind < KINDS; kind++)
        if (!(self->kinds[kind] = PyUnicode_InternFromString(kind_names[kind])))
            return -1;
    for (int word = 1; word < WORD_COUNT; word++) {
        PyObject *text = PyUnicode_FromString(texts[word]), *number = PyLong_FromLong(word);
        int status = text && number ? PyDict_SetItem(self->words, text, number) : -1;
        Py_XDECREF(text);
        Py_XDECREF(number);
        if (status < 0)
            return -1;
    }
    self->made = read_lists(self, lists) == 0;
    return self->made ? 0 : -1;
}

