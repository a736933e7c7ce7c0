/** Removes what is old. */
@NullMarked
package io.llmaccounting.cli.retention;

import org.jspecify.annotations.NullMarked;
