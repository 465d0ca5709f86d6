/** The results of finished runs, as they are stored and as reports read them. */
@NullMarked
package io.millrace.compare.result;

import org.jspecify.annotations.NullMarked;
