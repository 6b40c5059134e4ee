/* Which cue a piece of content belongs to: scorer.content_ties, written out. */
#include "links.h"
#include <math.h>

enum { REACH = SLOTS / 2, RIGHT_AFTER = 2, RIGHT_BEFORE = 4, QUOTED_TOKENS = 5 };
static const float MARGIN = 3;
enum { BEFORE, AFTER, INSIDE };
/* Classes of tokens; 0 is no token. scorer/token_classes.py has them in the same order. */
enum {
    NONE, BUT, WHILE, ALTHOUGH, THOUGH, WHEREAS, AND, AS, WHEN, AFTER_WORD, BEFORE_WORD, BECAUSE, IF, WHICH, WHO,
    THAT_WORD,
    LAST_JOINER = THAT_WORD,
    HOWEVER, OR, NOR, SINCE, SO, FOR, YET, UNLESS, UNTIL, DESPITE, WITH, WITHOUT, BY_WORD, IN, ON, AT, OF, TO,
    FROM_WORD,
    WHOM, WHOSE, WHERE, WHETHER, LAST_FUNCTION_WORD = WHETHER,
    COMMA_MARK, FULL_STOP, SEMICOLON, COLON, QUESTION, EXCLAMATION, LONG_DASH, DASH, HYPHEN, OPENING, CLOSING, ELLIPSIS,
    BAR, LAST_MARK = BAR,
    ARTICLE_WORD, DETERMINER, PRONOUN, ENDS_ING, ENDS_ED, ENDS_LY, WORD, CAPITALISED, NUMBER, QUOTE, TOKEN_CLASSES
};
_Static_assert(4 * TOKEN_CLASSES == CONTENT_BUCKETS, "a bucket for each class of token and what is beside the cue");

/* A cue and its surroundings: the number of a piece right before and right after it, or -1, and what such a piece is to
 * another one (side_of); its first word's number; the classes of its first token and those around it; its sentence, and
 * the class of the word that opens this; whether it has content; the place among all pieces' owners that is likeliest
 * its own, -1 before any was looked at. */
typedef struct {
    Run run;
    int32_t before, after, before_side, after_side, head, has_content, here, opens;
    uint8_t first, left, right, opening;
    Py_ssize_t likeliest;
    float odds;
} Beside;

/* A piece of content: its number; the sentences in which it begins and ends; the classes of its first and last token
 * and of those around it; whether it is quoted. */
typedef struct {
    Run run;
    int32_t number, begins, ends;
    uint8_t first, last, left, right, quoted;
} Piece;

/* A text with its runs, as both sides of a tie see it: counts before each token, (n + 1,) each; the last joiner up to
 * each token, or -1. */
typedef struct {
    const Told *told;
    const Runs *cues, *content;
    const uint8_t *quoted, *classes;
    int32_t *commas, *marks, *begun[3], *join;
    Beside *beside;
} Ground;

enum { SHAPES = 14, BEGINS = 64 }; /* scorer.rule_words.BEGINS */
_Static_assert(TOKEN_CLASSES < BEGINS, "the bit lies above the classes");

/* By its shape alone, and that of a word of no class of its own: scorer.lexicon.Shape. */
static const uint8_t by_shape[SHAPES] = {
    WORD, CAPITALISED, CAPITALISED, CAPITALISED, CAPITALISED, NUMBER, NUMBER,
    WORD, WORD,        QUOTE,       QUOTE,       QUOTE,       WORD,   WORD,
};

static uint8_t class_of(int32_t shape, uint8_t by_word)
{
    uint8_t shaped = shape >= 0 && shape < SHAPES ? by_shape[shape] : WORD;
    return by_word == WORD || shaped == QUOTE ? shaped : by_word;
}

static int is_word(uint8_t class)
{
    return class && (class <= LAST_FUNCTION_WORD || (class > LAST_MARK && class != QUOTE));
}

