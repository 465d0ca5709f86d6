/** Trains several methods on one stream and tells which of their differences are more than chance. */
@NullMarked
package io.millrace.compare;

import org.jspecify.annotations.NullMarked;
