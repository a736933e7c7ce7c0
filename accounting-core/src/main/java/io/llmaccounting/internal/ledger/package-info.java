/** What waits is joined into one ledger transaction; here that transaction is put together. */
@NullMarked
package io.llmaccounting.internal.ledger;

import org.jspecify.annotations.NullMarked;
