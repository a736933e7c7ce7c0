/** Keys of callers and credentials of providers in a database. */
@NullMarked
package io.llmaccounting.sql.access;

import org.jspecify.annotations.NullMarked;
