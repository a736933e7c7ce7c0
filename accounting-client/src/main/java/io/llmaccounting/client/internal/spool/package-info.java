/** Records that wait on the local disk. */
@NullMarked
package io.llmaccounting.client.internal.spool;

import org.jspecify.annotations.NullMarked;
