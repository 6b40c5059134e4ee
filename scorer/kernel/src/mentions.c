/* What kind of source a mention is, and whom it stands for: scorer.mentions, written out function by function. */
#include "mentions.h"

#define FAR 4 /* scorer.mentions.FAR, FAR_UNSURE */
#define FAR_UNSURE 2

enum { WORD_IDS, SHAPES, STARTS, ENDS, BORDERS, ARRAYS }; /* what a text is given as */

const char *const kind_names[KINDS] = {"named", "organisation", "document", "anonymous", "vague"};

/* Say what a source is; takes `key`, a new reference or NULL with an exception set. 0, or -1 with one set. */
static int describe_as(Source *d, int kind, PyObject *resolved, PyObject *key)
{
    d->by_rule = d->kind = kind;
    d->resolved = Py_XNewRef(resolved);
    d->key = key;
    return key ? 0 : -1;
}

/* Say that a source stands for a mention, by a name that is not its own `text`. */
static int stand_for(const Reading *r, Mention *mention, PyObject *text, Source *d)
{
    PyObject *lower = lower_name_of(r, mention);
    if (!lower)
        return -1;
    int is_itself = text && same_text(mention->name, text);
    return describe_as(d, mention->kind, is_itself ? NULL : mention->name, Py_NewRef(lower));
}

/* Whether a mention so many sentences back may be what a pronoun stands for; `wanted` is its gender or number. */
typedef int (*Fits)(const Mention *, char wanted, Py_ssize_t far);

