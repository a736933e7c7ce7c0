/** What every adapter does, against the real library that it adapts and a provider on loopback. */
@NullMarked
package io.llmaccounting.tap.contract;

import org.jspecify.annotations.NullMarked;
