/* The tagger's network (scorer/network.py), on whole numbers: the same scores to the last bit as by numpy. */
#include "dense.h"
#include "pages.h"
#include <math.h>
#include <string.h>

#define TOP 2047
#define MAX_LAYERS 8
#define MAX_DILATION 4096 /* tokens: margins of so many rows go with each text */
#define MAX_HIDDEN MAX_COLUMNS
#define AHEAD 14     /* tokens whose scores are asked for before they are needed */
#define LANES 8      /* scores worked out at a time: tables of them are padded */
#define SAYS 4       /* stretches of `direct` for a word: three, and one that keeps it within a cache line */
#define STRETCH 128  /* tokens that enter at a time */
#define NEAR (PLACES / 2)
#define MAX_FLAGS 31
#define MAX_LOOKS 2048 /* 1,430 were met in 400 articles */
#define LOOK_SLOTS 4096
#define KEPT_BYTES (8 << 20) /* memory that one long text needed is given back */
#define BLOCK 8      /* rows whose sums are held at a time, so that they and the weights stay near the processor */

typedef struct {
    int dilation;
    Dense dense;
} Layer;

typedef struct {
    PyObject_HEAD
    Py_ssize_t vocabulary, shape_count, flag_count, pair_rows;
    int dimensions, hidden, columns; /* hidden is padded */
    int lanes;                       /* columns, padded */
    int8_t *words;
    Pages pages;                     /* the memory that the next six lie in */
    int8_t *direct, *pairs;          /* [vocabulary][SAYS][lanes], [pair_rows][2][lanes] */
    int16_t *rows;                   /* [vocabulary][PLACES * hidden], one for each word that was met, in that order */
    int32_t *row_numbers;            /* [vocabulary], which row is a word's, from 1 on; 0 where it was not met */
    int16_t *looks;                  /* [MAX_LOOKS + STRETCH + 2 * NEAR][PLACES * hidden], a shape with its flags, added
                                        up once */
    int32_t row_count;
    int16_t *shapes, *flags;         /* [.][PLACES * hidden] */
    uint64_t *look_keys;             /* [LOOK_SLOTS], 0 where free */
    int16_t *look_rows;              /* [LOOK_SLOTS], row of `looks` */
    int look_count;
    void *memory;                    /* what a text needs, kept for the next one */
    size_t memory_bytes;
    float shrink, direct_unit, pairs_unit;
    Dense first;                     /* what a word gives to each place of the first layer: PLACES * hidden columns */
    Dense entry;                     /* gain and shift of the first layer */
    int layer_count;
    Layer layers[MAX_LAYERS];
    Dense last, around, out;
} Network;

static void dense_free(Dense *dense)
{
    PyMem_Free(dense->block);
    memset(dense, 0, sizeof *dense);
}

static int round_up(Py_ssize_t number, int to) { return (int)((number + to - 1) / to * to); }

/* Copy floats to where as many are wanted; 0, or -1 with an exception set. */
static int floats(PyObject *given, Py_ssize_t wanted, float *to, const char *name)
{
    Array array;
    if (array_take(given, &array, 'f', 4, name) < 0)
        return -1;
    int fits = array.count == wanted;
    if (!fits)
        PyErr_Format(PyExc_ValueError, "%s: %zd numbers are wanted, got %zd", name, wanted, array.count);
    else
        memcpy(to, array.view.buf, wanted * sizeof *to);
    array_drop(&array);
    return fits ? 0 : -1;
}

/* Zeros for a layer of so many inputs and columns, both padded. */
static int blank(Dense *dense, int inputs, int columns)
{
    size_t weights = (size_t)inputs * columns * sizeof(int16_t), others = columns * sizeof(float);
    dense->inputs = inputs;
    dense->columns = columns;
    if (!(dense->block = PyMem_Calloc(weights + 2 * others + LINE, 1))) {
        PyErr_NoMemory();
        return -1;
    }
    dense->weights = line_in(dense->block);
    dense->gain = (float *)((char *)dense->weights + weights);
    dense->shift = dense->gain + columns;
    return 0;
}

