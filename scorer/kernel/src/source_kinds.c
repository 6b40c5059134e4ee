/* Of what kinds sources are: scorer.source_kinds.SourceKinds.named, written out. */
#include "evidence.h"

enum { MOST_KINDS = 8, TITLE = 1, INITIAL = 4 };
/* Places in scorer.mentions.KINDS: what stands for a name is of one before ANONYMOUS, what shows no name is not NAMED. */
enum { NAMED, ANONYMOUS = 3 };

typedef struct {
    PyObject *resolved, *key; /* borrowed */
    Stretch run;
    int by_rule, kind; /* places of kinds: by its words alone, and as settled */
    int first, end;    /* the kinds that it may be of */
    int is_led_back;
    Py_ssize_t next; /* the next source with this key, or -1 */
} Source;

typedef struct {
    Tokens tokens;
    PyObject *written, *function_words, *names; /* names of the kinds, a tuple */
    const int32_t *shapes, *masks;
    Py_ssize_t vocabulary, count;
    int32_t split; /* the bit of words that end a head; the lists have the bits below it */
    Table table;
    const double *units, *biases;
    Source *sources;
    double *odds; /* (count, columns) */
} Kinds;

/* Add what speaks of a source. */
static void tell_kind(const Kinds *k, const Source *s, int64_t *sums)
{
    const Tokens *t = &k->tokens;
    const Table *table = &k->table;
    Stretch run = s->run, sentence = sentence_of(t, run.first);
    Py_ssize_t head = run.first + 1;
    while (head < run.last && !(k->masks[t->words[head]] & k->split))
        head++;
    head--;
    uint32_t lists = (uint32_t)k->split - 1, before = 0, capitals = 0;
    uint32_t kind = (uint32_t)s->by_rule, kinds = (uint32_t)table->columns;
    for (Py_ssize_t i = run.first; i < head; i++)
        before |= (uint32_t)k->masks[t->words[i]] & lists;
    for (Py_ssize_t i = run.first; i < run.last; i++)
        capitals += k->shapes[i] >= TITLE && k->shapes[i] <= INITIAL;
    uint32_t at_head = (uint32_t)k->masks[t->words[head]] & lists;
    table_add(table, 0, kind, sums);
    table_add(table, 1, (uint32_t)t->words[run.first], sums);
    table_add(table, 2, (uint32_t)t->words[run.last - 1], sums);
    table_add(table, 3, (uint32_t)t->words[head], sums);
    table_add(table, 4, 2 * kind + (s->resolved != Py_None), sums);
    table_add(table, 5, word_before(t, run.first, sentence), sums);
    table_add(table, 6, word_at(t, run.last, sentence), sums);
    table_add(table, 7, 8 * kind + (capitals < 7 ? capitals : 7), sums);
    table_add(table, 8, at_head, sums);
    table_add(table, 9, (uint32_t)k->masks[t->words[run.last - 1]] & lists, sums);
    table_add(table, 10, before, sums);
    table_add(table, 11, (uint32_t)k->masks[t->words[run.first]] & lists, sums);
    table_add(table, 12, at_head * kinds + kind, sums);
    for (uint32_t bit = 0; before >> bit; bit++)
        if (before >> bit & 1)
            table_add(table, 13, bit * kinds + kind, sums);
    for (Py_ssize_t i = run.first; i < run.last; i++)
        table_add(table, 14, (uint32_t)t->words[i], sums);
    if (run.last - run.first == 1)
        table_add(table, 15 + kind, (uint32_t)t->words[run.first], sums);
}

/* Whether one of words [first, last) of a list is capitalised and no function word; -1 with an exception set. */
static int holds_name(const Kinds *k, PyObject *words, Py_ssize_t first, Py_ssize_t last)
{
    int holds = 0;
    for (Py_ssize_t i = first; i < last && !holds; i++) {
        PyObject *word = PyList_GET_ITEM(words, i);
        if (Py_UNICODE_ISUPPER(PyUnicode_READ_CHAR(word, 0))) {
            int common = holds_lower(k->function_words, word);
            if (common < 0)
                return -1;
            holds = !common;
        }
    }
    return holds;
}

