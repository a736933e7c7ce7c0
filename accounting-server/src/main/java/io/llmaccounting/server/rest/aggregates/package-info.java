/** Sums of usage. */
@NullMarked
package io.llmaccounting.server.rest.aggregates;

import org.jspecify.annotations.NullMarked;
