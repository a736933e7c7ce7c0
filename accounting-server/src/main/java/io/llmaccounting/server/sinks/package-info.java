/** Sinks that the server runs, and how they stand. */
@NullMarked
package io.llmaccounting.server.sinks;

import org.jspecify.annotations.NullMarked;
