/* Tables that are looked up in here and there, in one block of memory on large pages where the system has them. A
 * look-up in small ones waits twice: for what it wants, and for where its page lies. */
#ifndef CREDENCE_PAGES_H
#define CREDENCE_PAGES_H

#include "kernel.h"

typedef struct {
    void *block;
    char *next; /* what was not given yet */
    size_t left;
} Pages;

/* Ask for `bytes` of zeros in all; those that are never touched cost nothing. 0, or -1 with an exception set. */
int pages_take(Pages *pages, size_t bytes);
/* The next `bytes` of them, from a border between cache lines on; PAGES_SPARE of those asked for go with each piece.
 * NULL with an exception set where too few were asked for. */
void *pages_give(Pages *pages, size_t bytes);
void pages_free(Pages *pages);

enum { PAGES_SPARE = 64 };

#endif
