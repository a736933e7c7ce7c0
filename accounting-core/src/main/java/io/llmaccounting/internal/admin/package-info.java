/** What the operators' half works with. */
@NullMarked
package io.llmaccounting.internal.admin;

import org.jspecify.annotations.NullMarked;
