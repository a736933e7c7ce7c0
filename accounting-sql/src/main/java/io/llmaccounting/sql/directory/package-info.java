/** Keeps projects and users. */
@NullMarked
package io.llmaccounting.sql.directory;

import org.jspecify.annotations.NullMarked;
