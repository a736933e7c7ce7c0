/** Proves that what is derived agrees with the records, and repairs it. */
@NullMarked
package io.llmaccounting.sql.maintenance;

import org.jspecify.annotations.NullMarked;
