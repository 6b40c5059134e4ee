/* All figures and hedges of a text in one call: found, judged, told (scorer/signals/figures.py). */
#include "figures.h"
#include <string.h>

/* of values */
enum { PRIOR_COLUMN = STATUS_COLUMNS, TAGGED, WORDS = TAGGED + TAGGED_COLUMNS, WIDTH = WORDS + WORDS_COLUMNS };
enum { SHAPES = 16, AHEAD = 12 }; /* of scorer.lexicon.Shape; tokens */

enum { /* arrays that are held as they are */
    CLAIM, CONTEXT, RANK, VERB, LIMITS, LEAVES = LIMITS + 3, WIDE = LEAVES + 3, CARRIES, NEWS, HEDGE_WEIGHTS, DOUBTS_OF,
    HELD_ARRAYS
};
enum { TABLE, UNITS, BIASES, DISTANCES, WORD_ARRAYS };
enum { RARE, IDIOMS, THE, FORM_OF_MIXED, KINDS, SHOWN_TRUE, IS_OPEN, IS_SETTLED, IS_SOURCED, IS_TOLD, HELD };
enum { PRIOR, SOURCED, UNCONFIRMED, FORESTS };

/* What is asked of a word, side by side: four tables would be four looks into far memory. */
typedef struct {
    uint8_t number, hedge, wide, effect; /* letters; the wider class of the second one */
    uint16_t signs;
} Word;

typedef struct {
    PyObject_HEAD
    PyObject *held[HELD];
    Array arrays[HELD_ARRAYS], word_arrays[WORD_ARRAYS];
    Word *words; /* by word id; NULL before it was made */
    Py_ssize_t word_count;
    uint32_t word_shapes;  /* what counts as a word, a bit each */
    int64_t *bases, *row; /* copies, since what is in them has been checked */
    uint8_t *features[FORESTS];
    ClaimWeights claims;
    LetterTables letters;
    WordTable around; /* `rows` is NULL where the model has none */
    Forest forests[FORESTS];
    HedgeWeights hedges;
} Figures;

static int figures_visit(Figures *self, visitproc visit, void *arg)
{
    for (int i = 0; i < HELD; i++)
        Py_VISIT(self->held[i]);
    return 0;
}

static int figures_forget(Figures *self)
{
    PyMem_Free(self->words); /* from now on nobody may call it */
    self->words = NULL;
    for (int i = 0; i < HELD; i++)
        Py_CLEAR(self->held[i]);
    return 0;
}

