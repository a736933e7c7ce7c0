/** Keeps accounting data in PostgreSQL, shared by many services. */
@NullMarked
package io.llmaccounting.postgres;

import org.jspecify.annotations.NullMarked;
