/** Windows, counters and decisions: pure functions without I/O or a clock of their own. */
@NullMarked
package io.llmaccounting.internal.quota;

import org.jspecify.annotations.NullMarked;
