// Ctrl-C: a wish to stop, that work looks for now and then.
#pragma once

namespace cli {

// From here on Ctrl-C is noted, once; a second one ends the program as ever.
void note_interrupts();
bool is_interrupted();

}  // namespace cli
