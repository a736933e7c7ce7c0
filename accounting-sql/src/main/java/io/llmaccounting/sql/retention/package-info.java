/** Forgets what is old. */
@NullMarked
package io.llmaccounting.sql.retention;

import org.jspecify.annotations.NullMarked;
