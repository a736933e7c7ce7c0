/** Limits, and what they refused. */
@NullMarked
package io.llmaccounting.server.rest.limits;

import org.jspecify.annotations.NullMarked;