/* Weights (places * width, columns) as the products read them; width and columns are padded with zeros. */
static int pack(Dense *dense, const int16_t *from, int places, Py_ssize_t width, Py_ssize_t columns)
{
    int wide = round_up(width, COLUMNS);
    if (places * wide > MOST_INPUTS) {
        PyErr_Format(PyExc_ValueError, "a layer reads %d numbers, more than %d", places * wide, MOST_INPUTS);
        return -1;
    }
    if (blank(dense, places * wide, round_up(columns, COLUMNS)) < 0)
        return -1;
    for (int place = 0; place < places; place++)
        for (Py_ssize_t k = 0; k < width; k++)
            for (Py_ssize_t c = 0; c < columns; c++) {
                Py_ssize_t row = (Py_ssize_t)place * wide + k;
                dense->weights[(row / 2 * dense->columns + c) * 2 + row % 2] = from[(place * width + k) * columns + c];
            }
    return 0;
}

static int pack_given(Dense *dense, PyObject *given, int places, Py_ssize_t width, Py_ssize_t columns, const char *name)
{
    Array array;
    if (array_take(given, &array, 'h', 2, name) < 0)
        return -1;
    int status = -1;
    if (array.count != places * width * columns)
        PyErr_Format(PyExc_ValueError, "%s: %zd numbers are wanted, got %zd", name, places * width * columns,
                     array.count);
    else
        status = pack(dense, array.view.buf, places, width, columns);
    array_drop(&array);
    return status;
}

static int dense_init(Dense *dense, PyObject *weights, PyObject *gain, PyObject *shift, int places, Py_ssize_t width,
                      Py_ssize_t columns, const char *name)
{
    if (pack_given(dense, weights, places, width, columns, name) < 0)
        return -1;
    return floats(gain, columns, dense->gain, name) < 0 ? -1 : floats(shift, columns, dense->shift, name);
}

/* A table (rows, PLACES * hidden) with each place padded; NULL with an exception set. */
static int16_t *table(PyObject *given, Py_ssize_t hidden, int padded, Py_ssize_t *rows, const char *name)
{
    Array array;
    if (array_take(given, &array, 'h', 2, name) < 0)
        return NULL;
    int16_t *copy = NULL;
    *rows = array.count / (PLACES * hidden);
    if (array.count != *rows * PLACES * hidden || !*rows)
        PyErr_Format(PyExc_ValueError, "%s: rows of %zd numbers are wanted, got %zd in all", name, PLACES * hidden,
                     array.count);
    else if (!(copy = PyMem_Calloc((size_t)*rows * PLACES * padded, sizeof *copy)))
        PyErr_NoMemory();
    else
        for (Py_ssize_t stretch = 0; stretch < *rows * PLACES; stretch++)
            memcpy(copy + stretch * padded, (int16_t *)array.view.buf + stretch * hidden, hidden * sizeof *copy);
    array_drop(&array);
    return copy;
}

/* Fill `to` with a table of bytes: `rows` rows of `told` stretches of `columns` scores, of which each gets `lanes`
 * bytes and each row room for `kept` of them. 0, or -1 with an exception set. */
static int bytes(PyObject *given, Py_ssize_t rows, int told, int kept, int columns, int lanes, int8_t *to,
                 const char *name)
{
    Array array;
    if (array_take(given, &array, 'b', 1, name) < 0)
        return -1;
    int fits = array.count == rows * told * columns;
    if (!fits)
        PyErr_Format(PyExc_ValueError, "%s: %zd rows of %d scores are wanted, got %zd in all", name, rows,
                     told * columns, array.count);
    else
        for (Py_ssize_t row = 0; row < rows; row++)
            for (int i = 0; i < told; i++)
                memcpy(to + (row * kept + i) * lanes, (int8_t *)array.view.buf + (row * told + i) * columns, columns);
    array_drop(&array);
    return fits ? 0 : -1;
}