/* Whether content that ends with a token of this class, before one of that, has a loose end. */
static int is_frayed(uint8_t ending, uint8_t behind)
{
    switch (ending) {
    case COMMA_MARK: case SEMICOLON: case COLON: case LONG_DASH: case DASH: case HYPHEN: case OPENING:
        return 1;
    case BUT: case WHILE: case ALTHOUGH: case WHEREAS: case AND: case AS: case WHEN: case AFTER_WORD:
    case BEFORE_WORD: case BECAUSE: case IF: case WHICH: case WHO: case THAT_WORD: case OR: case NOR: case UNLESS:
    case UNTIL: case WHETHER: case ARTICLE_WORD:
        return is_word(behind);
    case OF: case TO: case BY_WORD: case FROM_WORD: case AT: case WITH: case IN:
        return behind == ARTICLE_WORD || behind == DETERMINER || behind == CAPITALISED || behind == NUMBER;
    default:
        return 0;
    }
}

Py_ssize_t classify(const Told *told, const uint8_t *word_classes, uint8_t *classes, int32_t *triggers)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t t = 0; t < told->n; t++) {
        uint8_t word = word_classes[told->words[t]];
        classes[t] = class_of(told->shapes[t], word % BEGINS);
        triggers[count] = (int32_t)t;
        count += (word & BEGINS) != 0;
    }
    return count;
}

/* Number of the first run of these, in order and apart, that ends behind `place`. */
static Py_ssize_t first_behind(const Runs *runs, Py_ssize_t from, int32_t place)
{
    while (from < runs->count && runs->items[from].last <= place)
        from++;
    return from;
}

void trim(const Told *told, const uint8_t *classes, const Runs *sources, const Runs *cues, Runs *content)
{
    Py_ssize_t kept = 0, source = 0, cue = 0;
    for (Py_ssize_t i = 0; i < content->count; i++) {
        Run piece = content->items[i];
        source = first_behind(sources, source, piece.last); /* the one before it may be the speaker */
        cue = first_behind(cues, cue, piece.last);
        const Run *speaker = source ? &sources->items[source - 1] : NULL;
        if (speaker && piece.last - speaker->last <= MAX_GAP && cue < cues->count &&
            cues->items[cue].first == piece.last)
            piece.last = speaker->first > piece.first ? speaker->first : piece.first;
        while (piece.last > piece.first) {
            int ends = piece.last == told->n || told->sentence[piece.last] != told->sentence[piece.last - 1];
            if (!is_frayed(classes[piece.last - 1], ends ? NONE : classes[piece.last]))
                break;
            piece.last--;
        }
        if (piece.last > piece.first)
            content->items[kept++] = piece;
    }
    content->count = kept;
}

/* How many runs begin before each place. */
static void count_begun(const Runs *runs, Py_ssize_t n, int32_t *counts)
{
    Py_ssize_t t = 0;
    for (Py_ssize_t i = 0; i <= runs->count; i++)
        for (Py_ssize_t last = i < runs->count ? runs->items[i].first : n; t <= last; t++)
            counts[t] = (int32_t)i;
}

static int is_quoted(const Ground *ground, Run run)
{
    return ground->quoted[run.first] && ground->quoted[run.last - 1];
}

/* What a piece at a cue's side is to another one: in quotation marks, or not. Nothing there is 0, the same piece 1. */
static int side_of(const Ground *ground, Run piece) { return is_quoted(ground, piece) ? 2 : 3; }

