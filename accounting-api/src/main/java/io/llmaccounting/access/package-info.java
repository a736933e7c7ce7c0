/** Keys by which callers are known, and credentials of providers. */
@NullMarked
package io.llmaccounting.access;

import org.jspecify.annotations.NullMarked;