static void network_free(Network *self)
{
    PyMem_Free(self->words);
    pages_free(&self->pages);
    PyMem_Free(self->shapes);
    PyMem_Free(self->flags);
    PyMem_Free(self->look_keys);
    PyMem_Free(self->look_rows);
    PyMem_Free(self->memory);
    dense_free(&self->first);
    dense_free(&self->entry);
    dense_free(&self->last);
    dense_free(&self->around);
    dense_free(&self->out);
    for (int i = 0; i < MAX_LAYERS; i++)
        dense_free(&self->layers[i].dense);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int read_layers(Network *self, PyObject *layers, Py_ssize_t hidden)
{
    Py_ssize_t count = PyTuple_GET_SIZE(layers);
    if (count > MAX_LAYERS) {
        PyErr_Format(PyExc_ValueError, "a network has at most %d dilated layers, got %zd", MAX_LAYERS, count);
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *weights, *gain, *shift;
        Layer *layer = &self->layers[i];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(layers, i), "iOOO", &layer->dilation, &weights, &gain, &shift) ||
            dense_init(&layer->dense, weights, gain, shift, 3, hidden, hidden, "layer") < 0)
            return -1;
        if (layer->dilation < 1 || layer->dilation > MAX_DILATION) {
            PyErr_Format(PyExc_ValueError, "a layer reads 1 to %d tokens away, got %d", MAX_DILATION, layer->dilation);
            return -1;
        }
    }
    self->layer_count = (int)count;
    return 0;
}

/* The tables that are looked up in here and there. `looks` is set last: where it is, all are. */
static int make_tables(Network *self, PyObject *direct, PyObject *pairs)
{
    if (self->pair_rows < 1 || self->pair_rows & (self->pair_rows - 1)) {
        PyErr_SetString(PyExc_ValueError, "pairs: a power of two of rows is wanted");
        return -1;
    }
    size_t words = self->vocabulary, wide = (size_t)PLACES * self->hidden * sizeof(int16_t);
    size_t numbers = words * sizeof *self->row_numbers, said = words * SAYS * self->lanes;
    size_t paired = (size_t)self->pair_rows * 2 * self->lanes, looks = (MAX_LOOKS + STRETCH + 2 * NEAR) * wide;
    if (pages_take(&self->pages, numbers + said + paired + looks + words * wide + 5 * PAGES_SPARE) < 0)
        return -1;
    self->row_numbers = pages_give(&self->pages, numbers);
    self->direct = pages_give(&self->pages, said);
    self->pairs = pages_give(&self->pages, paired);
    int16_t *first_look = pages_give(&self->pages, looks);
    self->rows = pages_give(&self->pages, words * wide); /* the last: what is met of it lies together */
    self->look_keys = PyMem_Calloc(LOOK_SLOTS, sizeof *self->look_keys);
    self->look_rows = PyMem_Calloc(LOOK_SLOTS, sizeof *self->look_rows);
    if (!self->rows || !self->look_keys || !self->look_rows) {
        PyErr_NoMemory();
        return -1;
    }
    if (bytes(direct, self->vocabulary, 3, SAYS, self->columns, self->lanes, self->direct, "direct") < 0 ||
        bytes(pairs, self->pair_rows, 2, 2, self->columns, self->lanes, self->pairs, "pairs") < 0)
        return -1;
    self->looks = first_look;
    return 0;
}

static int few_flags(const Network *self)
{
    if (self->flag_count <= MAX_FLAGS)
        return 0;
    PyErr_Format(PyExc_ValueError, "a token has at most %d flags, got %zd", MAX_FLAGS, self->flag_count);
    return -1;
}

