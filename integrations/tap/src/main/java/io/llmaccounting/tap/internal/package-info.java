/**
 * What the adapters of this library share of SDKs whose services can be changed by options of
 * theirs, without a type of any SDK. For these adapters only: it may change in any release.
 */
@NullMarked
package io.llmaccounting.tap.internal;

import org.jspecify.annotations.NullMarked;