static void figures_free(Figures *self)
{
    PyObject_GC_UnTrack(self);
    figures_forget(self);
    arrays_drop(self->arrays, HELD_ARRAYS);
    arrays_drop(self->word_arrays, WORD_ARRAYS);
    PyMem_Free(self->bases);
    PyMem_Free(self->row);
    for (int k = 0; k < FORESTS; k++)
        PyMem_Free(self->features[k]);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* ---- what is held ---- */

/* The letters, effects and signs of words side by side; NULL with an exception set. */
static Word *words_of(const Figures *self, PyObject *const *given, Py_ssize_t *count)
{
    enum { NUMBER, HEDGE, EFFECT, SIGN, TABLES };
    static const char *const names[TABLES] = {"letters of numbers", "letters of hedges", "effects", "signs"};
    Array a[TABLES];
    if (arrays_take(given, a, "BBBH", names) < 0)
        return NULL;
    Py_ssize_t n = *count = a[NUMBER].count;
    Word *words = NULL;
    if (a[HEDGE].count != n || a[EFFECT].count != n || a[SIGN].count != n)
        PyErr_SetString(PyExc_ValueError, "letters, effects and signs of words do not fit each other");
    else if (!(words = PyMem_Malloc((n + 1) * sizeof *words)))
        PyErr_NoMemory();
    const uint8_t *wide = self->arrays[WIDE].view.buf;
    for (Py_ssize_t i = 0; words && i < n; i++) {
        uint8_t hedge = ((uint8_t *)a[HEDGE].view.buf)[i];
        words[i] = (Word){((uint8_t *)a[NUMBER].view.buf)[i], hedge, wide[hedge], ((uint8_t *)a[EFFECT].view.buf)[i],
                          ((uint16_t *)a[SIGN].view.buf)[i]};
        if (wide[hedge] >= self->hedges.letter_count) {
            PyErr_SetString(PyExc_ValueError, "letters of hedges and their weights do not fit each other");
            PyMem_Free(words);
            words = NULL;
        }
    }
    arrays_drop(a, TABLES);
    return words;
}

/* The weights of words around, unless they are None; 0, or -1 with an exception set. */
static int take_around(Figures *self, PyObject *around)
{
    static const char *const names[WORD_ARRAYS] = {"table", "units", "biases", "distances"};
    PyObject *given[WORD_ARRAYS];
    Array *a = self->word_arrays;
    if (around == Py_None)
        return 0;
    if (!PyTuple_Check(around) || !PyArg_ParseTuple(around, "OOOOi", &given[TABLE], &given[UNITS], &given[BIASES],
                                                    &given[DISTANCES], &self->around.bits)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "weights of words are a tuple");
        return -1;
    }
    if (arrays_take(given, a, "bddI", names) < 0)
        return -1;
    if (!word_table_fits(&self->around, a[TABLE].count) || a[UNITS].count != WORDS_COLUMNS ||
        a[BIASES].count != WORDS_COLUMNS) {
        PyErr_SetString(PyExc_ValueError, "weights of words do not fit each other");
        return -1;
    }
    self->around.units = a[UNITS].view.buf;
    self->around.biases = a[BIASES].view.buf;
    self->around.distances = a[DISTANCES].view.buf;
    self->around.reach = a[DISTANCES].count;
    self->around.rows = a[TABLE].view.buf;
    return 0;
}

/* Copies and views into the parts, which are checked; 0, or -1 with an exception set. */
static int take_parts(Figures *self, PyObject *bases, PyObject *row, PyObject *const *features)
{
    Array *a = self->arrays;
    Py_ssize_t base_count, row_count, counts[FORESTS];
    if (!(self->bases = array_copy(bases, 'q', 8, &base_count, "bases")) ||
        !(self->row = array_copy(row, 'q', 8, &row_count, "row")))
        return -1;
    for (int k = 0; k < FORESTS; k++)
        if (!(self->features[k] = array_copy(features[k], 'B', 1, &counts[k], "feature")))
            return -1;
    self->claims.bases = self->bases;
    self->claims.claim = a[CLAIM].view.buf;
    self->claims.claim_count = a[CLAIM].count;
    self->claims.context = a[CONTEXT].view.buf;
    self->claims.context_words = a[CONTEXT].count / CLAIM_OFFSETS;
    self->letters = (LetterTables){self->row, a[RANK].view.buf, a[VERB].view.buf};
    self->hedges.carries = a[CARRIES].view.buf;
    self->hedges.news = a[NEWS].view.buf;
    self->hedges.weights = a[HEDGE_WEIGHTS].view.buf;
    self->hedges.doubts = a[DOUBTS_OF].view.buf;
    int good = base_count == CLAIM_COLUMNS && claims_fit(&self->claims, a[CONTEXT].count) && row_count == 256 &&
               letter_tables_fit(&self->letters) && a[DOUBTS_OF].count == DOUBTS &&
               hedges_fit(&self->hedges, a[HEDGE_WEIGHTS].count);
    for (int k = RANK; k <= VERB; k++)
        good = good && a[k].count == 256;
    for (int k = WIDE; k <= NEWS; k++)
        good = good && a[k].count == 256;
    for (int k = 0; good && k < FORESTS; k++) {
        self->forests[k].feature = self->features[k];
        self->forests[k].limit = a[LIMITS + k].view.buf;
        self->forests[k].leaves = a[LEAVES + k].view.buf;
        good = forest_fits(&self->forests[k], counts[k], a[LIMITS + k].count, a[LEAVES + k].count, WIDTH);
    }
    if (!good)
        PyErr_SetString(PyExc_ValueError, "tables, weights and trees do not fit each other");
    return good ? 0 : -1;
}

