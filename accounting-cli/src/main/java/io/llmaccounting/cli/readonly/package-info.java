/** Connections on which nothing can be written, for questions in SQL. Knows no command. */
@NullMarked
package io.llmaccounting.cli.readonly;

import org.jspecify.annotations.NullMarked;
