/** The PostgreSQL that tests run on. Knows nothing of the library but where its migrations are. */
@NullMarked
package io.llmaccounting.testing.postgres;

import org.jspecify.annotations.NullMarked;
