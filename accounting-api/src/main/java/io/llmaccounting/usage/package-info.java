/** What a call consumed: records, tokens, attribution, cost, filters, totals and reports. */
@NullMarked
package io.llmaccounting.usage;

import org.jspecify.annotations.NullMarked;
