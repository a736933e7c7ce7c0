/** Keeps accounting data in one SQLite file. */
@NullMarked
package io.llmaccounting.sqlite;

import org.jspecify.annotations.NullMarked;
