/* The distinct stems of a title and its body, looked up by number in a table no longer than they need. */
#ifndef CREDENCE_STEMS_H
#define CREDENCE_STEMS_H

#include "kernel.h"

typedef struct {
    int32_t stem, count; /* how often the body has it */
    int32_t place;       /* 1 + the first of the title's words that has it, 0 for none */
    float weight;        /* of those that the body has */
} Stem;

/* `slots` hold 1 + a place among `stems`, 0 where free: half of them at the least. */
typedef struct {
    Stem *stems;
    int32_t *slots;
    int32_t count;
    int bits;
} Stems;

/* Room for so many stems, fewer than 2^30; 0, or -1 with an exception set. */
static inline int stems_init(Stems *held, Py_ssize_t most)
{
    *held = (Stems){.bits = 4};
    while ((Py_ssize_t)1 << held->bits < 2 * most)
        held->bits++;
    held->slots = PyMem_Calloc((size_t)1 << held->bits, sizeof *held->slots);
    held->stems = PyMem_Malloc((most + 1) * sizeof *held->stems);
    if (held->slots && held->stems)
        return 0;
    PyErr_NoMemory();
    return -1;
}

static inline void stems_drop(Stems *held)
{
    PyMem_Free(held->slots);
    PyMem_Free(held->stems);
}

/* The stem of this number, which is added where it is not there yet; good until the next one is added. */
static inline Stem *stem_at(Stems *held, int32_t number)
{
    uint32_t slot = ((uint32_t)number * UINT32_C(2654435761)) >> (32 - held->bits);
    for (; held->slots[slot]; slot = (slot + 1) & ((UINT32_C(1) << held->bits) - 1))
        if (held->stems[held->slots[slot] - 1].stem == number)
            return &held->stems[held->slots[slot] - 1];
    Stem *added = &held->stems[held->count++];
    *added = (Stem){.stem = number};
    held->slots[slot] = held->count;
    return added;
}

#endif
