/** Keeps in a database what sinks have yet to deliver. */
@NullMarked
package io.llmaccounting.sql.sinks;

import org.jspecify.annotations.NullMarked;
