/** The small door through which prices reach the accounting. */
@NullMarked
package io.llmaccounting.pricing;

import org.jspecify.annotations.NullMarked;
