/** Estimates, paired tests and rankings over the seeds of a comparison. */
package io.millrace.compare.stats;
