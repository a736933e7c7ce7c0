/** What a storage author implements. Applications do not need this package. */
@NullMarked
package io.llmaccounting.backend;

import org.jspecify.annotations.NullMarked;