static int figures_init(Figures *self, PyObject *args, PyObject *named)
{
    static const char *const names[HELD_ARRAYS] = {"claim",  "context", "rank", "is_verb", "limit", "limit", "limit",
                                                   "leaves", "leaves",  "leaves", "wide",  "carries", "news",
                                                   "weights", "doubts"};
    PyObject *tables[4], *bases, *row, *around, *features[FORESTS], *given[HELD_ARRAYS], *held[HELD];
    Forest *f = self->forests;
    ClaimWeights *c = &self->claims;
    HedgeWeights *h = &self->hedges;
    double unit;
    Word *words;
    if (self->held[0]) {
        PyErr_SetString(PyExc_RuntimeError, "what judges figures is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(
            args, "(OOOO)O!(OOOffO!O!O)(OOOO!)O((OOOnd)(OOOnd)(OOOnd))d(OOOOfO(fff)d(iii))(O!OOOO)I", &tables[0],
            &tables[1], &tables[2], &tables[3], &PyDict_Type, &held[RARE], &bases, &given[CLAIM], &given[CONTEXT],
            &c->bias, &c->context_weight, &PyFrozenSet_Type, &held[IDIOMS], &PyFrozenSet_Type, &held[THE],
            &held[FORM_OF_MIXED], &row, &given[RANK], &given[VERB], &PyDict_Type, &held[KINDS], &around,
            &features[PRIOR], &given[LIMITS + PRIOR], &given[LEAVES + PRIOR], &f[PRIOR].inner, &f[PRIOR].bias,
            &features[SOURCED], &given[LIMITS + SOURCED], &given[LEAVES + SOURCED], &f[SOURCED].inner, &f[SOURCED].bias,
            &features[UNCONFIRMED], &given[LIMITS + UNCONFIRMED], &given[LEAVES + UNCONFIRMED], &f[UNCONFIRMED].inner,
            &f[UNCONFIRMED].bias, &unit, &given[WIDE], &given[CARRIES], &given[NEWS], &given[HEDGE_WEIGHTS], &h->unit,
            &given[DOUBTS_OF], &h->limit, &h->could_be, &h->faint, &h->doubt, &h->cue_words, &h->pairs,
            &h->letter_count, &PyFrozenSet_Type, &held[SHOWN_TRUE], &held[IS_OPEN], &held[IS_SETTLED],
            &held[IS_SOURCED], &held[IS_TOLD], &self->word_shapes))
        return -1;
    for (int i = 0; i < HELD; i++)
        self->held[i] = Py_NewRef(held[i]);
    for (int k = 0; k < FORESTS; k++)
        f[k].unit = unit;
    c->idioms = held[IDIOMS];
    c->the = held[THE];
    c->form_of_mixed = held[FORM_OF_MIXED];
    if (arrays_take(given, self->arrays, "ffqBfffiiiBBfbd", names) < 0 || take_parts(self, bases, row, features) < 0 ||
        take_around(self, around) < 0 || !(words = words_of(self, tables, &self->word_count)))
        return -1;
    self->words = words;
    return 0;
}

/* ---- a text ---- */

/* What is found in a text on the way to its findings. */
typedef struct {
    uint16_t *signs;                    /* of each token */
    uint8_t *letters, *given, *wide, *effects; /* letters of numbers, of hedges, of their wider classes */
    int64_t *first, *last, *form, *related;     /* rows of figures */
    float *claim, *sourced, *unconfirmed, *values;
    Hedge *hedges;
    Py_ssize_t count, found, words;             /* figures, hedges, words of the text */
} Found;

static void found_drop(Found *found)
{
    PyMem_Free(found->signs);
    PyMem_Free(found->first);
    PyMem_Free(found->form);
    PyMem_Free(found->claim);
    PyMem_Free(found->values);
    PyMem_Free(found->hedges);
}

