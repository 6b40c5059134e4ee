/* Attributions as runs of tokens, and what the rules ask of a word: shared by the files that make links. */
#ifndef CREDENCE_LINKS_H
#define CREDENCE_LINKS_H

#include "linked.h"

/* Classes of words, one bit each: scorer/rule_words.py lists them in the same order. */
enum {
    ASKED, /* stands for words that the lexicon lacks: what is written decides */
    JOINS, JOINS_HALVES, FRAYED_START, FRAYED_END, APPOSITION_START, RELATIVE, WANTS_NOUN, NO_NOUN, BODY, GOES_ON,
    WITHIN_NAME, DATE, PHRASE_END, TRIGGER, BY_TELLS, CLAIM_FROM, FROM, THAT, DOCUMENT, DOCUMENT_KIND, SHOWING,
    ARTICLE, NAME_JOIN, BREAK, BY,
    PARTICIPLE, BEFALLING, BE, HAVE_MODAL, OWN_VOICE, ADVERB, UNDER_WAY, JUDGING, NOT_JUDGED, NOT_BEFALLEN, BEING, IT,
    IT_IS, CLAUSE, COMMA, PERIOD, STOP, BARRIER, ACCORDING, OCCASION, CLASSES
};

#define MAX_TAIL_WORDS 3
#define MAX_PARTICIPLES 32 /* bits of `follows`; number 0 is none */

/* A text of n tokens and m sentences, and tables with a row for each word id and for each word that the lexicon lacks.
 */
typedef struct {
    Py_ssize_t n, m, vocabulary;
    PyObject *tokens, *lacking; /* list of str; dict of lower-case word -> row */
    const int32_t *words, *shapes, *borders;
    int32_t *sentence;          /* (n + 1,) number of each token's sentence, the last one's twice */
    const int64_t *classes;     /* bits of each row */
    const int32_t *follows;     /* bit p of a row: the word may stand after the participle of number p */
    const uint8_t *participle;  /* number of a row's participle; 0 none */
    const uint8_t *tail_word;   /* number of a row's word in tails; 0 none */
    const uint8_t *needs;       /* (MAX_PARTICIPLES,) whether the participle asks for a word after it */
    const uint8_t *tails; /* (tail_count, MAX_PARTICIPLES + MAX_TAIL_WORDS): after whom, then its words, 0 behind */
    Py_ssize_t tail_count;
    int failed;                 /* an exception is set */
} Told;

/* The row of the tables that tells of a token. */
Py_ssize_t word_row(Told *told, Py_ssize_t token);
Py_UCS4 first_letter(const Told *told, Py_ssize_t token);
/* Whether the token ends with these letters, in whatever case (a-z only). */
int ends_with(const Told *told, Py_ssize_t token, const char *letters);
int is_curly(const Told *told, Py_ssize_t token);

static inline int is(Told *told, Py_ssize_t token, int class)
{
    return told->classes[word_row(told, token)] >> class & 1;
}

static inline int32_t sentence_end(const Told *told, Py_ssize_t token)
{
    return told->borders[told->sentence[token] + 1];
}

enum { MAX_GAP = 2 }; /* scorer.content_ties */

/* Whether a shape is that of a quotation mark: scorer.lexicon.Shape. */
static inline int is_quotation_mark(int32_t shape) { return shape >= 9 && shape <= 11; }

static inline int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* Which of scorer.content_ties.GAPS, 1, 2, 3, 4, 6, 9, 14, 22, 40, 80 and 160 tokens, a gap reaches. */
static inline int gap_bucket(int32_t gap)
{
    static const uint8_t near[22] = {0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7};
    return gap < 0 ? 0 : gap < 22 ? near[gap] : 8 + (gap >= 40) + (gap >= 80) + (gap >= 160);
}

enum { SLOTS = 6, FEATURES = 9, BUCKETS = 12, HEADS = BUCKETS - 1 };
enum { CONTENT_SIDES = 3, CONTENT_FEATURES = 17, CONTENT_BUCKETS = 248 };
typedef struct {
    Run *items;
    Py_ssize_t count;
} Runs;
typedef struct {
    const float *sources;        /* [SLOTS][FEATURES][BUCKETS] */
    const float *content;        /* [CONTENT_SIDES][CONTENT_FEATURES][CONTENT_BUCKETS] */
    const int32_t *heads;        /* [HEADS] first words of cues */
    const uint8_t *word_classes; /* class of each word id for ties of content, and BEGINS */
    int32_t comma;
    double threshold, floor, quotation_floor, lone_floor;
} Ties;
/* Number of a word among the first words of cues, from 1, or 0. */
static inline int head_of(const Ties *ties, int32_t word)
{
    int head = HEADS;
    while (head > 0 && ties->heads[head - 1] != word)
        head--;
    return head;
}

/* What the model and the rules give beside the text. */
typedef struct {
    Ties ties;
    Runs runs[3]; /* sources, cues, content */
    PyObject *quotations;
} Given;

/* Attributions of a text that was checked (links.c); 0, or -1 with an exception set. */
int links_make(Told *told, Given *given, Linked *found);

/* scorer.assembly: number of each cue's source, or -1. 0, or -1 with an exception set. */
int tie_sources(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content,
                int32_t *owner);
/* The class of each token (scorer.content_ties) into `classes` (n,), and the tokens at which the rules may find
 * something into `triggers` (n + 1,); how many these are. `word_classes`: scorer.rule_words.RuleWords.begun. */
Py_ssize_t classify(const Told *told, const uint8_t *word_classes, uint8_t *classes, int32_t *triggers);
/* scorer.content_ties: content without loose ends, in its place; of each piece's cues SLOTS numbers, -1 where there is
 * none, with `quoted` (n,) for what stands in quotation marks. 0, or -1 with an exception set. */
void trim(const Told *told, const uint8_t *classes, const Runs *sources, const Runs *cues, Runs *content);
int tie_content(const Told *told, const Ties *ties, const Runs *sources, const Runs *cues, const Runs *content,
                const uint8_t *quoted, const uint8_t *classes, int32_t *owners);

/* scorer.source_runs.mend: `owner` (cues) is the number of each link's source. 0, or -1 with an exception set. */
int mend(Told *told, Link *links, const int32_t *owner, const Runs *sources, const Runs *cues);

/* scorer.agents.Agents.find at the token of a trigger, in the sentence [begin, end): 1 and the link, or 0. Its content,
 * one piece at most, goes to `piece`. */
int agent_at(Told *told, int32_t at, int32_t begin, int32_t end, Link *link, Run *piece);

/* scorer.passives: the claim with the participle `at`, in the sentence [start, end): 1 and the run, or 0. */
int passive_at(Told *told, int32_t at, int32_t start, int32_t end, Run *run);
/* Whether a cue tells what is done to the "source" before it. */
int befalls(Told *told, Run cue);
/* Whether a cue tells on what occasion somebody speaks. */
int is_occasion(Told *told, Run cue);

#endif
