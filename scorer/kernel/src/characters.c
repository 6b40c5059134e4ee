#include "characters.h"
#include <string.h>

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
    for (Py_UCS4 character = 0; character < 128; character++) {
        int found = character == '_' ? WORD : classes_of_other(character);
        found |= character && strchr(".?!", (int)character) ? STOP : 0;
        if ((character < ' ' && character != '\n') || character > '~' || strchr(" 013457@$", (int)character))
            found |= SIGN;
        ascii_classes[character] = (uint8_t)found;
    }
}