/* The nearest mention that fits; NULL for none. */
static Mention *best_antecedent(Reading *r, Py_ssize_t at_token, Fits fits, char wanted)
{
    Mention *best = NULL;
    double most = -8.0;
    for (int i = 0; i < r->recent_count; i++) {
        Mention *m = &r->mentions[r->recent[i]];
        Py_ssize_t far = r->sentence_of[at_token] - m->sentence;
        if (m->last > at_token || !fits(m, wanted, far) || (m->quoted >= 0 && m->quoted != r->quote_of[at_token]))
            continue;
        double score = (double)-far + 1.5 * m->is_source + 0.8 * m->leads;
        if (score >= most) {
            best = m;
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

/* Whose name, one that tells a person, stands right before a body's ("Ann Bly of the Labour Party"); NULL for nobody.
 */
static Mention *member_of(const Reading *r, const Mention *body)
{
    Py_ssize_t end = before_article(r, body->first);
    if (end < 2 || !is_token(r, end - 1, "of"))
        return NULL;
    for (int i = 0; i < r->recent_count; i++) {
        Mention *m = &r->mentions[r->recent[i]];
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

static int describe_relative(Reading *r, Py_ssize_t token, Source *d)
{
    Py_ssize_t before = token - 1;
    while (before > 0 && r->shapes[before] == PUNCTUATION)
        before--;
    Py_ssize_t noun = before > 0 ? before : 0;
    if (spell(r, noun) < 0 || spell(r, token) < 0)
        return -1;
    for (int i = r->recent_count - 1; i >= 0; i--) {
        Mention *m = &r->mentions[r->recent[i]];
        if (m->last != before + 1 && m->last != token)
            continue;
        if (m->kind == ORGANISATION && IS_WORD(token, who) && belongs(r, m->first)) {
            m = member_of(r, m);
            if (!m) /* "a spokesman for the Labour Party, who" */
                return describe_as(d, ANONYMOUS, NULL, PyUnicode_FromFormat("who %U", SPELT(noun)->lower));
        } else if (m->kind == NAMED && IS_WORD(token, which)) { /* no person: "Wells Fargo, which" */
            m->kind = ORGANISATION;
            if (is_cut(r, m->first)) /* "the Office for Civil Rights, which" */
                return describe_as(d, ORGANISATION, NULL, PyUnicode_FromFormat("which %U", SPELT(noun)->lower));
        }
        return stand_for(r, m, NULL, d);
    }
    int kind = LISTED(noun, IN(vague_nouns))          ? VAGUE
               : LISTED(noun, IN(document_nouns))     ? DOCUMENT
               : LISTED(noun, IN(organisation_nouns)) ? ORGANISATION
               : LISTED(noun, IN(persons))            ? ANONYMOUS
               : IS_WORD(token, who)                  ? ANONYMOUS
                                                      : VAGUE;
    return describe_as(d, kind, NULL, PyUnicode_FromFormat("%U %U", SPELT(token)->lower, SPELT(noun)->lower));
}

static int is_pronoun(const Reading *r, Py_ssize_t token)
{
    return LISTED(token, IN(relatives) | IN(singular_pronouns) | IN(plural_pronouns)) || is_first_person(r, token);
}

static int describe_pronoun(Reading *r, Py_ssize_t token, Source *d)
{
    if (LISTED(token, IN(relatives)))
        return describe_relative(r, token, d);
    if (is_first_person(r, token))
        return describe_as(d, NAMED, NULL, PyUnicode_FromString(FIRST_PERSON));
    if (LISTED(token, IN(singular_pronouns))) {
        char gender = LISTED(token, IN(female_pronouns)) ? 'f' : 'm';
        Mention *best = best_antecedent(r, token, fits_person, gender);
        if (!best && !(best = best_antecedent(r, token, fits_somebody, gender)))
            return describe_as(d, ANONYMOUS, NULL, Py_NewRef(SPELT(token)->lower));
        if (!best->gender)
            best->gender = gender;
        return stand_for(r, best, NULL, d);
    }
    int single = IS_WORD(token, it) || IS_WORD(token, its) || IS_WORD(token, itself);
    Mention *best = best_antecedent(r, token, fits_body, (char)single);
    return best ? stand_for(r, best, NULL, d) : describe_as(d, VAGUE, NULL, Py_NewRef(SPELT(token)->lower));
}

/* A name in lower case, which it takes, without its article. */
static PyObject *without_the(PyObject *lower)
{
    static const char the[] = "the ";
    Characters t = lower ? characters_of(lower) : (Characters){0};
    for (int i = 0; i < 4; i++)
        if (!lower || i >= PyUnicode_GET_LENGTH(lower) || at(t, i) != (Py_UCS4)the[i])
            return lower;
    PyObject *found = PyUnicode_Substring(lower, 4, PyUnicode_GET_LENGTH(lower));
    Py_DECREF(lower);
    return found;
}

/* Whoever is called so already, by one word of the name: by the name, unless that is no longer than the word. */
static int named_by(Reading *r, Mention *known, Py_ssize_t head, PyObject *text, Source *d)
{
    PyObject *name = name_of(r, known);
    return name ? stand_for(r, known, PyUnicode_GET_LENGTH(name) > SPELT(head)->length ? text : name, d) : -1;
}

/* Describe a source whose head is capitalised: words first + begin, ..., first + end - 1 of it. */
static int describe_capitalised(Reading *r, Py_ssize_t first, Py_ssize_t begin, Py_ssize_t end, PyObject *text,
                                Source *d)
{
    Py_ssize_t head = first + end - 1;
    Mention *inside = NULL;
    for (int i = r->recent_count - 1; i >= 0 && !inside; i--) {
        Mention *m = &r->mentions[r->recent[i]];
        if (first + begin <= m->first && m->last == first + end)
            inside = m;
    }
    if (inside && inside->kind == NAMED) {
        for (int i = 0; i < r->recent_count; i++) {
            const Mention *m = &r->mentions[r->recent[i]];
            if (m->kind == NAMED && m->last > first + begin && m->last < inside->first &&
                is_token(r, m->last, "and")) /* "Ann Bly and Sen. Carl Mendes" */
                return describe_as(d, NAMED, NULL, lowered(text));
        }
        return stand_for(r, inside, text, d);
    }
    if (SPELT(head)->all_upper && SPELT(head)->length > 1) {
        PyObject *bare = SPELT(head)->has_dot ? replaced(SPELT(head)->lower, '.', "") : Py_NewRef(SPELT(head)->lower);
        Py_ssize_t letters = bare ? known_of(r, bare) : -1;
        Py_XDECREF(bare);
        if (letters < 0)
            return -1;
        Py_ssize_t place = r->known[letters].acronym, own = known_spelt(r, head);
        if (own < 0)
            return -1;
        Mention *person = r->known[own].full == NONE ? NULL : &r->mentions[r->known[own].full];
        if (place == NONE && person && person->kind == NAMED && person->last <= first) /* "LIND: ..." in a transcript */
            return named_by(r, person, head, text, d);
        PyObject *name = place == NONE ? NULL : name_of(r, &r->mentions[place]);
        if (place != NONE && !name)
            return -1;
        /* an empty name (of a mention of nothing) stands for none, as in Python */
        PyObject *shown = name && PyUnicode_GET_LENGTH(name) ? name : PyList_GET_ITEM(r->tokens, head);
        return describe_as(d, ORGANISATION, name && !same_text(name, text) ? name : NULL, lowered(shown));
    }
    if (LISTED(head, IN(vague_nouns)))
        return describe_as(d, VAGUE, NULL, lowered(text));
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
    Py_ssize_t word = known_spelt(r, head);
    if (word < 0)
        return -1;
    Mention *known = r->known[word].full == NONE ? NULL : &r->mentions[r->known[word].full];
    if (known && !name_of(r, known))
        return -1;
    if (inside || IS_WORD(first + begin, the) || body || LISTED(head, IN(places) | IN(organisation_names))) {
        PyObject *name = known && known->kind == ORGANISATION ? known->name : text;
        PyObject *longer = PyUnicode_GET_LENGTH(name) > PyUnicode_GET_LENGTH(text) ? name : NULL;
        return describe_as(d, ORGANISATION, longer, without_the(lowered(longer ? longer : text)));
    }
    if (LISTED(head, IN(persons) | IN(document_nouns)))
        return describe_as(d, LISTED(head, IN(persons)) ? ANONYMOUS : DOCUMENT, NULL, lowered(text));
    if (known && known->last <= first)
        return named_by(r, known, head, text, d);
    int vague = SPELT(head)->ends_in_s && LISTED(first, IN(quantifiers));
    return describe_as(d, vague ? VAGUE : NAMED, NULL, lowered(text));
}

/* An organisation already named whose name holds the word ("the agency" after "Space Agency"): 1 with its place, 0 for
 * none, -1 with an exception set. */
static int body_of_kind(Reading *r, Py_ssize_t head, Py_ssize_t *place)
{
    if (!LISTED(head, IN(organisation_nouns)))
        return 0;
    Py_ssize_t word = known_spelt(r, head);
    if (word < 0)
        return -1;
    *place = r->known[word].full;
    if (*place != NONE && r->mentions[*place].kind == ORGANISATION)
        return 1;
    for (int i = r->recent_count - 1; i >= 0; i--) {
        Mention *m = &r->mentions[r->recent[i]];
        if (m->kind != ORGANISATION)
            continue;
        PyObject *lower = lower_name_of(r, m), *parts = lower ? PyUnicode_Split(lower, NULL, -1) : NULL;
        int holds = parts ? PySequence_Contains(parts, SPELT(head)->lower) : -1;
        Py_XDECREF(parts);
        *place = r->recent[i];
        if (holds)
            return holds;
    }
    return 0;
}

static int is_closing_word(const Reading *r, Py_ssize_t i)
{
    int word = SPELT(i)->word;
    return word == W_of_straight || word == W_of_curly || word == W_curly || word == W_straight || word == W_mark ||
           word == W_closing || word == W_himself || word == W_herself || word == W_themselves;
}

static int describe_noun(Reading *r, Py_ssize_t first, Py_ssize_t last, Py_ssize_t begin, Py_ssize_t end,
                         PyObject *text, Source *d)
{
    Py_ssize_t head = first + end - 1, size = last - first;
    if (LISTED(head, IN(vague_nouns)) || SPELT(first + begin)->starts_digit)
        return describe_as(d, VAGUE, NULL, lowered(text));
    int points = IS_WORD(first, the) || IS_WORD(first, this) || IS_WORD(first, that);
    if (points && end == size) {
        Py_ssize_t word = known_spelt(r, head), place = word < 0 ? NONE : r->known[word].office;
        int known = word < 0 ? -1 : place != NONE ? 1 : body_of_kind(r, head, &place);
        if (known)
            return known < 0 ? -1 : stand_for(r, &r->mentions[place], NULL, d);
    }
    if (LISTED(head, IN(document_nouns) | IN(organisation_nouns)))
        return describe_as(d, LISTED(head, IN(document_nouns)) ? DOCUMENT : ORGANISATION, NULL, lowered(text));
    for (int i = 0; i < r->recent_count; i++) { /* "a spokesman, John Roe": the first name inside counts */
        Mention *m = &r->mentions[r->recent[i]];
        if (m->kind != NAMED || m->first < first + end || m->first >= last)
            continue;
        int apart = 0;
        for (Py_ssize_t k = first + end; !apart && k < m->first; k++)
            apart = IS_WORD(k, comma);
        if (apart)
            return stand_for(r, m, text, d);
        break;
    }
    int person_like = LISTED(head, IN(persons)) || !SPELT(head)->ends_in_s;
    return describe_as(d, person_like ? ANONYMOUS : VAGUE, NULL, lowered(text));
}

/* Describe a source of more than a pronoun, `text` as it stands there. */
static int describe_words(Reading *r, Py_ssize_t first, Py_ssize_t last, PyObject *text, Source *d)
{
    Py_ssize_t size = last - first, begin = 0, end;
    if (size > 1 && (IS_WORD(first, who) || IS_WORD(first, which))) /* "which uses": cut within a clause */
        return describe_relative(r, first, d);
    for (Py_ssize_t i = first; i < last; i++)
        if (IS_WORD(i, anonymity) || IS_WORD(i, unnamed) || IS_WORD(i, anonymous))
            return describe_as(d, ANONYMOUS, NULL, lowered(text));
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
        return describe_as(d, VAGUE, NULL, lowered(text));
    if ((is_capital_shape(r->shapes[head]) || SPELT(head)->starts_upper) &&
        (end > 1 || !LISTED(head, IN(vague_nouns) | IN(persons) | IN(document_nouns))))
        return describe_capitalised(r, first, begin, end, text, d);
    return describe_noun(r, first, last, begin, end, text, d);
}

static int describe_source(Reading *r, Py_ssize_t first, Py_ssize_t last, Source *d)
{
    if (spell_all(r, first, last) < 0)
        return -1;
    if (last - first == 1 && is_pronoun(r, first))
        return describe_pronoun(r, first, d);
    PyObject *text = surface(r, first, last);
    int status = text ? describe_words(r, first, last, text, d) : -1;
    Py_XDECREF(text);
    return status;
}

static int remember_source(Reading *r, Py_ssize_t first, Py_ssize_t last, const Source *d)
{
    Mention *speaker = NULL;
    for (int i = 0; i < r->recent_count; i++) { /* who is described speaks, else who is named first */
        Mention *m = &r->mentions[r->recent[i]];
        if (m->first < first || m->first >= last)
            continue;
        PyObject *name = lower_name_of(r, m);
        if (!name)
            return -1;
        int is_described = same_text(name, d->key);
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
        m->name = Py_NewRef(d->resolved);
    int single = LISTED(first, IN(singular_pronouns));
    if (single)
        m->gender = LISTED(first, IN(female_pronouns)) ? 'f' : 'm';
    m->plural = SPELT(last - 1)->ends_in_s && !single;
    m->is_source = 1;
    return push(r, place);
}

/* ---- one text ---- */

int describe_sources(Reading *r, Source *sources, Py_ssize_t count)
{
    Py_ssize_t next = 0;
    int status = mark_capitals(r);
    for (Source *s = sources; !status && s < sources + count; s++)
        if (read_names(r, &next, s->run.last) < 0 || describe_source(r, s->run.first, s->run.last, s) < 0 ||
            (s->number = known_of(r, s->key)) < 0 || remember_source(r, s->run.first, s->run.last, s) < 0)
            status = -1;
    return status;
}

void sources_drop(Source *sources, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_XDECREF(sources[i].resolved);
        Py_XDECREF(sources[i].key);
    }
    PyMem_Free(sources);
}

static int sound(const Reading *r)
{
    int good = r->m > 0 && r->borders[0] == 0 && r->borders[r->m] == r->n && PyList_GET_SIZE(r->tokens) == r->n;
    for (Py_ssize_t i = SHAPES; i < BORDERS; i++)
        good &= r->arrays[i].count == r->n;
    for (Py_ssize_t s = 0; good && s < r->m; s++)
        good = r->borders[s] <= r->borders[s + 1];
    for (Py_ssize_t i = 0; good && i < r->n; i++) {
        PyObject *token = PyList_GET_ITEM(r->tokens, i);
        good = PyUnicode_CheckExact(token) && PyUnicode_GET_LENGTH(token);
    }
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tokens, shapes, positions and sentences do not fit each other");
    return good;
}

int reading_open(Reading *r, Describer *self, PyObject *text, PyObject *quotations)
{
    static const char *const names[ARRAYS] = {"words", "shapes", "starts", "ends", "sentences"};
    PyObject *given[ARRAYS];
    spellings_limit(self);
    *r = (Reading){.self = self};
    self->reading++;
    if (!self->made) {
        PyErr_SetString(PyExc_RuntimeError, "a describer that was never made");
        return -1;
    }
    if (!PyArg_ParseTuple(text, "UO!OOOOO", &r->normal, &PyList_Type, &r->tokens, &given[WORD_IDS], &given[SHAPES],
                          &given[STARTS], &given[ENDS], &given[BORDERS]) ||
        arrays_take(given, r->arrays, "iiiii", names) < 0)
        return -1;
    r->words = r->arrays[WORD_IDS].view.buf;
    r->shapes = r->arrays[SHAPES].view.buf;
    r->starts = r->arrays[STARTS].view.buf;
    r->ends = r->arrays[ENDS].view.buf;
    r->borders = r->arrays[BORDERS].view.buf;
    r->n = r->arrays[WORD_IDS].count;
    r->m = r->arrays[BORDERS].count - 1;
    if (!sound(r))
        return -1;
    r->spelt = PyMem_Malloc((3 * sizeof(int32_t) + 1) * (r->n + 1));
    if (!r->spelt) {
        PyErr_NoMemory();
        return -1;
    }
    r->sentence_of = r->spelt + r->n;
    r->quote_of = r->sentence_of + r->n;
    r->capital = (uint8_t *)(r->quote_of + r->n);
    memset(r->spelt, 0xff, r->n * sizeof *r->spelt); /* -1 */
    for (Py_ssize_t s = 0; s < r->m; s++)
        for (Py_ssize_t i = r->borders[s]; i < r->borders[s + 1]; i++)
            r->sentence_of[i] = (int32_t)s;
    return quotations_number(quotations, r->n, r->quote_of);
}

void reading_close(Reading *r)
{
    if (r->self)
        r->self->reading--;
    for (Py_ssize_t i = 0; i < r->count; i++) {
        Py_XDECREF(r->mentions[i].name);
        Py_XDECREF(r->mentions[i].lower);
    }
    PyMem_Free(r->mentions);
    PyMem_Free(r->spelt);
    known_free(r);
    arrays_drop(r->arrays, ARRAYS);
}

/* [(kind, resolved, key)] */
static PyObject *told(const Reading *r, const Source *sources, Py_ssize_t count)
{
    PyObject *found = PyList_New(count);
    for (Py_ssize_t i = 0; found && i < count; i++) {
        const Source *s = &sources[i];
        PyObject *one = PyTuple_Pack(3, r->self->kinds[s->kind], s->resolved ? s->resolved : Py_None, s->key);
        if (one)
            PyList_SET_ITEM(found, i, one);
        else
            Py_CLEAR(found);
    }
    return found;
}

static PyObject *describer_describe(Describer *self, PyObject *args)
{
    PyObject *text, *quotations, *runs, *found = NULL;
    Reading r;
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyTuple_Type, &text, &PyList_Type, &quotations, &PyList_Type, &runs))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(runs);
    Source *sources = PyMem_Calloc(count + 1, sizeof *sources);
    int status = reading_open(&r, self, text, quotations);
    if (!sources)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; sources && !status && i < count; i++)
        status = piece_read(PyList_GET_ITEM(runs, i), r.n, &sources[i].run);
    if (sources && !status && describe_sources(&r, sources, count) == 0)
        found = told(&r, sources, count);
    if (sources)
        sources_drop(sources, count);
    reading_close(&r);
    return found;
}

static PyMethodDef methods[] = {
    {"describe", (PyCFunction)describer_describe, METH_VARARGS,
     "describe((normal, tokens, words, shapes, starts, ends, sentences), quotations, sources) -> "
     "[(kind, resolved, key)]"},
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
