/* Classes of hedges. */
#ifndef CREDENCE_HEDGES_H
#define CREDENCE_HEDGES_H

#include <stdint.h>

enum { MODAL, EVIDENTIAL, DISTANCING, CONDITIONAL, NEGATED, VAGUE, HEDGE_CLASSES }; /* scorer.hedges.HEDGE_CLASSES */

/* Class of a cue by its letter in hedging grammar: scorer.hedges.CLASSES, of COARSE. */
static inline int hedge_class(uint8_t letter)
{
    switch (letter) {
    case 'M': case 'L': case 'P': case 'X': return MODAL;
    case 'B': case 'K': case 'E': case 'H': case 'U': case 'T': return EVIDENTIAL;
    case 'D': case 'J': return DISTANCING;
    case 'I': return CONDITIONAL;
    }
    return VAGUE;
}

#endif