/* What is known of each token by its word; whether all words are known. */
static int look_up(const Figures *self, const Passage *p, Found *found)
{
    const Word *words = self->words; /* all read once: a byte that is written might be any of them */
    const uint32_t *ids = (const uint32_t *)p->words, count = (uint32_t)self->word_count,
                   word_shapes = self->word_shapes;
    const int32_t *shapes = p->shapes;
    uint8_t *letters = found->letters, *given = found->given, *wide = found->wide, *effects = found->effects;
    uint16_t *signs = found->signs;
    Py_ssize_t n = p->n, counted = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
#ifdef __GNUC__
        if (i + AHEAD < n && ids[i + AHEAD] < count)
            __builtin_prefetch(words + ids[i + AHEAD]);
#endif
        if (ids[i] >= count)
            return 0;
        const Word *word = words + ids[i];
        letters[i] = word->number;
        given[i] = word->hedge;
        wide[i] = word->wide;
        effects[i] = word->effect;
        signs[i] = word->signs;
        counted += word_shapes >> shapes[i] & 1;
    }
    found->words = counted;
    return 1;
}

/* The figures among the number expressions; 0, or -1 with an exception set. */
static int find(const Figures *self, const Passage *p, Found *found)
{
    Py_ssize_t room = p->n + 1;
    found->signs = PyMem_Malloc(room * (sizeof *found->signs + 4));
    found->hedges = PyMem_Malloc(room * sizeof *found->hedges);
    found->first = PyMem_Malloc(2 * room * sizeof *found->first);
    if (!found->signs || !found->hedges || !found->first) {
        PyErr_NoMemory();
        return -1;
    }
    found->letters = (uint8_t *)(found->signs + room);
    found->given = found->letters + room;
    found->wide = found->given + room;
    found->effects = found->wide + room;
    found->last = found->first + room;
    if (!look_up(self, p, found)) {
        PyErr_SetString(PyExc_ValueError, "words and letters do not fit each other");
        return -1;
    }
    if ((found->found = hedges_find(&self->hedges, p, found->wide, found->effects, found->hedges)) < 0 ||
        (found->count = numbers_find(p, self->held[RARE], found->letters, found->first, room)) < 0)
        return -1;
    Py_ssize_t most = found->count + 1;
    found->form = PyMem_Malloc(most * (1 + RELATED) * sizeof *found->form);
    found->claim = PyMem_Malloc(3 * most * sizeof *found->claim);
    if (!found->form || !found->claim) {
        PyErr_NoMemory();
        return -1;
    }
    found->related = found->form + most;
    found->sourced = found->claim + most;
    found->unconfirmed = found->sourced + most;
    found->count = claims_keep(p, &self->claims, found->letters, found->first, found->last, found->form, found->claim,
                               found->count);
    return found->count < 0 ? -1 : 0;
}

/* What weights and trees say of them; `scores` may be NULL. */
static int judge(const Figures *self, const Passage *p, const Said *said, const float *scores, Found *found)
{
    Py_ssize_t count = found->count;
    float *values = found->values = PyMem_Calloc(count * WIDTH + 1, sizeof *values);
    Place *places = PyMem_Malloc((count + 1) * sizeof *places);
    float *columns = NULL;
    int done = -1;
    if (!values || !places)
        PyErr_NoMemory();
    else if (!status_fits(p) || !places_of(found->first, found->last, count, p->borders, p->m, p->n, places))
        PyErr_SetString(PyExc_ValueError, "figures, tokens and sentences do not fit each other");
    else if (status_look(p, &self->letters, found->given, said, found->first, found->last, found->form, count, values,
                         WIDTH, found->related) == 0 &&
             (!scores || tagged_look(scores, p->n, places, count, values + TAGGED, WIDTH) == 0)) {
        if (self->around.rows)
            words_look(&self->around, p->words, places, count, values + WORDS, WIDTH);
        if ((columns = forest_columns(values, count, WIDTH)))
            done = forest_sum(&self->forests[PRIOR], columns, count, WIDTH, found->sourced);
        for (Py_ssize_t k = 0; !done && k < count; k++)
            *forest_cell(columns, WIDTH, k, PRIOR_COLUMN) = values[k * WIDTH + PRIOR_COLUMN] = found->sourced[k];
        done = done || forest_sum(&self->forests[SOURCED], columns, count, WIDTH, found->sourced) ||
                       forest_sum(&self->forests[UNCONFIRMED], columns, count, WIDTH, found->unconfirmed)
                   ? -1
                   : 0;
    }
    PyMem_Free(columns);
    PyMem_Free(places);
    return done;
}

