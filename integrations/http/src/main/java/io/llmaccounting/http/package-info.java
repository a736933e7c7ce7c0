/**
 * Meters what HTTP clients send to models: {@link io.llmaccounting.http.MeteredHttpClient} the one
 * of the JDK. Everything else passes untouched.
 */
@NullMarked
package io.llmaccounting.http;

import org.jspecify.annotations.NullMarked;