/* Set the kinds that a source may be of; 0, or -1 with an exception set. */
static int limit_kinds(const Kinds *k, Source *s)
{
    int named = 0;
    if (s->resolved != Py_None) {
        PyObject *words = PyUnicode_Split(s->resolved, NULL, -1);
        named = words ? holds_name(k, words, 0, PyList_GET_SIZE(words)) : -1;
        Py_XDECREF(words);
    }
    int shown = s->run.last - s->run.first == 1;
    if (!named && !shown)
        shown = holds_name(k, k->written, s->run.first, s->run.last);
    s->first = named || shown ? NAMED : NAMED + 1;
    s->end = named ? ANONYMOUS : k->table.columns;
    return named < 0 || shown < 0 ? -1 : 0;
}

/* The place of a kind by its name, or -1 with an exception set. */
static int place_of(const Kinds *k, PyObject *kind)
{
    for (int c = 0; c < k->table.columns; c++) {
        int same = PyObject_RichCompareBool(PyTuple_GET_ITEM(k->names, c), kind, Py_EQ);
        if (same)
            return same < 0 ? -1 : c;
    }
    PyErr_SetString(PyExc_ValueError, "a source is of no known kind");
    return -1;
}

/* Read the sources, work out their log-odds, and join those of one key; 0, or -1 with an exception set. `heads` takes
 * the first source of each key. */
