/** Estimates, paired tests and rankings over the seeds of a comparison. */
@NullMarked
package io.millrace.compare.stats;

import org.jspecify.annotations.NullMarked;