/* Findings and counts, given all that has been found. */
static PyObject *tell(const Figures *self, PyObject *text, const Passage *p, PyObject *attributions, const Found *found)
{
    PyObject *const *held = self->held, *answer;
    Told told = {text, p->tokens, attributions, held[SHOWN_TRUE], held[IS_OPEN], held[IS_SETTLED], held[IS_SOURCED],
                 held[IS_TOLD], p->caller_starts, p->caller_ends, found->given, found->signs, p->n, found->count,
                 found->found, found->words};
    told.figures = PyMem_Malloc((found->count + 1) * sizeof *told.figures);
    told.hedges = found->hedges;
    if (!told.figures)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < found->count; i++) {
        Figure *f = &told.figures[i];
        *f = (Figure){found->first[i],
                      found->last[i],
                      found->form[i],
                      .claim = found->claim[i],
                      .sourced = found->sourced[i],
                      .unconfirmed = found->unconfirmed[i]};
        memcpy(f->related, found->related + RELATED * i, sizeof f->related);
    }
    answer = figures_tell(&told);
    PyMem_Free(told.figures);
    return answer;
}

/* All of it as it is before it is told: what tests compare. */
static PyObject *judgement(const Passage *p, const Found *f)
{
    Py_ssize_t wide = f->count * (Py_ssize_t)sizeof(int64_t), narrow = f->count * (Py_ssize_t)sizeof(float);
    return Py_BuildValue("y#y#y#y#y#y#y#y#y#y#", f->given, p->n, f->hedges, f->found * (Py_ssize_t)sizeof *f->hedges,
                         f->first, wide, f->last, wide, f->form, wide, f->claim, narrow, f->sourced, narrow,
                         f->unconfirmed, narrow, f->related, RELATED * wide, f->values ? (char *)f->values : "",
                         WIDTH * narrow);
}

enum { /* arguments, arrays of a text first */
    WORDS_OF, SHAPES_OF, STARTS, ENDS, BORDERS, SPANS, CALLER_STARTS, CALLER_ENDS, RAW_STARTS, RAW_ENDS, SCORES, ARRAYS,
    TEXT = ARRAYS, TOKENS, NORMAL, ATTRIBUTIONS, TWICE, ONCE, GIVEN
};

/* The arrays into a passage; whether all places that will be looked at lie within them. */
static int read_passage(const Array *a, PyObject *const *args, Passage *p)
{
    *p = (Passage){args[TOKENS], args[NORMAL], a[WORDS_OF].view.buf, a[SHAPES_OF].view.buf, a[STARTS].view.buf,
                   a[ENDS].view.buf, a[BORDERS].view.buf, a[SPANS].view.buf, a[CALLER_STARTS].view.buf,
                   a[CALLER_ENDS].view.buf, a[RAW_STARTS].view.buf, a[RAW_ENDS].view.buf, a[WORDS_OF].count,
                   a[BORDERS].count - 1, a[RAW_ENDS].count};
    Py_ssize_t n = p->n, length = PyUnicode_GET_LENGTH(p->normal);
    int good = PyList_GET_SIZE(p->tokens) == n && p->m >= 0 && a[SPANS].count == 2 * p->m &&
               a[RAW_STARTS].count == a[RAW_ENDS].count && !a[RAW_STARTS].view.buf == !a[RAW_ENDS].view.buf &&
               (!a[SCORES].view.buf || a[SCORES].count == n * TAGGER_SCORES);
    for (int k = SHAPES_OF; k <= CALLER_ENDS; k++)
        good = good && (k == BORDERS || k == SPANS || a[k].count == n);
    return good && borders_fit(p) && all_within(p->shapes, n, 0, SHAPES - 1) && all_within(p->starts, n, 0, length) &&
           all_within(p->ends, n, 0, length);
}

