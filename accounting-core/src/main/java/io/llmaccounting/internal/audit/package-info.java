/** The audit trail: what is done to texts, how entries are sealed, proven and removed. */
@NullMarked
package io.llmaccounting.internal.audit;

import org.jspecify.annotations.NullMarked;