static int network_init(Network *self, PyObject *args, PyObject *named)
{
    PyObject *words, *first, *gain, *shift, *shapes, *flags, *layers, *last, *around, *last_gain, *last_shift;
    PyObject *out, *out_gain, *out_shift, *direct, *pairs;
    Py_ssize_t count, hidden;
    if (self->words) {
        PyErr_SetString(PyExc_RuntimeError, "a network is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "OOOOfOOO!OOOOOOOOfOf", &words, &first, &gain, &shift, &self->shrink, &shapes, &flags,
                          &PyTuple_Type, &layers, &last, &around, &last_gain, &last_shift, &out, &out_gain, &out_shift,
                          &direct, &self->direct_unit, &pairs, &self->pairs_unit))
        return -1;
    hidden = PyObject_Length(gain);
    self->columns = (int)PyObject_Length(out_gain);
    self->vocabulary = PyObject_Length(words);
    self->pair_rows = PyObject_Length(pairs);
    if (PyErr_Occurred())
        return -1;
    self->hidden = round_up(hidden, COLUMNS);
    self->lanes = round_up(self->columns, LANES);
    if (hidden < 1 || hidden > MAX_HIDDEN || self->columns < 1 || self->columns > MAX_HIDDEN) {
        PyErr_Format(PyExc_ValueError, "a layer has 1 to %d columns, got %zd and %d", MAX_HIDDEN, hidden,
                     self->columns);
        return -1;
    }
    if (!(self->words = array_copy(words, 'b', 1, &count, "words")))
        return -1;
    self->dimensions = self->vocabulary ? (int)(count / self->vocabulary) : 0;
    Py_ssize_t rows;
    int16_t *by_place = table(first, hidden, self->hidden, &rows, "first");
    if (!by_place)
        return -1;
    int packed = -1;
    if (rows != self->dimensions || rows > MAX_COLUMNS)
        PyErr_SetString(PyExc_ValueError, "first: one row for each dimension of the words is wanted");
    else
        packed = pack(&self->first, by_place, 1, rows, PLACES * self->hidden);
    PyMem_Free(by_place);
    if (packed < 0)
        return -1;
    if (blank(&self->entry, 0, self->hidden) < 0 || floats(gain, hidden, self->entry.gain, "gain") < 0 ||
        floats(shift, hidden, self->entry.shift, "shift") < 0 ||
        !(self->shapes = table(shapes, hidden, self->hidden, &self->shape_count, "shapes")) ||
        !(self->flags = table(flags, hidden, self->hidden, &self->flag_count, "flags")) ||
        few_flags(self) < 0 || read_layers(self, layers, hidden) < 0 ||
        dense_init(&self->last, last, last_gain, last_shift, 1, hidden, hidden, "last") < 0 ||
        pack_given(&self->around, around, 3, hidden, hidden, "around") < 0 ||
        dense_init(&self->out, out, out_gain, out_shift, 1, hidden, self->columns, "out") < 0)
        return -1;
    return make_tables(self, direct, pairs);
}

VECTOR static void shrink(const int32_t *restrict sums, int wide, float by, int16_t *restrict row)
{
    for (int c = 0; c < wide; c++)
        row[c] = (int16_t)rintf((float)sums[c] * by);
}

/* What a word gives to the first layer at each place of the window. */
static void word_row(const Network *self, int32_t word, int16_t *row)
{
    int16_t vector[MAX_COLUMNS] = {0};
    int32_t sums[PLACES * MAX_HIDDEN];
    for (int d = 0; d < self->dimensions; d++)
        vector[d] = self->words[(Py_ssize_t)word * self->dimensions + d];
    dense_sums(&self->first, vector, 0, 1, 0, self->first.inputs, 1, sums);
    shrink(sums, self->first.columns, self->shrink, row);
}

static const int16_t *row_of(Network *self, int32_t word)
{
    int wide = PLACES * self->hidden;
    if (self->row_numbers[word])
        return self->rows + (Py_ssize_t)(self->row_numbers[word] - 1) * wide;
    int16_t *row = self->rows + (Py_ssize_t)self->row_count * wide;
    word_row(self, word, row);
    self->row_numbers[word] = ++self->row_count;
    return row;
}

VECTOR static void add_row(const int16_t *restrict from, int wide, int16_t *restrict row)
{
    for (int c = 0; c < wide; c++)
        row[c] = (int16_t)(row[c] + from[c]);
}

/* What a shape with these flags gives, as a row of `looks`: few combinations are ever met. */
static const int16_t *look_of(Network *self, int32_t shape, int32_t flags, int16_t *spare)
{
    int wide = PLACES * self->hidden;
    uint64_t key = (uint64_t)(shape + 1) << MAX_FLAGS | (uint32_t)flags;
    Py_ssize_t slot = (Py_ssize_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 52); /* 12 bits: LOOK_SLOTS */
    while (self->look_keys[slot] && self->look_keys[slot] != key)
        slot = (slot + 1) % LOOK_SLOTS;
    if (self->look_keys[slot])
        return self->looks + (Py_ssize_t)self->look_rows[slot] * wide;
    int16_t *row = self->look_count < MAX_LOOKS ? self->looks + (Py_ssize_t)self->look_count * wide : spare;
    memcpy(row, self->shapes + (Py_ssize_t)shape * wide, wide * sizeof *row);
    for (Py_ssize_t f = 0; f < self->flag_count; f++)
        if (flags >> f & 1)
            add_row(self->flags + f * wide, wide, row);
    if (row != spare) {
        self->look_keys[slot] = key;
        self->look_rows[slot] = (int16_t)self->look_count++;
    }
    return row;
}

