/** What has to be public for proxies, and is nobody's to use. */
@NullMarked
package io.llmaccounting.spring.internal;

import org.jspecify.annotations.NullMarked;
