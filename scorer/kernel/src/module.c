/* What Python sees of the kernel. */
#include "characters.h"

#define INTERFACE 16 /* scorer/kernel/__init__.py */

#define FAST(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL

static PyMethodDef functions[] = {
    {"addresses", kernel_addresses, METH_VARARGS,
     "addresses(text, start, end) -> places in that part where \"http\" or \"www.\" begins, in letters of any size"},
    {"attributions", kernel_attributions, METH_VARARGS,
     "attributions(describer, (normal, tokens, words, shapes, starts, ends, sentences), caller_starts, "
     "caller_ends, scores, "
     "quotations, links or what `links` finds them by, (from, claims), (table, bits, unit, bias, levels, clear), "
     "(table, units, biases, bits, masks, split)) -> (findings in order, those that count of each kind, "
     "different sources, sentences attributed, words, how "
     "many have a source, how many of these are quoted)"},
    {"kinds", (PyCFunction)(void (*)(void))kernel_kinds, METH_FASTCALL,
     "kinds(words, shapes, (word_shapes, number_shapes, capital_shapes), common, known) -> (words, up to id "
     "`common`, under "
     "id `known`, numbers, capitals)"},
    {"masked", kernel_masked, METH_VARARGS,
     "masked(words, shapes, sentences, name_shapes, number_shapes, vocabulary) -> int32 words, names and "
     "numbers masked"},
    {"loaded_first", FAST(kernel_loaded_first),
     "loaded_first(tables, words, shapes, sentences) -> (float32 score against each token by itself, the "
     "scores' mean)"},
    {"loaded_means", FAST(kernel_loaded_means),
     "loaded_means(powers, sentences) -> float32 odds of the mean chance of each sentence, and of the text"},
    {"loaded_runs", FAST(kernel_loaded_runs),
     "loaded_runs(tables, against, shapes, sentences, means, starts, ends) -> (findings of tokens in a row "
     "whose score is "
     "no smaller than the threshold, how many tokens they hold)"},
    {"style_measures", FAST(kernel_style_measures),
     "style_measures(tables, names, words, shapes, starts, ends, sentences) -> (words and numbers, distinct "
     "words of whole "
     "windows, measures by name)"},
    {"marks", kernel_marks, METH_VARARGS,
     "marks(normal, tokens, shapes, starts, ends, sentences, borders, words or None, cue_words) -> "
     "(int32 bits of each token's flags, quotations, how many of them, the first ones, are double)"},
    {"runs", kernel_runs, METH_VARARGS,
     "runs(powers as softened lays them out, sentences, starts, ends, shapes, quotations, (source, cue, least, "
     "silent), "
     "(longest, group, run, begin, exact, exact source, filled, tail, punctuation), "
     "packed=False) -> (sources, cues, content), lists of (first, last) or bytes that `links` takes"},
    {"bait", FAST(kernel_bait), "bait(tables, number_of, text) -> log-odds of a teaser's wording"},
    {"forest", kernel_forest, METH_VARARGS,
     "forest(values, feature, limit, leaves, width, inner_nodes, unit, bias) -> float32 score of each row"},
    {"giant_tags", kernel_giant_tags, METH_VARARGS,
     "giant_tags(html, limit) -> [(where a tag's name ends, where it does)] of tags with more outside quoted values"},
    {"hedges", kernel_hedges, METH_VARARGS,
     "hedges(words, shapes, borders, letters, wide, carries, news, weights, unit, doubts, (limit, could_be, faint), "
     "doubt, (cue_words, pairs, letter_count), effects) -> int64 rows of first, last, class"},
    {"letters", kernel_letters, METH_VARARGS, "letters(table, words) -> the table's letter of each word"},
    {"lines", kernel_lines, METH_VARARGS,
     "lines(text, long, least, edge, openings) -> ([(start, end)] of the lines that are not blank, [characters "
     "of prose], "
     "[numbers of those that may announce something])"},
    {"links", kernel_links, METH_VARARGS,
     "links(tokens, words, shapes, sentences, (source table, content table, comma, threshold, floor), "
     "(classes, follows, "
     "participles, tail words, needs, tails, lacking), sources, cues, content, quotations, "
     "type) -> attributions of this type"},
    {"known_arrays", kernel_known_arrays, METH_VARARGS,
     "known_arrays(array (2, 3), ...) -> whether arrays of these kinds can be read without asking for their buffers"},
    {"lowered", kernel_lowered, METH_VARARGS, "lowered(text, start, stop) -> that part in lower case"},
    {"lure", FAST(kernel_lure),
     "lure(tables, keys, traits, numbers, without_lead_in, grams or None, words, shapes, tokens, text, start, end) -> "
     "(float32 weights of its wording, float32 values, log-odds of its traits, levels of its characters times weights, "
     "squares of levels)"},
    {"overlap", FAST(kernel_overlap),
     "overlap(tables, trees or None, words, shapes, tokens, body words, borders, normal, start, end) -> None "
     "or (score or "
     "None, share of the title taken up, tokens that are not, float32 measures)"},
    {"phrases", kernel_phrases, METH_VARARGS,
     "phrases(text, start, end, phrases, first_of, next, anchors) -> [(number of a phrase, where it stands first)]"},
    {"prepared", kernel_prepared, METH_VARARGS,
     "prepared(text, start, stop) -> that part in lower case, one space between words and at both ends"},
    {"quantities", kernel_quantities, METH_VARARGS,
     "quantities(words, shapes, starts, ends, table, tokens, normal, rare) -> (letter of each token, int64 first, "
     "int64 last)"},
    {"quantiles", kernel_quantiles, METH_VARARGS,
     "quantiles(values, added, (share, share)) -> the two values under which these shares of all values + `added` lie"},
    {"shouting", FAST(kernel_shouting), "shouting(shapes, tokens) -> how loud a title is, 0 to 1"},
    {"signs", kernel_signs, METH_VARARGS,
     "signs(text, kept) -> (int32 places of altered characters, of signs before a letter, are letters spaced out)"},
    {"softened", kernel_softened, METH_VARARGS,
     "softened(scores, odds) -> bytearray of float32 (labels, n) below each token's largest, then n times "
     "content or not"},
    {"tables", FAST(kernel_tables), "tables(formats, array for each letter) -> what the kernel keeps of them"},
    {"terms", kernel_terms, METH_VARARGS,
     "terms(words, pair_offset, pair_bits) -> int64 distinct features in order, the token each is met at "
     "first, how many "
     "tokens it covers, how often it is met"},
    {"wording", FAST(kernel_wording),
     "wording(tables, keys, words, shapes, tokens) -> (int64 places in the tables, float32 values)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "scorer.kernel.native", "Inner loops of scoring; scorer/kernel/__init__.py says why.", -1,
    functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_native(void)
{
    characters_init();
    PyObject *made = PyModule_Create(&module);
    PyTypeObject *const types[] = {&NetworkType, &ReaderType, &DescriberType, &FiguresType,
                                   &TablesType, &WeigherType, &CharacterGramsType, &StandardRowType};
    if (made && PyModule_AddIntConstant(made, "INTERFACE", INTERFACE) < 0)
        Py_CLEAR(made);
    for (size_t i = 0; made && i < sizeof types / sizeof *types; i++)
        if (PyModule_AddType(made, types[i]) < 0)
            Py_CLEAR(made);
    return made;
}