static const int16_t no_row[PLACES * MAX_HIDDEN]; /* of a place beyond the ends of a text */

/* First layer: rows of tables added up, which stays within 16 bits (scorer/network.py sees to that). */
static void enter(Network *self, const int32_t *words, const int32_t *shapes, const int32_t *flags, Py_ssize_t n,
                  int16_t *hidden)
{
    const int16_t *word_rows[STRETCH + 2 * NEAR], *look_rows[STRETCH + 2 * NEAR];
    const Py_ssize_t wide = PLACES * self->hidden;
    if (self->look_count == MAX_LOOKS) { /* start afresh: pointers into it live for one text only */
        memset(self->look_keys, 0, LOOK_SLOTS * sizeof *self->look_keys);
        self->look_count = 0;
    }
    for (Py_ssize_t begin = 0; begin < n; begin += STRETCH) {
        Py_ssize_t count = n - begin < STRETCH ? n - begin : STRETCH;
        for (Py_ssize_t i = 0; i < count + 2 * NEAR; i++) {
            Py_ssize_t t = begin + i - NEAR;
            int within = t >= 0 && t < n;
            int16_t *spare = self->looks + (MAX_LOOKS + i) * wide; /* for hostile texts, which fill `looks` */
            word_rows[i] = within ? row_of(self, words[t]) : no_row;
            look_rows[i] = within ? look_of(self, shapes[t], flags[t], spare) : no_row;
        }
        dense_enter(&self->entry, word_rows, look_rows, count, hidden + begin * self->hidden, TOP);
    }
}

/* The largest values of `count` rows in each column, zero at least. */
VECTOR static void strongest(const int16_t *values, Py_ssize_t count, int width, int16_t *most)
{
    for (Py_ssize_t row = 0; row < count; row++, values += width)
        for (int c = 0; c < width; c++)
            most[c] = values[c] > most[c] ? values[c] : most[c];
}

/* One dilated layer: `to` = min(`from` + what the layer makes of it, TOP). */
static void widen(const Layer *layer, const int16_t *from, int16_t *to, Py_ssize_t n, int width)
{
    Py_ssize_t apart = (Py_ssize_t)layer->dilation * width;
    dense_layer(&layer->dense, from - apart, width, 3, apart, width, n, NULL, from, to, TOP);
}

/* Row of `pairs` of each word with the next. */
static void pair_all(const Network *self, const int32_t *words, Py_ssize_t n, int32_t *pair_rows)
{
    for (Py_ssize_t t = 0; t < n; t++) {
        int64_t mixed = (int64_t)words[t] * 40503 + (t + 1 < n ? words[t + 1] : 0);
        pair_rows[t] = (int32_t)((mixed * INT64_C(2654435761) >> 12) & (int64_t)(self->pair_rows - 1));
    }
}

static const int8_t nothing[MAX_COLUMNS + LANES];

/* Scores of the tokens `begin`, ... out of the sums of the last layer, and what words and pairs of words say by
 * themselves added to them. */
