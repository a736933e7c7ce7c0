/** The append-only trail: prompts, responses, events and administrative acts. */
@NullMarked
package io.llmaccounting.audit;

import org.jspecify.annotations.NullMarked;
