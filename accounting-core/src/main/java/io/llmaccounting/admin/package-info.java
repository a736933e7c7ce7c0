/** What operators do with an accounting, and applications do not. */
@NullMarked
package io.llmaccounting.admin;

import org.jspecify.annotations.NullMarked;
