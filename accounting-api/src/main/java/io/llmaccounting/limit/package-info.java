/** Limits, windows, and the answer to "may this call go ahead?". */
@NullMarked
package io.llmaccounting.limit;

import org.jspecify.annotations.NullMarked;