static void survey(Ground *ground, const Ties *ties, const Runs *const runs[3])
{
    const Told *told = ground->told;
    const uint8_t *classes = ground->classes;
    int32_t commas = 0, marks = 0, join = -1;
    ground->commas[0] = ground->marks[0] = 0;
    for (int32_t t = 0; t < told->n; t++) {
        uint8_t class = classes[t];
        commas += class == COMMA_MARK;
        marks += class == QUOTE;
        join = class && class <= LAST_JOINER ? t : join;
        ground->commas[t + 1] = commas;
        ground->marks[t + 1] = marks;
        ground->join[t] = join;
    }
    for (int role = 0; role < 3; role++)
        count_begun(runs[role], told->n, ground->begun[role]);
    const Runs *content = ground->content;
    Py_ssize_t next = 0, ended = 0;
    for (Py_ssize_t i = 0; i < ground->cues->count; i++) {
        Run cue = ground->cues->items[i];
        while (next < content->count && content->items[next].first < cue.last)
            next++;
        while (ended < content->count && content->items[ended].last <= cue.first)
            ended++;
        int after = next < content->count && content->items[next].first - cue.last <= RIGHT_AFTER;
        int before = ended && cue.first - content->items[ended - 1].last <= RIGHT_BEFORE;
        int32_t here = told->sentence[cue.first], opens = told->borders[here];
        ground->beside[i] = (Beside){
            .run = cue,
            .before = before ? (int32_t)ended - 1 : -1,
            .after = after ? (int32_t)next : -1,
            .before_side = before ? side_of(ground, content->items[ended - 1]) : 0,
            .after_side = after ? side_of(ground, content->items[next]) : 0,
            .head = head_of(ties, told->words[cue.first]),
            .here = here,
            .opens = opens,
            .first = classes[cue.first],
            .left = cue.first ? classes[cue.first - 1] : NONE,
            .right = cue.last < told->n ? classes[cue.last] : NONE,
            .opening = classes[opens] <= LAST_FUNCTION_WORD ? classes[opens] : NONE,
            .likeliest = -1,
            .odds = -INFINITY,
        };
    }
}

static Piece piece_at(const Ground *ground, Py_ssize_t number)
{
    const Told *told = ground->told;
    const uint8_t *classes = ground->classes;
    Run run = ground->content->items[number];
    return (Piece){
        .run = run,
        .number = (int32_t)number,
        .begins = told->sentence[run.first],
        .ends = told->sentence[run.last - 1],
        .first = classes[run.first],
        .last = classes[run.last - 1],
        .left = run.first ? classes[run.first - 1] : NONE,
        .right = run.last < told->n ? classes[run.last] : NONE,
        .quoted = (uint8_t)is_quoted(ground, run),
    };
}

/* The tokens between a piece and a cue. */
static Run between(Run piece, Run cue)
{
    int32_t left = piece.first >= cue.first ? cue.last : piece.last;
    int32_t right = piece.first >= cue.first ? piece.first : cue.first;
    return (Run){left < right ? left : right, right};
}

/* Log-odds that a piece belongs to a cue, with the tokens of `gap` between the two; `nearer` cues are nearer to it. */
static float odds_of(const Ground *ground, const float *table, const Piece *piece, const Beside *cue, Run gap,
                     int nearer)
{
    int32_t first = piece->run.first, at = cue->run.first;
    int side = first > at ? AFTER : at < piece->run.last ? INSIDE : BEFORE;
    int32_t there = first < at ? piece->ends : piece->begins;
    int apart = least(there < cue->here ? cue->here - there : there - cue->here, 3), further = least(apart, 2);
    int sources = least(ground->begun[0][gap.last] - ground->begun[0][gap.first], 2);
    int cues = least(ground->begun[1][gap.last] - ground->begun[1][gap.first], 2);
    int pieces = least(ground->begun[2][gap.last] - ground->begun[2][gap.first], 2);
    int commas = least(ground->commas[gap.last] - ground->commas[gap.first], 3);
    int marks = least(ground->marks[gap.last] - ground->marks[gap.first], 3);
    int quoted = piece->quoted;
    int after = cue->after == piece->number ? 1 : cue->after_side;
    int before = cue->before == piece->number ? 1 : cue->before_side;
    int beside = TOKEN_CLASSES * after;
    int32_t join = gap.last > gap.first ? ground->join[gap.last - 1] : -1;
    const float *cells = table + side * CONTENT_FEATURES * CONTENT_BUCKETS;
    float odds = 0;
#define ADD(feature, bucket) odds += cells[feature * CONTENT_BUCKETS + (bucket)]
    ADD(0, gap_bucket(gap.last - gap.first));
    ADD(1, apart + 4 * cue->head);
    ADD(2, cues + 3 * sources + 9 * pieces + 27 * further);
    ADD(3, cue->first + TOKEN_CLASSES * further);
    ADD(4, least(piece->run.last - first, 12));
    ADD(5, commas + 4 * marks);
    ADD(6, after + 4 * before + 16 * quoted);
    ADD(7, quoted + 2 * further + 6 * (cues > 0) + 12 * (sources > 0) + 24 * after);
    ADD(8, piece->first + beside);
    ADD(9, piece->left);
    ADD(10, piece->right + beside);
    ADD(11, piece->last);
    ADD(12, cue->opening + TOKEN_CLASSES * (first <= cue->opens + 1) + 2 * TOKEN_CLASSES * (after > 1));
    ADD(13, (join >= gap.first ? ground->classes[join] : NONE) + beside);
    ADD(14, cue->left);
    ADD(15, cue->right);
    ADD(16, least(nearer, 2) + 3 * after);
#undef ADD
    return odds;
}

