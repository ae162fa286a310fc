// Lines for the test to read.
#pragma once

void text(const char *);
void decimal(int);
void hexadecimal(unsigned);
// An address as the name of the place before it, and the distance: `watched_store+4`.
void place(unsigned address);
void end_of_line(void);
