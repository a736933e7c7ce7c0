/** What tests of several modules use. Knows nothing of the library but its values. */
@NullMarked
package io.llmaccounting.testing;

import org.jspecify.annotations.NullMarked;
