/** Keeps the audit trail. */
@NullMarked
package io.llmaccounting.sql.audit;

import org.jspecify.annotations.NullMarked;
