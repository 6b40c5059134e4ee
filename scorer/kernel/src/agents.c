/* Sources that stand after what they said: scorer.agents, written out. */
#include "links.h"

enum { MAX_NAME = 14, BETWEEN = 7 };
enum { TITLE = 1, INITIAL = 4 };

static int is_capitalised(const Told *told, Py_ssize_t token)
{
    return told->shapes[token] >= TITLE && told->shapes[token] <= INITIAL;
}

static int is_mark(const Told *told, Py_ssize_t token, Py_UCS4 mark)
{
    return PyUnicode_GET_LENGTH(PyList_GET_ITEM(told->tokens, token)) == 1 && first_letter(told, token) == mark;
}

/* A capitalised name from `first` on; 1, or 0 where none stands there. */
static int read_name(Told *told, int32_t first, int32_t end, Run *name)
{
    int32_t at = first;
    while (at < end && is(told, at, ARTICLE))
        at++;
    int32_t last = at;
    for (; at < end && at - first < MAX_NAME; at++) {
        if (is_capitalised(told, at))
            last = at + 1;
        else if (!is(told, at, NAME_JOIN) || last == first || at == last + 2)
            break;
    }
    if (last == first || !is_capitalised(told, last - 1))
        return 0;
    if (last + 2 < end && is_mark(told, last, '(') && is_mark(told, last + 2, ')'))
        last += 3;
    *name = (Run){first, last};
    return 1;
}

static int32_t clause_end(Told *told, int32_t first, int32_t end)
{
    return end - 1 > first && is(told, end - 1, STOP) ? end - 1 : end;
}

/* One bare word after "from" says where, not who, unless it is an acronym: str.isupper. */
static int is_place(const Told *told, Run source)
{
    if (source.last - source.first != 1)
        return 0;
    PyObject *written = PyList_GET_ITEM(told->tokens, source.first);
    int upper = 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(written); i++) {
        Py_UCS4 letter = PyUnicode_READ_CHAR(written, i);
        if (Py_UNICODE_ISLOWER(letter) || Py_UNICODE_ISTITLE(letter))
            return 1;
        upper |= Py_UNICODE_ISUPPER(letter);
    }
    return !upper;
}

static int done_by(Told *told, int32_t by, int32_t begin, int32_t end, Link *link)
{
    for (int32_t at = by - 1; at >= begin && at >= by - BETWEEN; at--) {
        if (is(told, at, BY_TELLS)) {
            link->cue = (Run){at, at + 1};
            return read_name(told, by + 1, end, &link->source);
        }
        if (!Py_UNICODE_ISALNUM(first_letter(told, at)) || is(told, at, BREAK) || ends_with(told, at, "ed"))
            return 0;
    }
    return 0;
}

static int claimed(Told *told, int32_t at, int32_t end, Link *link, Run *piece)
{
    if (at + 2 >= end || !is(told, at + 1, CLAIM_FROM) || !read_name(told, at + 2, end, &link->source))
        return 0;
    int32_t that = link->source.last;
    if (that >= end || !is(told, that, THAT) || (is(told, at + 1, FROM) && is_place(told, link->source)))
        return 0;
    link->cue = (Run){at, at + 1};
    *piece = (Run){that, clause_end(told, that, end)};
    link->count = 1;
    return 1;
}

static int shown(Told *told, int32_t at, int32_t begin, int32_t end, Link *link, Run *piece)
{
    if (at == begin || !is(told, at - 1, DOCUMENT))
        return 0;
    int32_t first = at - 1, last = clause_end(told, at + 1, end);
    if (first - 1 > begin && is(told, first - 1, DOCUMENT_KIND))
        first--;
    link->source = (Run){first, at};
    link->cue = (Run){at, at + 1};
    *piece = (Run){at + 1, last};
    link->count = 1;
    return last > at + 1;
}

int agent_at(Told *told, int32_t at, int32_t begin, int32_t end, Link *link, Run *piece)
{
    *link = (Link){.content = piece};
    if (is(told, at, BY))
        return done_by(told, at, begin, end, link);
    if (is(told, at, SHOWING))
        return shown(told, at, begin, end, link, piece);
    return claimed(told, at, end, link, piece);
}