VECTOR static void speak(const Network *self, const int32_t *words, const int32_t *pair_rows, Py_ssize_t begin,
                         Py_ssize_t count, Py_ssize_t n, const int32_t *sums, float *scores)
{
    const Py_ssize_t lanes = self->lanes;
    const float *end = scores + n * self->columns;
    for (Py_ssize_t t = begin; t < begin + count; t++, sums += self->out.columns) {
        const int8_t *here = self->direct + ((Py_ssize_t)words[t] * SAYS + 1) * lanes;
        const int8_t *next = t + 1 < n ? self->direct + (Py_ssize_t)words[t + 1] * SAYS * lanes : nothing;
        const int8_t *before = t ? self->direct + ((Py_ssize_t)words[t - 1] * SAYS + 2) * lanes : nothing;
        const int8_t *paired = self->pairs + (Py_ssize_t)pair_rows[t] * 2 * lanes;
        const int8_t *last_pair = t ? self->pairs + ((Py_ssize_t)pair_rows[t - 1] * 2 + 1) * lanes : nothing;
        if (t + AHEAD < n) {
            fetch(self->direct + (Py_ssize_t)words[t + AHEAD] * SAYS * lanes, SAYS * lanes);
            fetch(self->pairs + (Py_ssize_t)pair_rows[t + AHEAD] * 2 * lanes, 2 * lanes);
        }
        for (int from = 0; from < self->columns; from += LANES) {
            float made[LANES];
            for (int c = 0; c < LANES; c++) {
                int said = here[from + c] + next[from + c] + before[from + c];
                int together = paired[from + c] + last_pair[from + c];
                float score = (float)sums[from + c] * self->out.gain[from + c];
                score += self->out.shift[from + c];
                score += (float)said * self->direct_unit;
                score += (float)together * self->pairs_unit;
                made[c] = score;
            }
            float *to = scores + t * self->columns + from;
            if (end - to >= LANES) /* what is too much is written over by what follows */
                memcpy(to, made, sizeof made);
            else
                memcpy(to, made, (self->columns - from < LANES ? self->columns - from : LANES) * sizeof *made);
        }
    }
}

typedef struct {
    int16_t *one, *two, *pooled; /* hidden columns twice, with margins of zeros; the sentences' strongest */
    int32_t *sums, *around, *pair_rows;
} Room;

/* The places in the network's memory for a text of n tokens and m sentences; 0, or -1 with an exception set. */
static int make_room(Network *self, Py_ssize_t n, Py_ssize_t m, Room *room)
{
    size_t width = self->hidden, margin = 1, wide = self->out.columns;
    wide = wide > width ? wide : width;
    for (int i = 0; i < self->layer_count; i++)
        if (self->layers[i].dilation > (int)margin)
            margin = self->layers[i].dilation;
    size_t hidden = (n + 2 * margin) * width, pooled = (m + 2) * width;
    size_t needed = (2 * hidden + pooled) * sizeof(int16_t) + (BLOCK * wide + m * width + n) * sizeof(int32_t) + LINE;
    if (needed > self->memory_bytes) {
        PyMem_Free(self->memory);
        self->memory_bytes = 0;
        if (!(self->memory = PyMem_Malloc(needed))) {
            PyErr_NoMemory();
            return -1;
        }
        self->memory_bytes = needed;
    }
    room->sums = line_in(self->memory);
    room->around = room->sums + BLOCK * wide;
    int16_t *hidden_one = (int16_t *)(room->around + m * width), *hidden_two = hidden_one + hidden;
    for (int16_t **at = (int16_t *[]){hidden_one, hidden_two, NULL}; *at; at++) {
        memset(*at, 0, margin * width * sizeof **at);
        memset(*at + hidden - margin * width, 0, margin * width * sizeof **at);
    }
    room->one = hidden_one + margin * width;
    room->two = hidden_two + margin * width;
    room->pooled = hidden_two + hidden;
    memset(room->pooled, 0, pooled * sizeof *room->pooled);
    room->pair_rows = (int32_t *)(room->pooled + pooled); /* last, so that rows begin where lines do */
    return 0;
}