/* The numbers of a piece's cues into its SLOTS of `owners`, -1 where there is none; `first` is the first cue behind its
 * beginning. */
static void cues_of(const Ground *ground, const Ties *ties, Py_ssize_t at, Py_ssize_t first, int32_t *owners)
{
    Piece piece = piece_at(ground, at);
    Py_ssize_t low = first > REACH ? first - REACH : 0;
    Py_ssize_t high = first + REACH < ground->cues->count ? first + REACH : ground->cues->count;
    Beside *cues = &ground->beside[low];
    float odds[SLOTS];
    Run gaps[SLOTS];
    int count = (int)(high - low), best = 0;
    for (int i = 0; i < count; i++)
        gaps[i] = between(piece.run, cues[i].run);
    for (int i = 0; i < count; i++) {
        int nearer = 0;
        for (int other = 0; other < count; other++)
            nearer += gaps[other].last - gaps[other].first < gaps[i].last - gaps[i].first;
        odds[i] = odds_of(ground, ties->content, &piece, &cues[i], gaps[i], nearer);
        if (odds[i] > odds[best])
            best = i;
    }
    int is_quotation = piece.run.last - piece.run.first >= QUOTED_TOKENS && piece.quoted;
    double floor = is_quotation ? ties->quotation_floor : ties->floor;
    owners += SLOTS * at;
    for (int i = 0; i < SLOTS; i++) {
        owners[i] = -1;
        if (i >= count)
            continue;
        if (odds[i] <= odds[best] - MARGIN)
            continue;
        Beside *beside = &cues[i];
        if (odds[i] > 0 || (i == best && odds[i] > floor)) {
            owners[i] = (int32_t)(low + i);
            beside->has_content = 1;
        }
        int is_together = beside->here == piece.begins || beside->here == piece.ends; /* one sentence has them */
        if (odds[i] > beside->odds && is_together) {
            beside->likeliest = SLOTS * at + i;
            beside->odds = odds[i];
        }
    }
}

int tie_content(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content,
                const uint8_t *quoted, const uint8_t *classes, int32_t *owners)
{
    Py_ssize_t n = told->n, next = 0;
    int32_t *memory = PyMem_Malloc(6 * (n + 1) * sizeof *memory);
    Beside *beside = PyMem_Malloc((cues->count + 1) * sizeof *beside);
    if (memory && beside) {
        int32_t *row[6];
        for (int i = 0; i < 6; i++)
            row[i] = memory + i * (n + 1);
        Ground ground = {told,   cues,  content, quoted, classes, row[0], row[1], {row[2], row[3], row[4]},
                         row[5], beside};
        const Runs *const runs[3] = {sources, cues, content};
        survey(&ground, ties, runs);
        for (Py_ssize_t at = 0; at < content->count; at++) {
            while (next < cues->count && cues->items[next].first < content->items[at].first)
                next++;
            cues_of(&ground, ties, at, next, owners);
        }
        for (Py_ssize_t i = 0; i < cues->count; i++)
            if (!beside[i].has_content && beside[i].likeliest >= 0 && beside[i].odds > ties->lone_floor)
                owners[beside[i].likeliest] = (int32_t)i;
    } else {
        PyErr_NoMemory();
    }
    int failed = !(memory && beside);
    PyMem_Free(memory);
    PyMem_Free(beside);
    return failed ? -1 : 0;
}