/* Take those arrays that are not None; 0, or -1 with an exception set and none taken. */
static int take_some(PyObject *const *args, Array *a)
{
    static const char *const names[ARRAYS] = {"words",      "shapes",    "starts",        "ends",
                                              "borders",    "sentences", "caller_starts", "caller_ends",
                                              "raw_starts", "raw_ends",  "scores"};
    memset(a, 0, ARRAYS * sizeof *a);
    for (int k = 0; k < ARRAYS; k++)
        if ((args[k] != Py_None || k < RAW_STARTS) &&
            array_take(args[k], &a[k], k == SCORES ? 'f' : 'i', 4, names[k]) < 0) {
            arrays_drop(a, k);
            return -1;
        }
    return 0;
}

static PyObject *answer(Figures *self, PyObject *const *args, Py_ssize_t count, int is_told)
{
    Array a[ARRAYS];
    Passage p;
    Found found = {0};
    PyObject *made = NULL;
    if (!self->words) {
        PyErr_SetString(PyExc_RuntimeError, "what judges figures was never made");
        return NULL;
    }
    if (count != GIVEN || !PyList_Check(args[TOKENS]) || !PyUnicode_Check(args[NORMAL]) || !PyList_Check(args[TWICE]) ||
        !PyList_Check(args[ONCE])) {
        PyErr_SetString(PyExc_TypeError, "a text, what is said and what is quoted are wanted");
        return NULL;
    }
    if (take_some(args, a) < 0)
        return NULL;
    Said said = {PySequence_Tuple(args[ATTRIBUTIONS]), self->held[KINDS], args[TWICE], args[ONCE]};
    if (said.attributions && !read_passage(a, args, &p))
        PyErr_SetString(PyExc_ValueError, "tokens, sentences and scores do not fit each other");
    else if (said.attributions && find(self, &p, &found) == 0 &&
             (!found.count || judge(self, &p, &said, a[SCORES].view.buf, &found) == 0))
        made = is_told ? tell(self, args[TEXT], &p, said.attributions, &found) : judgement(&p, &found);
    found_drop(&found);
    Py_XDECREF(said.attributions);
    arrays_drop(a, ARRAYS);
    return made;
}

static PyObject *figures_told(Figures *self, PyObject *const *args, Py_ssize_t count)
{
    return answer(self, args, count, 1);
}

static PyObject *figures_judged(Figures *self, PyObject *const *args, Py_ssize_t count)
{
    return answer(self, args, count, 0);
}

#define TEXT_AND_SAID                                                                                                  \
    "(words, shapes, starts, ends, borders, sentences, caller_starts, caller_ends, " \
     "raw_starts or None, raw_ends or None, " \
    "scores or None, text, tokens, normal, attributions, double quotations, single ones) -> "

static PyMethodDef methods[] = {
    {"told", (PyCFunction)(void (*)(void))figures_told, METH_FASTCALL,
     "told" TEXT_AND_SAID "(findings, sourced, unconfirmed, weak, hedges, (hedges of each class), words)"},
    {"judged", (PyCFunction)(void (*)(void))figures_judged, METH_FASTCALL,
     "judged" TEXT_AND_SAID
     "bytes of letters, hedges, first, last, form, claim, sourced, unconfirmed, related, values"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject FiguresType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Figures",
    .tp_doc = "Figures((letters of numbers, letters of hedges, effects, signs), rare, claims, letters, words or None, "
              "trees, unit, hedges, rules, shapes of words): judges figures; scorer/signals/figures.py says with what",
    .tp_basicsize = sizeof(Figures),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)figures_init,
    .tp_dealloc = (destructor)figures_free,
    .tp_traverse = (traverseproc)figures_visit,
    .tp_clear = (inquiry)figures_forget,
    .tp_methods = methods,
};
