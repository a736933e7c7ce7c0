/**
 * Meters what HTTP clients send to models: {@link io.llmaccounting.http.MeteredHttpClient} for the
 * one of the JDK, {@link io.llmaccounting.http.MeteredOkHttp} and {@link
 * io.llmaccounting.http.MeteredApacheHttp} for those whose libraries the application has. All else
 * passes untouched.
 */
@NullMarked
package io.llmaccounting.http;

import org.jspecify.annotations.NullMarked;
