/**
 * Passes on what was recorded, at least once and with the record's id as the key: {@link
 * io.llmaccounting.sinks.Sinks} runs any number of {@link io.llmaccounting.sinks.Sink}s, each on a
 * thread of its own. It knows the api's ports and its JSON forms, never the accounting itself nor a
 * database.
 */
@NullMarked
package io.llmaccounting.sinks;

import org.jspecify.annotations.NullMarked;
