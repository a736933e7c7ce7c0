/** Keys by which callers are known: made, recognised, and noted when they are used. */
@NullMarked
package io.llmaccounting.internal.access;

import org.jspecify.annotations.NullMarked;
