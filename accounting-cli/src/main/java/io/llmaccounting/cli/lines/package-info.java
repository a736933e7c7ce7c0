/**
 * JSON lines: one object a line, read and written in bounded memory. The lines of {@code export}
 * and {@code import}, and those that {@code track --from} takes.
 */
@NullMarked
package io.llmaccounting.cli.lines;

import org.jspecify.annotations.NullMarked;