static void run(Network *self, const int32_t *words, const int32_t *shapes, const int32_t *flags,
                const int32_t *sentences, Py_ssize_t n, Py_ssize_t m, const Room *room, float *scores)
{
    int width = self->hidden;
    int16_t *one = room->one, *two = room->two, *pooled = room->pooled;
    int32_t *sums = room->sums, *around = room->around;
    enter(self, words, shapes, flags, n, one);
    for (int i = 0; i < self->layer_count; i++) {
        widen(&self->layers[i], one, two, n, width);
        int16_t *swapped = one;
        one = two;
        two = swapped;
    }
    /* the strongest values of each sentence, between a sentence of zeros before and one behind */
    for (Py_ssize_t s = 0; s < m; s++)
        strongest(one + sentences[s] * width, sentences[s + 1] - sentences[s], width, pooled + (s + 1) * width);
    dense_sums(&self->around, pooled, width, 3, width, width, m, around);
    for (Py_ssize_t s = 0; s < m; s++) { /* activations of the last layer take the place of `two` */
        Py_ssize_t begin = sentences[s], count = sentences[s + 1] - begin;
        dense_layer(&self->last, one + begin * width, width, 1, 0, width, count, around + s * width, NULL,
                    two + begin * width, TOP);
    }
    pair_all(self, words, n, room->pair_rows);
    for (Py_ssize_t begin = 0; begin < n; begin += BLOCK) {
        Py_ssize_t count = n - begin < BLOCK ? n - begin : BLOCK;
        dense_sums(&self->out, two + begin * width, width, 1, 0, width, count, sums);
        speak(self, words, room->pair_rows, begin, count, n, sums, scores);
    }
}

/* Whether ids and borders stay inside the tables: what is read below is trusted after this. */
static int sound(const Network *self, const Array *words, const Array *shapes, const Array *flags,
                 const Array *sentences)
{
    Py_ssize_t n = words->count, m = sentences->count - 1;
    const int32_t *word = words->view.buf, *shape = shapes->view.buf, *flag = flags->view.buf;
    const int32_t *border = sentences->view.buf;
    int good = n > 0 && shapes->count == n && flags->count == n && m > 0 && border[0] == 0 && border[m] == n &&
               all_within(word, n, 0, self->vocabulary - 1) && all_within(shape, n, 0, self->shape_count - 1) &&
               all_within(flag, n, 0, ((Py_ssize_t)1 << self->flag_count) - 1);
    for (Py_ssize_t s = 0; good && s < m; s++)
        good = border[s] < border[s + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "words, shapes, flags and sentences do not fit each other or the network");
    return good;
}

static PyObject *network_scores(Network *self, PyObject *const *args, Py_ssize_t count)
{
    enum { WORDS, SHAPES, FLAGS, SENTENCES, ARRAYS };
    static const char *const names[ARRAYS] = {"words", "shapes", "flags", "sentences"};
    Array a[ARRAYS];
    PyObject *found = NULL;
    if (count != ARRAYS) {
        PyErr_SetString(PyExc_TypeError, "scores(words, shapes, flags, sentences)");
        return NULL;
    }
    if (!self->looks) { /* the last that is set */
        PyErr_SetString(PyExc_RuntimeError, "a network that was never made");
        return NULL;
    }
    if (arrays_take(args, a, "iiii", names) < 0)
        return NULL;
    if (sound(self, &a[WORDS], &a[SHAPES], &a[FLAGS], &a[SENTENCES])) {
        Py_ssize_t n = a[WORDS].count, m = a[SENTENCES].count - 1;
        Room room;
        found = PyBytes_FromStringAndSize(NULL, n * self->columns * (Py_ssize_t)sizeof(float));
        if (found && make_room(self, n, m, &room) < 0)
            Py_CLEAR(found);
        if (found)
            run(self, a[WORDS].view.buf, a[SHAPES].view.buf, a[FLAGS].view.buf, a[SENTENCES].view.buf, n, m, &room,
                (float *)PyBytes_AS_STRING(found));
        if (self->memory_bytes > KEPT_BYTES) {
            PyMem_Free(self->memory);
            self->memory = NULL;
            self->memory_bytes = 0;
        }
    }
    arrays_drop(a, ARRAYS);
    return found;
}

static PyMethodDef methods[] = {
    {"scores", (PyCFunction)(void (*)(void))network_scores, METH_FASTCALL,
     "scores(words, shapes, flags, sentences) -> bytes of float32 (n, columns)"},
    {NULL, NULL, 0, NULL},
};

PyTypeObject NetworkType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scorer.kernel.native.Network",
    .tp_doc = "The tagger's network; takes what scorer.network.flat gives",
    .tp_basicsize = sizeof(Network),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)network_init,
    .tp_dealloc = (destructor)network_free,
    .tp_methods = methods,
};