static int read_sources(Kinds *k, PyObject *runs, PyObject *described, PyObject *heads)
{
    int columns = k->table.columns;
    for (Py_ssize_t i = k->count; i-- > 0;) { /* backwards, so that each finds the one after it */
        Source *s = &k->sources[i];
        PyObject *told = PyList_GET_ITEM(described, i), *kind;
        int64_t sums[MOST_KINDS] = {0};
        int read = stretch_read(PyList_GET_ITEM(runs, i), k->tokens.n, &s->run);
        if (read > 0 && PyTuple_Check(told) && PyTuple_GET_SIZE(told) == 3) {
            kind = PyTuple_GET_ITEM(told, 0);
            s->resolved = PyTuple_GET_ITEM(told, 1);
            s->key = PyTuple_GET_ITEM(told, 2);
        } else {
            if (read >= 0)
                PyErr_SetString(PyExc_ValueError, "a source is a run with its kind, whom it stands for and its key");
            return -1;
        }
        if ((s->resolved != Py_None && !PyUnicode_CheckExact(s->resolved)) || !PyUnicode_CheckExact(s->key) ||
            !PyUnicode_CheckExact(kind)) {
            PyErr_SetString(PyExc_TypeError, "the kind of a source, whom it stands for and its key are strings");
            return -1;
        }
        s->is_led_back = s->resolved != Py_None && s->run.last - s->run.first == 1;
        if ((s->by_rule = s->kind = place_of(k, kind)) < 0 || limit_kinds(k, s) < 0)
            return -1;
        tell_kind(k, s, sums);
        for (int c = 0; c < columns; c++)
            k->odds[i * columns + c] = (double)sums[c] * k->units[c] + k->biases[c];
        PyObject *after = PyDict_GetItemWithError(heads, s->key), *number = PyLong_FromSsize_t(i);
        s->next = after ? PyLong_AsSsize_t(after) : -1;
        int status = !number || PyErr_Occurred() ? -1 : PyDict_SetItem(heads, s->key, number);
        Py_XDECREF(number);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* Give the sources of one key, from `head` on, the kind that their log-odds added up speak for. */
static void settle(Kinds *k, Py_ssize_t head)
{
    int columns = k->table.columns, any = 0;
    double summed[MOST_KINDS];
    for (Py_ssize_t i = head; i >= 0; i = k->sources[i].next) {
        if (k->sources[i].is_led_back)
            continue;
        for (int c = 0; c < columns; c++)
            summed[c] = any ? summed[c] + k->odds[i * columns + c] : k->odds[i * columns + c];
        any = 1;
    }
    for (Py_ssize_t i = any ? head : -1; i >= 0; i = k->sources[i].next) {
        Source *s = &k->sources[i];
        s->kind = s->first;
        for (int c = s->first + 1; c < s->end; c++)
            if (summed[c] > summed[s->kind])
                s->kind = c;
    }
}

/* {source: what is known of it}, made anew by `make` where the kind is another. */
static PyObject *settled(Kinds *k, PyObject *runs, PyObject *described, PyObject *make)
{
    PyObject *heads = PyDict_New(), *found = PyDict_New(), *head, *key;
    Py_ssize_t place = 0;
    if (!heads || !found || read_sources(k, runs, described, heads) < 0)
        goto failed;
    while (PyDict_Next(heads, &place, &key, &head))
        settle(k, PyLong_AsSsize_t(head));
    for (Py_ssize_t i = 0; i < k->count; i++) {
        const Source *s = &k->sources[i];
        PyObject *one = s->kind == s->by_rule ? Py_NewRef(PyList_GET_ITEM(described, i))
                                              : PyObject_CallFunctionObjArgs(make, PyTuple_GET_ITEM(k->names, s->kind),
                                                                             s->resolved, s->key, NULL);
        if (!one)
            goto failed;
        int status = PyDict_SetItem(found, PyList_GET_ITEM(runs, i), one);
        Py_DECREF(one);
        if (status < 0)
            goto failed;
    }
    goto done;
failed:
    Py_CLEAR(found);
done:
    Py_XDECREF(heads);
    return found;
}

/* Whether words and tables fit each other. */
static int sound(const Kinds *k, const Array *shapes, const Array *table, const Array *units, const Array *biases)
{
    int columns = k->table.columns;
    int good = tokens_sound(&k->tokens) && shapes->count == k->tokens.n && written_sound(k->written, &k->tokens) &&
               k->table.bits >= 1 && k->table.bits <= MOST_BITS && columns > ANONYMOUS && columns <= MOST_KINDS &&
               table->count == (Py_ssize_t)columns << k->table.bits && units->count == columns &&
               biases->count == columns && k->split > 0 && !(k->split & (k->split - 1));
    for (Py_ssize_t i = 0; good && i < k->tokens.n; i++)
        good = k->tokens.words[i] >= 0 && k->tokens.words[i] < k->vocabulary;
    if (!good)
        PyErr_SetString(PyExc_ValueError, "words, sentences, sources and weights do not fit each other");
    return good;
}

PyObject *kernel_source_kinds(PyObject *self, PyObject *args)
{
    enum { WORDS, SHAPES, BORDERS, MASKS, TABLE, UNITS, BIASES, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "sentences", "masks", "table", "units", "biases"};
    PyObject *given[ARRAYS], *runs, *described, *make, *weights, *found = NULL;
    Array a[ARRAYS];
    Kinds k = {0};
    if (!PyArg_ParseTuple(args, "O!OOOO!O!OO!OO!", &PyList_Type, &k.written, &given[WORDS], &given[SHAPES],
                          &given[BORDERS], &PyList_Type, &runs, &PyList_Type, &described, &given[MASKS],
                          &PyFrozenSet_Type, &k.function_words, &make, &PyTuple_Type, &weights) ||
        !PyArg_ParseTuple(weights, "OOOiiO!", &given[TABLE], &given[UNITS], &given[BIASES], &k.table.bits, &k.split,
                          &PyTuple_Type, &k.names) ||
        arrays_take(given, a, "iiiibdd", names) < 0)
        return NULL;
    k.tokens = (Tokens){a[WORDS].view.buf, a[BORDERS].view.buf, a[WORDS].count, a[BORDERS].count - 1};
    k.shapes = a[SHAPES].view.buf;
    k.masks = a[MASKS].view.buf;
    k.vocabulary = a[MASKS].count;
    k.table.rows = a[TABLE].view.buf;
    k.table.columns = (int)PyTuple_GET_SIZE(k.names);
    k.units = a[UNITS].view.buf;
    k.biases = a[BIASES].view.buf;
    k.count = PyList_GET_SIZE(runs);
    if (PyList_GET_SIZE(described) != k.count)
        PyErr_SetString(PyExc_ValueError, "each source wants to be described once");
    else if (sound(&k, &a[SHAPES], &a[TABLE], &a[UNITS], &a[BIASES])) {
        k.sources = PyMem_Calloc(k.count + 1, sizeof *k.sources);
        k.odds = PyMem_Calloc((k.count + 1) * k.table.columns, sizeof *k.odds);
        if (k.sources && k.odds)
            found = settled(&k, runs, described, make);
        else
            PyErr_NoMemory();
        PyMem_Free(k.sources);
        PyMem_Free(k.odds);
    }
    arrays_drop(a, ARRAYS);
    return found;
}
