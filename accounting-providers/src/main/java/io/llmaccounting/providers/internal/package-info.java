/** What the readers of requests and of answers share; not for users. */
@NullMarked
package io.llmaccounting.providers.internal;

import org.jspecify.annotations.NullMarked;
