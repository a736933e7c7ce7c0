/** The command line: parses what was typed, runs it, says what went wrong. */
@NullMarked
package io.llmaccounting.cli;

import org.jspecify.annotations.NullMarked;
