/** The way of a record to the ledger: directly, through memory, or through the local disk. */
@NullMarked
package io.llmaccounting.internal.recording;

import org.jspecify.annotations.NullMarked;
