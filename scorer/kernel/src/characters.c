#include "characters.h"

uint8_t ascii_classes[128];

int classes_of_other(Py_UCS4 character)
{
    if (Py_UNICODE_ISSPACE(character))
        return SPACE;
    if (Py_UNICODE_ISDECIMAL(character))
        return DIGIT | WORD;
    return Py_UNICODE_ISALNUM(character) ? LETTER | WORD : 0;
}

void characters_init(void)
{
    for (Py_UCS4 character = 0; character < 128; character++)
        ascii_classes[character] = (uint8_t)(character == '_' ? WORD : classes_of_other(character));
}
