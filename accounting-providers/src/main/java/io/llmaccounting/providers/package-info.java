/** Reads from providers' answers what they consumed, whole or as they stream in. */
@NullMarked
package io.llmaccounting.providers;

import org.jspecify.annotations.NullMarked;
