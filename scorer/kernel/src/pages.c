#include "pages.h"
#ifdef __linux__
#include <sys/mman.h>
#endif

#define LARGE ((size_t)2 << 20)
#define LINE ((size_t)64)

static size_t up(size_t number, size_t to) { return (number + to - 1) / to * to; }

int pages_take(Pages *pages, size_t bytes)
{
    size_t step = bytes < LARGE ? LINE : LARGE; /* a small table is not worth a page of its own */
    size_t room = up(bytes, step);
    if (!(pages->block = PyMem_RawCalloc(room + step, 1))) {
        PyErr_NoMemory();
        return -1;
    }
    pages->next = (char *)up((uintptr_t)pages->block, step);
    pages->left = room;
#ifdef MADV_HUGEPAGE
    if (step == LARGE)
        (void)madvise(pages->next, room, MADV_HUGEPAGE); /* a wish: small pages do as well */
#endif
    return 0;
}

void *pages_give(Pages *pages, size_t bytes)
{
    void *given = pages->next;
    bytes = up(bytes, LINE);
    if (!pages->block || bytes > pages->left) {
        PyErr_NoMemory();
        return NULL;
    }
    pages->next += bytes;
    pages->left -= bytes;
    return given;
}

void pages_free(Pages *pages)
{
    PyMem_RawFree(pages->block);
    *pages = (Pages){0};
}
