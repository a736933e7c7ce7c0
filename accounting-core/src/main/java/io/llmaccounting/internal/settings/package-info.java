/** What an accounting was built with. Knows no other package of core. */
@NullMarked
package io.llmaccounting.internal.settings;

import org.jspecify.annotations.NullMarked;
